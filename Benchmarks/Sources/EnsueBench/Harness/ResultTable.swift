// The results for people and for programs.

import Ensue

extension WorkloadResult {
  /// One JSON object for each row.
  func jsonLines(_ peak: MachinePeak) -> [String] {
    rows.map { measured in
      let object: JSONObject = [
        "workload": .string(measured.row.name), "ensue": .number(measured.ensue),
        "peer": measured.peer.map { .number($0) } ?? .null, "ratio": measured.ratio.map { .number($0) } ?? .null,
        "unit": .string(measured.row.unit.rawValue),
        "peakShare": measured.peakShare(peak).map { .number($0) } ?? .null,
      ]
      return JSONValue.object(object).description
    }
  }
}

/// The table that people read.
func resultTable(_ results: [WorkloadResult], _ peak: MachinePeak) -> TextTable {
  let rows = results.flatMap(\.rows).map { measured in
    [
      measured.row.name, shown(measured.ensue, measured.row.unit),
      measured.peer.map { shown($0, measured.row.unit) } ?? "",
      measured.ratio.map { Format.fixed($0, places: 2) } ?? "",
      measured.peakShare(peak).map { Format.percent($0, places: 0) } ?? "",
    ]
  }
  return TextTable(
    columns: [
      .init("workload"), .init("Ensue", .trailing), .init("peer", .trailing), .init("ratio", .trailing),
      .init("of the peak", .trailing),
    ], rows: rows)
}

private func shown(_ figure: Double, _ unit: FigureUnit) -> String {
  switch unit {
  case .megabytesPerSecond: "\(Format.fixed(figure, places: 1)) MB/s"
  case .seconds: "\(Format.fixed(figure, places: 3)) s"
  case .milliseconds: "\(Format.fixed(figure, places: 3)) ms"
  case .microseconds: "\(Format.fixed(figure, places: 1)) µs"
  case .tokensPerSecond, .operationsPerSecond, .elementsPerSecond: "\(Format.short(figure)) \(unit.rawValue)"
  }
}
