// A decoder-only Transformer: the distribution of the next symbol given all before it, every step of a text at once
// (Radford et al. 2018; the layout of GPT-2, Radford et al. 2019).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Symbols → vectors + positions → dropout → blocks of causal attention → norm → scores of the next symbol.
public struct TransformerLanguageModel: Module {
  public var embedding: Embedding
  public var positions: Positions
  public var encoder: TransformerEncoder
  /// [vocabulary, width]; nil where the embedding takes its place.
  public var unembedding: Projection?
  /// Symbols that the model sees at once: those it was made for, whatever its positions.
  public let contextLength: Int?
  private let reach: AttentionReach
  private let wordDropout: WordDropout
  private let dropout: Dropout

  /// - Throws: `Failure` of kind `configuration` where the sizes make no model.
  public init(_ configuration: TransformerLanguageModelConfiguration, key: RandomKey) throws(Failure) {
    try configuration.check()
    let blocks = configuration.blocks
    func table(_ rows: Int, _ name: String) -> Tensor {
      blocks.initializer.embedding(
        rows: rows, width: blocks.width, layerCount: blocks.layerCount, key: key.derived(name))
    }
    embedding = Embedding(weight: table(configuration.vocabularySize, "embedding"), isTrained: true)
    positions = Positions(
      configuration.positions, featureCount: blocks.width, maximumLength: configuration.contextLength,
      key: key.derived("positions"))
    encoder = try TransformerEncoder(blocks, key: key.derived("encoder"))
    unembedding =
      configuration.isTied
      ? nil : Projection(weight: table(configuration.vocabularySize, "unembedding"), hasBias: false)
    contextLength = configuration.contextLength
    reach = AttentionReach(
      isCausal: true, window: configuration.attentionWindow, block: configuration.attentionBlock)
    wordDropout = WordDropout(rate: configuration.wordDropout ?? 0)
    dropout = Dropout(rate: configuration.embeddingDropout)
  }

  /// A model whose weights are to come from a file. All blocks have the first one's until then, and tables no numbers, so
  /// that it takes the memory of one block.
  /// - Parameter precision: of a model for inference alone; nil for one to train.
  /// - Throws: `Failure` of kind `configuration` where the sizes make no model.
  package init(
    loading configuration: TransformerLanguageModelConfiguration, _ precision: WeightPrecisionKind?
  ) throws(Failure) {
    try configuration.check()
    var single = configuration
    (single.transformer.layerCount, single.vocabularySize) = (1, 1)
    let first = try TransformerLanguageModel(single, key: RandomKey(seed: 0))
    self = precision.map { first.prepared($0) } ?? first
    embedding = embedding.awaiting(rowCount: configuration.vocabularySize)
    unembedding = unembedding?.awaiting(outputSize: configuration.vocabularySize)
    encoder.blocks = Array(repeating: encoder.blocks[0], count: configuration.transformer.layerCount)
  }

  /// The same model with its weights laid out once, for many runs without a change of weights.
  public func prepared(_ precision: WeightPrecisionKind = .full) -> TransformerLanguageModel {
    var copy = self
    (copy.encoder, copy.unembedding) = (encoder.prepared(precision), unembedding?.prepared(precision))
    // A tied table is an output layer as well; of another, rows are read as they are.
    if unembedding == nil || precision != .full { copy.embedding = embedding.prepared(precision) }
    return copy
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("positions", &positions)
    visitor.module("encoder", &encoder)
    if var part = unembedding {
      visitor.module("unembedding", &part)
      unembedding = part
    }
  }

  /// Scores of the symbol after every packed row: [rows, vocabulary].
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the learned positions.
  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase = .inference) throws(Failure) -> Tensor {
    scores(try states(tokens, phase))
  }

  /// What the blocks make of every packed row: [rows, width].
  func states(_ tokens: PackedTokens, _ phase: Phase) throws(Failure) -> Tensor {
    try positions.check(tokens.layout)
    let vectors = positions.embedded(wordDropout(embedding(tokens), of: tokens, phase.derived("words")))
    let read = vectors.replacingValues(dropout(vectors.values, phase.derived("embedding")))
    return encoder(read, reach: reach, phase.derived("encoder")).values
  }

  /// The mean cross-entropy of the symbols that follow.
  /// - Parameters:
  ///   - targets: of every packed row, the symbol after it; a negative one is not scored.
  ///   - sampling: in training, the symbols to compare the targets with; nil for all.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the learned positions.
  public func loss(
    _ tokens: PackedTokens, targets: [Int], labelSmoothing: Double = 0, sampling: SampledSoftmax? = nil, _ phase: Phase
  ) throws(Failure) -> Tensor {
    outputLoss(
      try states(tokens, phase), weight: unembedding?.weight ?? embedding.weight, bias: unembedding?.bias,
      targets: targets, labelSmoothing: labelSmoothing, sampling, phase)
  }

  /// The cache before the first symbol.
  public func makeCache() -> TransformerCache { encoder.makeCache() }

  /// Reads further symbols and scores the one after the last of each sequence: [batch, vocabulary], in the caller's
  /// order. Bit for bit what the whole sequences give there.
  /// - Parameters:
  ///   - tokens: of each sequence of the cache, in its order, one or more.
  ///   - cache: what was read before; `makeCache` at first.
  /// - Throws: `Failure` of kind `data` where a sequence grows longer than the learned positions; the cache is then
  ///   unchanged.
  public func next(_ tokens: PackedTokens, _ cache: inout TransformerCache) throws(Failure) -> Tensor {
    let starts = cache.lengths.isEmpty ? nil : cache.lengths
    try positions.check(tokens.layout, from: starts)
    let states = encoder.step(positions.embedded(embedding(tokens), from: starts), &cache, reach: reach)
    return tokens.layout.inCallersOrder(scores(states.last()))
  }

  /// The output layer: scores of the symbol after each row of what the blocks made.
  func scores(_ states: Tensor) -> Tensor {
    unembedding?(states) ?? embedding.scores(states)
  }
}
