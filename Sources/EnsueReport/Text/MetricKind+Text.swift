// Figures as tables show them.

import EnsueEvaluation

extension MetricKind {
  /// The figure of a summary: shares in per cent, others with four places.
  public func text(in summary: EvaluationSummary) -> String {
    guard let value = summary[self] else { return summary.kinds.contains(self) ? "undefined" : "-" }
    return isShare ? Format.percent(value) : Format.fixed(value, places: 4)
  }

  /// The figures of several runs together.
  func text(_ group: RunGroup) -> String {
    guard group.runs[0].summary.kinds.contains(self) else { return "-" }
    let spread = group.spread(of: self)
    return isShare ? Format.percent(spread) : spread.mean.isNaN ? "undefined" : spread.text(places: 4)
  }

  /// Those that a table of such summaries has columns for.
  public static func columns(for summaries: [EvaluationSummary]) -> [MetricKind] {
    // A table without rows has the columns of classes.
    guard !summaries.isEmpty else { return Array(ofClasses.prefix(3)) }
    return tabulated.filter { kind in summaries.contains { $0.kinds.contains(kind) } }
  }
}
