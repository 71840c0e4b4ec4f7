// The ratios that must not regress: Benchmarks/Thresholds.json, an object from row to smallest ratio.

import Ensue

struct Thresholds {
  private let ratios: [(name: String, least: Double)]

  init(path: String) throws {
    guard let object = try JSONValue.contents(of: path).objectValue else {
      throw Failure(.data, at: path, "an object of workloads and ratios expected")
    }
    ratios = try object.members.map { name, value in
      guard let ratio = value.doubleValue, ratio > 0 else {
        throw Failure(.data, at: path, "a ratio above 0 expected for \(Failure.shown(name)), found \(value)")
      }
      return (name, ratio)
    }
  }

  /// A line for every threshold of a measured row: kept, missed, or not measured against a peer.
  func verdicts(_ results: [WorkloadResult]) -> (lines: [String], failed: Bool) {
    let rows = results.flatMap(\.rows)
    var lines: [String] = []
    var failed = false
    for (name, least) in ratios {
      guard let measured = rows.first(where: { $0.row.name == name }) else { continue }
      guard let ratio = measured.ratio else {
        lines.append("\(name): not checked: no peer was measured")
        continue
      }
      let isBelow = ratio < least
      failed = failed || isBelow
      let verdict = isBelow ? "is below" : "keeps"
      lines.append("\(name): the ratio \(Format.fixed(ratio, places: 2)) \(verdict) its threshold \(least)")
    }
    return (lines, failed)
  }
}
