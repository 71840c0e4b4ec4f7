// An encoder with a head: what is trained, evaluated and used.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Encoder and head of a family.
public struct EncoderModel: Module {
  /// More outputs than any vocabulary of labels has.
  private static let outputLimit = 1 << 20

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
    let headKey = key.derived("head")
    switch kind {
    case .classification, .tagging:
      guard (1...EncoderModel.outputLimit).contains(outputCount) else {
        throw Failure(
          .configuration, "from 1 to \(EncoderModel.outputLimit) outputs expected of a head, found \(outputCount)")
      }
    case .embedding: break
    }
    encoder = try PretrainedEncoder(configuration, key: key.derived("encoder"))
    head =
      switch kind {
      case .classification:
        .classification(
          configuration.family.family.classificationHead(configuration, outputCount: outputCount, key: headKey))
      case .tagging: .tagging(TaggingHead(configuration, outputCount: outputCount, key: headKey))
      case .embedding: .embedding(pooling)
      }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("encoder", &encoder)
    visitor.module("head", &head)
  }

  /// The same model with the encoder's weights laid out once, for inference.
  public func prepared() -> EncoderModel {
    var copy = self
    copy.encoder = encoder.prepared()
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
