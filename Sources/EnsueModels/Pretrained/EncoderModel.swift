// An encoder with a head: what is trained, evaluated and used.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Encoder and head of a family.
public struct EncoderModel: Module {
  public var encoder: PretrainedEncoder
  public var head: EncoderHead

  /// A new model; its encoder is `PretrainedEncoder`'s, heads begin uniform with a deviation of 0.02.
  /// - Parameters:
  ///   - outputCount: labels, or 1 for a number; not read by `embedding`.
  ///   - pooling: of `embedding` only.
  /// - Throws: `Failure` of kind `configuration`.
  public init(
    _ configuration: EncoderConfiguration, head kind: EncoderHeadKind, outputCount: Int,
    pooling: SentencePooling = SentencePooling(), key: RandomKey
  ) throws(Failure) {
    head = try EncoderHead(kind, configuration, outputCount: outputCount, pooling: pooling, key: key.derived("head"))
    encoder = try PretrainedEncoder(configuration, key: key.derived("encoder"))
  }

  /// A model whose encoder's weights are to come from a file, in the memory of one block until then.
  /// - Parameter precision: of a model for inference alone; nil for one to train.
  /// - Throws: `Failure` of kind `configuration`.
  package init(
    loading configuration: EncoderConfiguration, head kind: EncoderHeadKind, outputCount: Int,
    pooling: SentencePooling, _ precision: WeightPrecisionKind?, key: RandomKey
  ) throws(Failure) {
    let new = try EncoderHead(kind, configuration, outputCount: outputCount, pooling: pooling, key: key.derived("head"))
    head = precision.map { new.prepared($0) } ?? new
    encoder = try PretrainedEncoder(loading: configuration, precision, key: key.derived("encoder"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("encoder", &encoder)
    visitor.module("head", &head)
  }

  /// The same model with its weights laid out once, for inference.
  public func prepared(_ precision: WeightPrecisionKind = .full) -> EncoderModel {
    var copy = self
    (copy.encoder, copy.head) = (encoder.prepared(precision), head.prepared(precision))
    return copy
  }

  /// Scores or vectors, as `EncoderHead` gives them.
  /// - Throws: `Failure` of kind `data` for sequences longer than the positions, and for ids that have no vector.
  public func callAsFunction(_ input: EncoderInput, _ phase: Phase = .inference) throws(Failure) -> Tensor {
    head(try encoder(input, phase.derived("encoder")), phase.derived("head"))
  }
}

/// What a model is to give.
public enum EncoderTargets: Sendable {
  /// The class of each sequence in the caller's order, or of each packed row; negative ones are not scored.
  case classes([Int])
  /// The number of each sequence, in the caller's order.
  case numbers([Double])

  /// The mean loss of outputs: cross-entropy of classes, the mean square of the error of numbers, as `transformers` has
  /// them.
  public func loss(of outputs: Tensor, labelSmoothing: Double = 0) -> Tensor {
    switch self {
    case .classes(let classes): crossEntropy(logits: outputs, targets: classes, labelSmoothing: labelSmoothing)
    case .numbers(let numbers):
      meanSquaredError(outputs, Tensor(numbers, shape: [numbers.count, 1]).converted(to: outputs.elementType))
    }
  }
}

extension EncoderModel {
  /// The mean loss.
  /// - Throws: as `callAsFunction`.
  public func loss(
    _ input: EncoderInput, _ targets: EncoderTargets, labelSmoothing: Double = 0, _ phase: Phase
  ) throws(Failure) -> Tensor {
    targets.loss(of: try self(input, phase), labelSmoothing: labelSmoothing)
  }
}
