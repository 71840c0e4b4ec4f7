// The tables of a comparison.

import EnsueEvaluation

extension ComparisonReport {
  /// One row a run: accuracy, macro F1, macro recall, of numbers error and correlations; parameters, training time. The
  /// best of each score is emphasised.
  public var table: TextTable {
    let showsData = runs.contains { $0.dataset != runs[0].dataset || $0.split != runs[0].split }
    var columns: [TextTable.Column] = [.init("run"), .init("model")]
    if showsData { columns.append(.init("data")) }
    let metrics = self.metrics
    let firstMetric = columns.count
    columns += metrics.map { .init($0.title, .trailing) }
    columns += [.init("parameters", .trailing), .init("training", .trailing)]
    let rows = runs.map { run -> [String] in
      var cells = [run.name, run.model]
      if showsData { cells.append("\(run.dataset), \(run.split.rawValue)") }
      cells += metrics.map { $0.text(in: run.summary) }
      return cells + [ComparisonReport.parameters(run.parameters), Format.duration(run.trainingSeconds)]
    }
    var best: Set<TextTable.Position> = []
    // Across different data there is no best.
    if runs.count > 1 && !showsData {
      for (offset, metric) in metrics.enumerated() {
        best.formUnion(
          ComparisonReport.best(of: runs.map { metric.value(in: $0) }, metric).map {
            .init(row: $0, column: firstMetric + offset)
          })
      }
    }
    return TextTable(columns: columns, rows: rows, emphasized: best)
  }

  private var metrics: [MetricKind] { MetricKind.columns(for: runs.map(\.summary)) }

  /// One row a configuration, mean ± sample standard deviation over its runs; `nil` where nothing was repeated.
  public var groupTable: TextTable? {
    guard hasRepetitions else { return nil }
    let showsData = groups.contains { $0.dataset != groups[0].dataset || $0.split != groups[0].split }
    var columns: [TextTable.Column] = [.init("model")]
    if showsData { columns.append(.init("data")) }
    columns.append(.init("runs", .trailing))
    let metrics = self.metrics
    let firstMetric = columns.count
    columns += metrics.map { .init($0.title, .trailing) }
    columns += [.init("parameters", .trailing), .init("training", .trailing)]
    let rows = groups.map { group -> [String] in
      var cells = [group.name]
      if showsData { cells.append("\(group.dataset), \(group.split.rawValue)") }
      cells.append(Format.count(group.runs.count))
      cells += metrics.map { $0.text(group) }
      return cells + [
        ComparisonReport.parameters(group.parameters), Format.duration(group.trainingSeconds.mean),
      ]
    }
    var best: Set<TextTable.Position> = []
    if groups.count > 1 && !showsData {
      for (offset, metric) in metrics.enumerated() {
        best.formUnion(
          ComparisonReport.best(of: groups.map { $0.spread(of: metric).mean }, metric).map {
            .init(row: $0, column: firstMetric + offset)
          })
      }
    }
    return TextTable(columns: columns, rows: rows, emphasized: best)
  }

  /// The comparison for a terminal: table, table over seeds, summary and notes, wrapped at `width` cells.
  public func text(width: Int) -> String {
    func paragraph(_ text: String) -> String {
      DisplayText.filled(DisplayText.clean(text), width: width).map { $0 + "\n" }.joined()
    }
    var parts = [table.text(width: width)]
    if !table.emphasized.isEmpty { parts[0] += "* best\n" }
    if let groupTable { parts.append("Over seeds, mean ± standard deviation\n\n" + groupTable.text(width: width)) }
    parts.append(paragraph(summary))
    for note in notes { parts.append(paragraph("Note: \(note)")) }
    return parts.joined(separator: "\n")
  }

  /// The comparison in Markdown.
  public var markdown: String {
    var text = "# \(Markup.markdown(title))\n\n\(Markup.markdown(summary))\n\n\(table.markdown)"
    if let groupTable { text += "\n## Over seeds\n\nMean ± sample standard deviation.\n\n\(groupTable.markdown)" }
    if !notes.isEmpty {
      text += "\n## Notes\n\n" + notes.map { "- \(Markup.markdown($0))\n" }.joined()
    }
    return text
  }

  private static func parameters(_ count: Int?) -> String { count.map { Format.count($0) } ?? "not known" }

  /// The indices of the best values: all that show the same figure as the best.
  private static func best(of values: [Double], _ metric: MetricKind) -> [Int] {
    guard var best = values.first else { return [] }
    for value in values where metric.isBetter(value, than: best) { best = value }
    return values.indices.filter { values[$0] == best }
  }
}
