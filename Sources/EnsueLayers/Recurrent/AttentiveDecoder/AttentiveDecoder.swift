// A recurrent decoder that looks at its source at every step (Bahdanau, Cho and Bengio, Neural machine translation by
// jointly learning to align and translate, 2015; Luong, Pham and Manning, Effective approaches to attention-based neural
// machine translation, 2015), with any cell, score and distribution.

import EnsueTensor

/// Layers of recurrent cells with attention to a source.
///
/// `before`: c_t = attention(h_{t-1}), h_t = cell([x_t; c_t], h_{t-1}); h_{t-1} is the top layer's state that is its
/// output (its first state, where the output is no state), and c_t enters the first layer. The output is h_t.
/// `after`: h_t = cell(x_t, h_{t-1}), c_t = attention(h_t), h̃_t = tanh(W_c [c_t; h_t]); fed, the input is
/// [x_t; h̃_{t-1}] with h̃_{-1} = 0. The output is h̃_t. `beside`: as `after`, not fed, and the output is [c_t; h_t]. All
/// layers are part of the loop: layer i > 0 reads layer i - 1.
public struct AttentiveDecoder: Module {
  public let configuration: AttentiveDecoderConfiguration
  /// One a layer.
  public var cells: [RecurrentCell]
  public var attention: DecoderAttention
  /// W_c of `after`, [hidden, key width + hidden]; empty otherwise.
  public private(set) var combination: Tensor?

  /// - Parameter configuration: sound; what came from a file or an option is first checked by its parts' `validate()`.
  public init(_ configuration: AttentiveDecoderConfiguration, key: RandomKey) {
    let c = configuration
    precondition(
      c.layerCount > 0 && c.attention.querySize == c.hiddenSize,
      "an attentive decoder of \(c.layerCount) layers of \(c.hiddenSize) units, with queries of \(c.attention.querySize)"
    )
    self.configuration = c
    cells = (0..<c.layerCount).map {
      RecurrentCell(c.formula, c.cell(layer: $0), key: key.derived("layer").derived($0)).withInputApart()
    }
    attention = DecoderAttention(c.attention, c.locality, key: key.derived("attention"))
    switch c.order {
    case .before, .beside: combination = nil
    case .after:
      combination = newMatrix(
        output: c.hiddenSize, input: c.attention.keySize + c.hiddenSize, key: key.derived("combination"))
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in cells.indices { visitor.module("layers.\(index)", &cells[index]) }
    visitor.module("attention", &attention)
    if var matrix = combination {
      visitor.parameter("combination", &matrix)
      combination = matrix
    }
  }

  public var outputSize: Int {
    switch configuration.order {
    case .before, .after: configuration.hiddenSize
    case .beside: configuration.attention.keySize + configuration.hiddenSize
    }
  }

  /// All steps at once, each input given (teacher forcing).
  /// - Parameters:
  ///   - input: [rows, inputSize]
  ///   - source: keys and values, [source rows, key width]; the same sequences in the same caller's order.
  ///   - states: before the first step, for each layer and its one direction, longest *input* sequence first, as
  ///     everywhere; nil for zero.
  public func callAsFunction(
    _ input: PackedSequence, source: PackedSequence, from states: [[RecurrentState]]? = nil, _ phase: Phase = .inference
  ) -> AttentiveDecoding {
    let type = input.values.elementType
    precondition(
      input.featureCount == configuration.inputSize && source.featureCount == configuration.attention.keySize
        && input.layout.batchSize == source.layout.batchSize,
      "an attentive decoder of inputs of \(configuration.inputSize) and keys of \(configuration.attention.keySize): "
        + "found \(input.values.shape) and \(source.values.shape)")
    let draws = draws(input.layout, phase, type)
    let first = firstStates(states, batchSize: input.layout.batchSize, type)
    if configuration.fedSize == 0 { return ParallelDecoding(decoder: self)(input, source, from: first, draws) }
    if let fused = FusedDecoding(self) { return fused(input, source, from: first, draws) }
    return ComposedDecoding(decoder: self)(input, source, from: first, draws)
  }

  /// Steps one at a time, each source with one hypothesis.
  /// - Parameter states: before the first step, for each layer and its one direction, in the *caller's* order; nil for
  ///   zero.
  public func makeStepper(source: PackedSequence, from states: [[RecurrentState]]? = nil) -> AttentiveStepper {
    let first = firstStates(states, batchSize: source.layout.batchSize, source.values.elementType)
    if let fused = FusedDecoding(self) { return AttentiveStepper(FusedStepping(fused, source, from: first)) }
    let draws = AttentiveDraws(cells, dropout: 0, source.layout, .inference, source.values.elementType)
    var decoder = self
    decoder.cells = cells.map { $0.prepared() }
    return AttentiveStepper(
      ComposedStepping(ComposedStep(decoder, SourceReading(attention.prepared(source)), from: first), draws))
  }

  /// Whether the loop is one operation; else it is composed step by step.
  package var isFused: Bool { FusedDecoding(self) != nil }

  /// As calling the decoder, but composed step by step whatever the functions are: what the fused loop is held to.
  package func composedDecoding(
    _ input: PackedSequence, source: PackedSequence, from states: [[RecurrentState]]?, _ phase: Phase
  ) -> AttentiveDecoding {
    let type = input.values.elementType
    return ComposedDecoding(decoder: self)(
      input, source, from: firstStates(states, batchSize: input.layout.batchSize, type),
      draws(input.layout, phase, type))
  }

  private func draws(_ layout: PackedLayout, _ phase: Phase, _ type: ElementType) -> AttentiveDraws {
    AttentiveDraws(
      cells, dropout: configuration.dropout, dropsWholeSequences: configuration.dropsWholeSequences, layout, phase,
      type)
  }

  /// h̃ = tanh(W_c [c; h]), or [c; h]
  func combined(_ contexts: Tensor, _ top: Tensor) -> Tensor {
    guard let combination else { return concatenated([contexts, top]) }
    return tanh(matmul(concatenated([contexts, top]), combination, transposingRight: true))
  }

  private func firstStates(_ given: [[RecurrentState]]?, batchSize: Int, _ type: ElementType) -> [[Tensor]] {
    cells.enumerated().map { layer, cell in
      given?[layer].first?.tensors ?? cell.initialState(batchSize: batchSize, type).tensors
    }
  }
}
