// A comparison of runs as one value, from which the terminal, Markdown, JSON and HTML forms come.

import EnsueEvaluation

/// What `compare` shows: a table of runs, runs grouped over seeds, curves, confusion matrices, and what was measured.
///
/// Runs keep the order given. Every text from an input is escaped in every form. The same runs give the same bytes.
public struct ComparisonReport: Sendable {
  public let title: String
  public let runs: [RunRecord]
  /// Runs of the same configuration, data set and split.
  public let groups: [RunGroup]
  /// What a reader must know to judge the figures: the caller's notes, then those that follow from the runs.
  public let notes: [String]

  /// - Parameters:
  ///   - runs: the runs, in the order to show them.
  ///   - title: the heading.
  ///   - notes: sentences to add, for example rows that were skipped when the data was read.
  public init(runs: [RunRecord], title: String = "Comparison of runs", notes: [String] = []) {
    self.title = title
    self.runs = runs
    groups = RunGroup.groups(of: runs)
    self.notes = notes + ComparisonReport.observations(runs, groups)
  }

  /// Whether some configuration was run more than once, so that there is a spread to show.
  public var hasRepetitions: Bool { groups.contains { $0.runs.count > 1 } }

  /// What was measured on which data, as a paragraph.
  public var summary: String {
    guard !runs.isEmpty else { return "No runs were given." }
    var measured: [(data: String, count: Int)] = []
    for run in runs {
      let examples = Format.count(run.summary.count, "example")
      let data = "the \(run.split.rawValue) data of \(run.dataset) (\(examples))"
      if let index = measured.firstIndex(where: { $0.data == data }) {
        measured[index].count += 1
      } else {
        measured.append((data, 1))
      }
    }
    let subject = runs.count == groups.count ? "" : " of \(Format.count(groups.count, "configuration"))"
    let verb = runs.count == 1 ? "was" : "were"
    let places =
      measured.count == 1
      ? measured[0].data : measured.map { "\($0.data): \(Format.count($0.count, "run"))" }.joined(separator: "; ")
    return "\(Format.count(runs.count, "run"))\(subject) \(verb) measured on \(places)." + explanations
  }

  /// What the measures are.
  private var explanations: String {
    func measures(_ kind: MetricKind) -> Bool { runs.contains { $0.summary.kinds.contains(kind) } }
    let classes =
      " Accuracy is the share of examples classified correctly. Macro F1 and macro recall are means over the classes, "
      + "so that rare classes count as much as frequent ones."
    let numbers =
      " The error is of the numbers themselves; Pearson's correlation is of the numbers, Spearman's of their ranks."
    return (measures(.accuracy) ? classes : "") + (measures(.mse) ? numbers : "")
  }

  /// The runs as JSON: an array of the objects of `RunRecord.json`.
  public var json: String { RunRecord.jsonText(of: runs) }

  /// Facts about the runs that change how the figures should be read.
  private static func observations(_ runs: [RunRecord], _ groups: [RunGroup]) -> [String] {
    var notes: [String] = []
    func names(_ condition: (RunRecord) -> Bool) -> String? {
      let names = runs.filter(condition).map(\.name)
      if names.isEmpty { return nil }
      return names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
    if let names = names({ $0.split == .validation }) {
      notes.append(
        "Not yet tested, so the validation figures are shown: \(names). "
          + "The best epoch was chosen on the same data, which makes them a little too good.")
    }
    if let names = names({ $0.stopReason == nil && !$0.curve.isEmpty }) {
      notes.append("Training has not ended: \(names).")
    }
    if let names = names({ !$0.loss.isFinite || $0.curve.contains { !$0.trainingLoss.isFinite } }) {
      notes.append("A loss was not finite, the run diverged: \(names).")
    }
    if let first = runs.first,
      !runs.allSatisfy({
        $0.dataset == first.dataset && $0.split == first.split && $0.summary.count == first.summary.count
      })
    {
      notes.append("The runs were measured on different data: figures compare only within the same data.")
    }
    let repeated = groups.reduce(0) { $0 + $1.repeatedSeeds }
    if repeated > 0 {
      let verb = repeated == 1 ? "repeats" : "repeat"
      notes.append(
        "\(Format.count(repeated, "run")) \(verb) a seed of the same configuration "
          + "and adds no independent measurement to its spread.")
    }
    return notes
  }
}
