// ensue evaluate for classifiers, one or several.

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

extension LabelledInput.Part {
  /// As records name it.
  fileprivate var split: RunSplit {
    switch self {
    case .training: .training
    case .validation: .validation
    case .test: .test
    }
  }
}

/// Measures classifiers and says what was found.
struct ClassifierMeasuring {
  private let request: MeasuredClassifier.Request

  init(_ request: MeasuredClassifier.Request) { self.request = request }

  /// A model and what was found.
  typealias Measured = (place: ModelPlace, found: MeasuredClassifier)

  /// Measures models one after another, and says what is to be known of each.
  /// - Throws: `Failure` of kind `usage` where --map names a label that no model has.
  func measured(_ places: [ModelPlace], _ arguments: ParsedArguments) throws -> [Measured] {
    var isUsed = request.given.map { _ in false }
    let measured = try places.map { place -> Measured in
      let found = try arguments.withThreads { try MeasuredClassifier(place, request) }
      for (index, pair) in request.given.enumerated() where pair.isOf(place.given, labels: found.bundle.labels) {
        isUsed[index] = true
      }
      return (place: place, found: found)
    }
    if let unused = isUsed.firstIndex(of: false) {
      throw Failure(
        .usage, at: "--map", "a label of a model expected, found \(Failure.shown(request.given[unused].model))",
        advice:
          "The labels are \(measured.map { $0.found.bundle.labels.joined(separator: ", ") }.joined(separator: "; ")).")
    }
    for (place, found) in measured {
      for note in found.notes { StandardError.writeLine("\(place.name): \(note)") }
    }
    return measured
  }

  /// The result: of one model all classes, of several a table.
  func text(of places: [ModelPlace], _ arguments: ParsedArguments) throws -> String {
    let measured = try measured(places, arguments)
    if arguments.flag("json") {
      let records = measured.map { record($0.found, of: $0.place) }
      return records.count == 1 ? records[0].json.description + "\n" : RunRecord.jsonText(of: records)
    }
    guard measured.count > 1 else {
      return measured.map { details($0.found.evaluation, width: Terminal.width) }.joined()
    }
    return table(measured).text(width: Terminal.width)
  }

  private func table(_ measured: [Measured]) -> TextTable {
    let metrics = MetricKind.columns(for: measured.map { $0.1.evaluation.summary })
    let rows = measured.map { place, found in
      [place.name] + metrics.map { $0.text(in: found.evaluation.summary) }
        + [Format.count(found.parameterCount), Format.duration(found.seconds)]
    }
    return TextTable(
      columns: [.init("model")] + metrics.map { .init($0.title, .trailing) }
        + [.init("parameters", .trailing), .init("time", .trailing)], rows: rows)
  }

  private func details(_ evaluation: SentenceEvaluation, width: Int) -> String {
    switch evaluation {
    case .classes(let classes): details(classes.record, width: width)
    case .numbers(_, let metrics): details(metrics.summary)
    }
  }

  private func details(_ summary: EvaluationSummary) -> String {
    let rows = summary.kinds.map { [$0.title, $0.text(in: summary)] } + [["sentences", Format.count(summary.count)]]
    let width = rows.map { $0[0].count }.max() ?? 0
    return rows.map { "\($0[0])\(String(repeating: " ", count: width - $0[0].count))  \($0[1])\n" }.joined()
  }

  private func details(_ record: EvaluationRecord, width: Int) -> String {
    let metrics = record.metrics
    let lines = [
      "loss          \(Format.fixed(record.loss, places: 4))", "accuracy      \(Format.percent(metrics.accuracy))",
      "macro F1      \(Format.percent(metrics.macroF1))", "macro recall  \(Format.percent(metrics.macroRecall))",
      "sentences     \(Format.count(metrics.count))",
    ]
    return lines.joined(separator: "\n") + "\n\n" + TextTable(classesOf: metrics).text(width: width)
  }

  /// What `compare --json` has for a run, with the figures of this evaluation.
  /// - Parameter name: nil for the place's.
  func record(_ found: MeasuredClassifier, of place: ModelPlace, name: String? = nil) -> RunRecord {
    let run = try? FinishedRun.record(place.run)
    return RunRecord(
      name: name ?? place.name, model: run?.model ?? found.bundle.title, dataset: found.dataset.name,
      seed: run?.seed, split: request.part.split, summary: found.evaluation.summary, parameters: found.parameterCount,
      trainingSeconds: run?.trainingSeconds ?? .nan, epochs: run?.epochs ?? 0, stopReason: run?.stopReason)
  }
}
