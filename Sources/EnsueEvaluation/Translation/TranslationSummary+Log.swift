// A translation model's figures in its run log and in TensorBoard.

import EnsueFiles

/// The lines of a translation model's run log.
public typealias TranslationEpoch = TaskEpoch<TranslationSummary>
public typealias TranslationEvent = TaskEvent<TranslationSummary>
public typealias TranslationHistory = TaskHistory<TranslationSummary>

extension TranslationSummary: TaskSummary {
  public typealias Scalars = TranslationScalarKind

  public func write(into object: inout JSONObject) {
    object["loss"] = .number(loss)
    object["perplexity"] = .number(perplexity)
    object["accuracy"] = .number(accuracy)
    object["count"] = .number(count)
    object["sentences"] = .number(sentenceCount)
    for kind in TranslationMetricKind.allCases {
      if let value = scores[kind] { object[kind.rawValue] = .number(value) }
    }
  }

  /// The perplexity is there for people.
  public init(_ fields: JSONFields, others: [String]) throws {
    let kinds = TranslationMetricKind.allCases
    try fields.allow(others + ["loss", "perplexity", "accuracy", "count", "sentences"] + kinds.map(\.rawValue))
    let accuracy = try fields.number("accuracy")
    guard accuracy.isNaN || 0...1 ~= accuracy else { throw fields.failure("accuracy", "a number from 0 to 1") }
    var scores: [TranslationMetricKind: Double] = [:]
    for kind in kinds where fields.has(kind.rawValue) { scores[kind] = try fields.number(kind.rawValue) }
    self.init(
      loss: try fields.number("loss"), accuracy: accuracy, count: try fields.count("count"),
      sentenceCount: try fields.count("sentences"), scores: scores)
  }
}

/// The curves of a translation model's run that TensorBoard shows; each name exists here only.
public enum TranslationScalarKind: String, TaskScalarKind {
  case trainingLoss = "loss/training"
  case validationLoss = "loss/validation"
  case validationPerplexity = "perplexity/validation"
  case validationAccuracy = "accuracy/validation"
  case bleu = "translation/BLEU"
  case chrf = "translation/chrF"
  case exactMatch = "translation/exact match"
  case learningRate = "learning rate"
  case tokensPerSecond = "tokens per second"

  public func value(in event: TranslationEpoch) -> Double? {
    switch self {
    case .trainingLoss: event.trainingLoss
    case .validationLoss: event.validation.loss
    case .validationPerplexity: event.validation.perplexity
    case .validationAccuracy: event.validation.accuracy
    case .bleu: event.validation.scores[.bleu]
    case .chrf: event.validation.scores[.chrf]
    case .exactMatch: event.validation.scores[.exactMatch]
    case .learningRate: event.learningRate
    case .tokensPerSecond: event.tokensPerSecond
    }
  }
}
