// The curves of a language model's run that TensorBoard shows; each name exists here only.

/// A number of an epoch that is drawn as a curve; the raw value is TensorBoard's tag, the part before `/` its group.
public enum LanguageModelScalarKind: String, TaskScalarKind {
  case trainingLoss = "loss/training"
  case validationLoss = "loss/validation"
  case validationBits = "bits/validation"
  case validationPerplexity = "perplexity/validation"
  case validationAccuracy = "accuracy/validation"
  case learningRate = "learning rate"
  case tokensPerSecond = "tokens per second"

  /// The number in an epoch's event.
  public func value(in event: LanguageModelEpoch) -> Double? {
    switch self {
    case .trainingLoss: event.trainingLoss
    case .validationLoss: event.validation.loss
    case .validationBits: event.validation.bits
    case .validationPerplexity: event.validation.perplexity
    case .validationAccuracy: event.validation.accuracy
    case .learningRate: event.learningRate
    case .tokensPerSecond: event.tokensPerSecond
    }
  }
}
