// An encoder of any family, without a head.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Embeddings, then blocks one above another, over packed rows: there is no padding.
public struct PretrainedEncoder: Module {
  public private(set) var configuration: EncoderConfiguration
  public var embeddings: EncoderEmbeddings
  /// The blocks that have weights: as many as there are layers, or, in ALBERT, one for all of them.
  public var blocks: [TransformerEncoderBlock]

  /// New weights: tables and maps uniform with a deviation of 0.02, matrices of blocks by Glorot and Bengio (2010).
  /// - Throws: `Failure` of kind `configuration` (`EncoderConfiguration.check`).
  public init(_ configuration: EncoderConfiguration, key: RandomKey) throws(Failure) {
    try configuration.check()
    self.configuration = configuration
    embeddings = EncoderEmbeddings(configuration, key: key.derived("embeddings"))
    blocks = configuration.family.family.blocks(configuration, key: key.derived("blocks"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embeddings", &embeddings)
    for index in blocks.indices { visitor.module("blocks.\(index)", &blocks[index]) }
  }

  /// An encoder whose weights are to come from a file. All blocks have the first one's until then, and the table of words
  /// no numbers, so that it takes the memory of one block.
  /// - Parameter precision: of an encoder that is prepared; nil for one to train.
  /// - Throws: `Failure` of kind `configuration` (`EncoderConfiguration.check`).
  init(
    loading configuration: EncoderConfiguration, _ precision: WeightPrecisionKind?, key: RandomKey
  ) throws(Failure) {
    try configuration.check()
    var single = configuration
    (single.layerCount, single.vocabularySize) = (1, configuration.paddingID + 1)
    let first = try PretrainedEncoder(single, key: key)
    self = precision.map { first.prepared($0) } ?? first
    self.configuration = configuration
    embeddings.words = embeddings.words.awaiting(rowCount: configuration.vocabularySize)
    let count = configuration.family.family.weights.sharesBlock ? 1 : configuration.layerCount
    blocks = Array(repeating: blocks[0], count: count)
  }

  /// The same encoder with its weights laid out once, for inference (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> PretrainedEncoder {
    var copy = self
    copy.embeddings = embeddings.prepared(precision)
    copy.blocks = blocks.map { $0.prepared(precision) }
    return copy
  }

  /// The block of each layer, from below.
  public var layers: [TransformerEncoderBlock] {
    (0..<configuration.layerCount).map { blocks[$0 % blocks.count] }
  }

  /// The last block's states: [rows, width].
  /// - Throws: `Failure` of kind `data` for sequences longer than the positions, and for ids that have no vector.
  public func callAsFunction(_ input: EncoderInput, _ phase: Phase = .inference) throws(Failure) -> PackedSequence {
    try input.check(configuration)
    var x = embeddings(input, phase.derived("embeddings"))
    for (index, block) in layers.enumerated() { x = block(x, phase.derived(index)) }
    return x
  }

  /// The attention weights of every layer in inference, to look at: for each layer and each sequence in the caller's order
  /// [heads, query steps, key steps].
  /// - Throws: as `callAsFunction`.
  public func attentionWeights(_ input: EncoderInput) throws(Failure) -> [[Tensor]] {
    try input.check(configuration)
    return layers.weights(embeddings(input, .inference))
  }

  /// What the first block reads, then every block's states, in inference.
  /// - Throws: as `callAsFunction`.
  public func hiddenStates(_ input: EncoderInput) throws(Failure) -> [PackedSequence] {
    try input.check(configuration)
    var states = [embeddings(input, .inference)]
    for block in layers { states.append(block(states[states.count - 1])) }
    return states
  }
}
