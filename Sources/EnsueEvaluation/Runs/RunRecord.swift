// What a comparison needs to know about one run.

import EnsueFiles

/// One run: its name, what it was, how well it did.
public struct RunRecord: Sendable, Equatable {
  /// The run's name, usually its folder.
  public let name: String
  /// The model's title.
  public let model: String
  /// The data set's title.
  public let dataset: String
  /// The seed; `nil` for a model that was only evaluated.
  public let seed: UInt64?
  /// What tells configurations apart, seed left out (for example a digest); runs with the same are repetitions.
  public let configuration: String
  /// The data the figures come from.
  public let split: RunSplit
  /// The figures.
  public let summary: EvaluationSummary
  /// Trained parameters; `nil` while a run has not said so.
  public let parameters: Int?
  /// Training time so far, in seconds.
  public let trainingSeconds: Double
  /// Epochs trained so far.
  public let epochs: Int
  /// Why training ended; `nil` while it goes on.
  public let stopReason: String?
  /// The learning curve.
  public let curve: [CurvePoint]
  /// The confusion matrix, where the figures came with one.
  public let confusion: ConfusionMatrix?

  public var loss: Double { summary.loss }
  public var accuracy: Double { summary.accuracy }
  public var macroF1: Double { summary.macroF1 }
  public var macroRecall: Double { summary.macroRecall }
  public var macroPrecision: Double { summary.macroPrecision }

  public init(
    name: String, model: String, dataset: String, seed: UInt64?, configuration: String = "", split: RunSplit,
    summary: EvaluationSummary, parameters: Int?, trainingSeconds: Double, epochs: Int, stopReason: String?,
    curve: [CurvePoint] = [], confusion: ConfusionMatrix? = nil
  ) {
    self.name = name
    self.model = model
    self.dataset = dataset
    self.seed = seed
    self.configuration = configuration
    self.split = split
    self.summary = summary
    self.parameters = parameters
    self.trainingSeconds = trainingSeconds
    self.epochs = epochs
    self.stopReason = stopReason
    self.curve = curve
    self.confusion = confusion
  }

  /// The record of a run folder's log: the test result where there is one, else the best epoch's validation result.
  /// - Parameters:
  ///   - history: the run's log.
  ///   - place: the log's path, for messages.
  ///   - parameters: trained parameters, for runs whose training has not ended; the log's figure goes first.
  /// - Throws: `Failure` of kind `data` when the log has neither a test nor a validation result.
  public init(
    history: RunHistory, place: String, name: String, model: String, dataset: String, seed: UInt64?,
    configuration: String = "", parameters: Int? = nil
  ) throws {
    let epochs = history.epochs
    guard let summary = history.test?.summary ?? history.bestEpoch?.validation else {
      throw Failure(
        .data, at: place, "a test or validation result expected, found none in \(epochs.count) epochs",
        advice: "Train the run further, or leave it out.")
    }
    let done = history.done
    let last = epochs.last
    self.init(
      name: name, model: model, dataset: dataset, seed: seed, configuration: configuration,
      split: history.test == nil ? .validation : .test, summary: summary, parameters: done?.parameters ?? parameters,
      trainingSeconds: max(done?.trainingSeconds ?? 0, last?.seconds ?? 0),
      epochs: max(done?.epochs ?? 0, last?.epoch ?? 0),
      stopReason: history.isFinished ? done?.reason : nil,
      curve: epochs.map {
        CurvePoint(
          epoch: $0.epoch, trainingLoss: $0.trainingLoss, validationLoss: $0.validation?.loss,
          validationAccuracy: $0.validation?[.accuracy], drawVariance: $0.drawVariance)
      },
      confusion: history.test?.confusion)
  }
}

extension MetricKind {
  /// The figure's value for a run.
  public func value(in run: RunRecord) -> Double { value(in: run.summary) }
}
