// What is put on an encoder.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What an encoder's states are made into.
public enum EncoderHeadKind: String, Codable, CaseIterable, Sendable {
  /// Scores of a sequence; with one output, a number (regression).
  case classification
  /// Scores of every token.
  case tagging
  /// One vector of a sequence.
  case embedding

  public var summary: String {
    switch self {
    case .classification: "scores of a sequence; one output is a number"
    case .tagging: "scores of every token"
    case .embedding: "one vector of a sequence"
    }
  }
}

/// A head of any kind.
public enum EncoderHead: Module {
  case classification(ClassificationHead)
  case tagging(TaggingHead)
  case embedding(SentencePooling)

  /// More outputs than any vocabulary of labels has.
  private static let outputLimit = 1 << 20

  /// A new head.
  /// - Throws: `Failure` of kind `configuration`.
  init(
    _ kind: EncoderHeadKind, _ configuration: EncoderConfiguration, outputCount: Int, pooling: SentencePooling,
    key: RandomKey
  ) throws(Failure) {
    switch kind {
    case .classification, .tagging:
      guard (1...EncoderHead.outputLimit).contains(outputCount) else {
        throw Failure(
          .configuration, "from 1 to \(EncoderHead.outputLimit) outputs expected of a head, found \(outputCount)")
      }
    case .embedding: break
    }
    self =
      switch kind {
      case .classification:
        .classification(
          configuration.family.family.classificationHead(configuration, outputCount: outputCount, key: key))
      case .tagging: .tagging(TaggingHead(configuration, outputCount: outputCount, key: key))
      case .embedding: .embedding(pooling)
      }
  }

  /// The same head with its weights laid out once (`Projection.prepared`).
  func prepared(_ precision: WeightPrecisionKind) -> EncoderHead {
    switch self {
    case .classification(var head):
      (head.dense, head.output) = (head.dense.prepared(precision), head.output.prepared(precision))
      return .classification(head)
    case .tagging(var head):
      head.output = head.output.prepared(precision)
      return .tagging(head)
    case .embedding: return self
    }
  }

  /// The head's weights under its own name.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    switch self {
    case .classification(var head):
      head.visit(&visitor)
      self = .classification(head)
    case .tagging(var head):
      head.visit(&visitor)
      self = .tagging(head)
    case .embedding: break
    }
  }

  /// Scores: [batch, outputs] in the caller's order, of tagging [rows, outputs] as the rows are packed; vectors:
  /// [batch, width] in the caller's order.
  public func callAsFunction(_ states: PackedSequence, _ phase: Phase = .inference) -> Tensor {
    switch self {
    case .classification(let head): states.layout.inCallersOrder(head(states.first(), phase))
    case .tagging(let head): head(states.values, phase)
    case .embedding(let pooling): states.layout.inCallersOrder(pooling(states))
    }
  }
}

/// W drop(f(W_d drop(x) + b_d)) + b of the first token's state x. What is dropped, and f, are the family's.
public struct ClassificationHead: Module {
  /// [width, width]
  public var dense: Projection
  /// [outputs, width]
  public var output: Projection
  private let activation: @Sendable (Tensor) -> Tensor
  private let inputDropout: Dropout
  private let dropout: Dropout

  /// - Parameters:
  ///   - inputDropout: share of x set to zero in training.
  ///   - dropout: share of the activated values set to zero in training.
  ///   - activation: f.
  init(
    _ configuration: EncoderConfiguration, outputCount: Int, inputDropout: Double, dropout: Double,
    activation: @escaping @Sendable (Tensor) -> Tensor, key: RandomKey
  ) {
    let width = configuration.width
    dense = Projection(weight: .encoderWeights([width, width], key: key.derived("dense")), hasBias: true)
    output = Projection(weight: .encoderWeights([outputCount, width], key: key.derived("output")), hasBias: true)
    self.activation = activation
    (self.inputDropout, self.dropout) = (Dropout(rate: inputDropout), Dropout(rate: dropout))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("dense", &dense)
    visitor.module("output", &output)
  }

  /// [batch, width] → [batch, outputs]
  public func callAsFunction(_ x: Tensor, _ phase: Phase = .inference) -> Tensor {
    output(dropout(activation(dense(inputDropout(x, phase.derived("input")))), phase.derived("inner")))
  }
}

/// W drop(x) + b of every token's state x.
public struct TaggingHead: Module {
  /// [outputs, width]
  public var output: Projection
  private let dropout: Dropout

  init(_ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey) {
    output = Projection(
      weight: .encoderWeights([outputCount, configuration.width], key: key.derived("output")), hasBias: true)
    dropout = Dropout(rate: configuration.family.family.taggingDropout(configuration))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) { visitor.module("output", &output) }

  /// [rows, width] → [rows, outputs]
  public func callAsFunction(_ x: Tensor, _ phase: Phase = .inference) -> Tensor { output(dropout(x, phase)) }
}
