// What an attentive decoder needs to be told.

import EnsueFiles
import EnsueTensor

/// A recurrent decoder with attention: its cell, its attention and how they meet.
public struct AttentiveDecoderConfiguration: Sendable {
  /// Any cell.
  public var formula: CellFormula
  /// The width of x_t, without what the decoder adds to it.
  public var inputSize: Int
  /// The units of every layer, and the width of the output.
  public var hiddenSize: Int
  public var layerCount: Int
  /// `querySize` is `hiddenSize`, `keySize` the width of the source's states.
  public var attention: AttentionConfiguration
  /// Attention to a neighbourhood; nil for attention to the whole source.
  public var locality: AttentionLocality?
  public var order: AttentionOrder
  /// Of `after`: whether the attentive output joins the input of the next step (Luong et al. 2015, 3.3).
  public var feedsInput: Bool
  /// Of what a layer reads of the one below, in training (Zaremba et al. 2014).
  public var dropout: Double
  /// Whether that dropout draws one mask a sequence instead of one a step (Gal and Ghahramani 2016).
  public var dropsWholeSequences: Bool
  public var inputInitializer: InitializerKind
  public var recurrentInitializer: InitializerKind
  /// Within the recurrence.
  public var regularization: RecurrentRegularization

  public init(
    formula: CellFormula, inputSize: Int, hiddenSize: Int, layerCount: Int = 1, attention: AttentionConfiguration,
    locality: AttentionLocality? = nil, order: AttentionOrder, feedsInput: Bool = false, dropout: Double = 0,
    dropsWholeSequences: Bool = false, inputInitializer: InitializerKind = .glorot,
    recurrentInitializer: InitializerKind = .orthogonal, regularization: RecurrentRegularization = .init()
  ) {
    (self.formula, self.inputSize, self.hiddenSize, self.layerCount) = (formula, inputSize, hiddenSize, layerCount)
    (self.attention, self.locality, self.order, self.feedsInput) = (attention, locality, order, feedsInput)
    (self.dropout, self.dropsWholeSequences, self.regularization) = (dropout, dropsWholeSequences, regularization)
    (self.inputInitializer, self.recurrentInitializer) = (inputInitializer, recurrentInitializer)
  }

  /// Checks what came from a file or an option.
  /// - Throws: `Failure` of kind `configuration` where a size is not positive, dropout lies outside 0 ..< 1, queries are
  ///   not as wide as the units, input feeding has no output to feed, or the attention is not sound.
  public func validate() throws(Failure) {
    for (name, size) in [("input size", inputSize), ("hidden size", hiddenSize), ("layer count", layerCount)]
    where size < 1 {
      throw Failure(.configuration, at: "decoder", "a \(name) of at least 1 expected, found \(size)")
    }
    guard (0..<1).contains(dropout) else {
      throw Failure(.configuration, at: "decoder", "dropout in 0 ..< 1 expected, found \(dropout)")
    }
    guard attention.querySize == hiddenSize else {
      throw Failure(
        .configuration, at: "decoder",
        "queries as wide as the \(hiddenSize) units expected, found \(attention.querySize)")
    }
    guard order == .after || !feedsInput else {
      throw Failure(
        .configuration, at: "decoder",
        "input feeding only where attention comes after the step, found \(order.rawValue)",
        advice: "Before the step, what is read joins the input anyway.")
    }
    guard locality.map({ $0.radius > 0 }) ?? true else {
      throw Failure(.configuration, at: "decoder", "a radius of at least 1 expected, found \(locality?.radius ?? 0)")
    }
    try attention.validate()
  }

  /// The width of what joins x_t: c_t, h̃_{t-1}, or nothing.
  var fedSize: Int {
    switch order {
    case .before: attention.keySize
    case .after: feedsInput ? hiddenSize : 0
    case .beside: 0
    }
  }

  /// The cell of a layer.
  func cell(layer: Int) -> RecurrentCellConfiguration {
    RecurrentCellConfiguration(
      inputSize: layer == 0 ? inputSize + fedSize : hiddenSize, hiddenSize: hiddenSize,
      inputInitializer: inputInitializer, recurrentInitializer: recurrentInitializer, regularization: regularization)
  }
}

/// Attention within `radius` steps of a place (see `LocalAttention`).
public struct AttentionLocality: Codable, Equatable, Sendable {
  public var kind: LocalAttentionKind
  /// D; the Gaussian's deviation is D/2.
  public var radius: Int

  public init(kind: LocalAttentionKind, radius: Int) { (self.kind, self.radius) = (kind, radius) }
}
