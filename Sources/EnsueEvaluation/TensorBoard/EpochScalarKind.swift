// The curves of a run that TensorBoard shows; each name exists here only.

/// A number of an epoch that is drawn as a curve; the raw value is TensorBoard's tag, the part before `/` its group.
public enum EpochScalarKind: String, Codable, CaseIterable, Sendable {
  case trainingLoss = "loss/training"
  case validationLoss = "loss/validation"
  case validationAccuracy = "accuracy/validation"
  case validationMacroF1 = "macro F1/validation"
  case validationPearson = "Pearson/validation"
  case validationSpearman = "Spearman/validation"
  case learningRate = "learning rate"
  case tokensPerSecond = "tokens per second"
  case drawVariance = "variance of draws/with baseline"
  case drawVarianceWithoutBaseline = "variance of draws/without baseline"

  /// The number in an epoch's event; `nil` where the epoch has none.
  public func value(in event: EpochEvent) -> Double? {
    switch self {
    case .trainingLoss: event.trainingLoss
    case .validationLoss: event.validation?.loss
    case .validationAccuracy: event.validation?[.accuracy]
    case .validationMacroF1: event.validation?[.macroF1]
    case .validationPearson: event.validation?[.pearson]
    case .validationSpearman: event.validation?[.spearman]
    case .learningRate: event.learningRate
    case .tokensPerSecond: event.tokensPerSecond
    case .drawVariance: event.drawVariance?.withBaseline
    case .drawVarianceWithoutBaseline: event.drawVariance?.withoutBaseline
    }
  }
}
