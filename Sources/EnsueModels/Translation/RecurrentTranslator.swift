// A recurrent encoder–decoder: the distribution of the next symbol of a target given its source and all symbols before.
// What the decoder is given of the source is `ContextKind`'s: the paper of each stands there.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Source symbols → vectors → dropout → recurrent layers; target symbols → vectors → dropout → a decoder that begins at
/// the bridge's states → readout → dropout → scores.
public struct RecurrentTranslator: Translator {
  public var embeddings: TranslationEmbeddings { didSet { packedOutput = nil } }
  public var encoder: RecurrentStack
  public var bridge: Bridge
  public var decoder: RecurrentDecoder
  public var readout: Readout
  /// [target vocabulary, readout]; nil where the target's vectors take its place.
  public private(set) var outputWeight: Tensor?
  /// [target vocabulary]
  public private(set) var outputBias: Tensor
  /// The last layer's weight as products read it, where it was laid out (`prepared`).
  private(set) var packedOutput: PackedMatrix?
  /// Whether the encoder reads sources from their ends.
  public let reversesSource: Bool
  private let wordDropout: WordDropout
  private let vectorDropout: SequenceDropout
  private let outputDropout: SequenceDropout

  /// - Throws: `Failure` where the user's equations of a cell are in error, or sizes do not go together.
  public init(_ configuration: RecurrentTranslatorConfiguration, key: RandomKey) throws(Failure) {
    try configuration.check()
    let c = configuration
    embeddings = c.makeEmbeddings(key: key)
    encoder = RecurrentStack(
      try c.formula(), cell: c.encoderCell,
      c.stack(layerCount: c.encoderLayerCount, isBidirectional: c.isBidirectional), key: key.derived("encoder"))
    bridge = Bridge(
      c.usedBridge, try c.formula(), encoderSize: c.encoderSize, hiddenSize: c.hiddenSize,
      layerCount: c.decoderLayerCount, initializer: c.inputInitializer, key: key.derived("bridge"))
    decoder = try c.makeDecoder(key: key.derived("decoder"))
    readout = c.makeReadout(key: key.derived("readout"))
    outputWeight =
      c.isTied
      ? nil
      : InitializerKind.uniform.matrix(
        output: c.targetVocabularySize, input: readout.outputSize, key: key.derived("output"))
    outputBias = .zeros([c.targetVocabularySize])
    reversesSource = c.reversesSource
    wordDropout = WordDropout(rate: c.wordDropout)
    vectorDropout = c.sequenceDropout(c.embeddingDropout)
    outputDropout = c.sequenceDropout(c.outputDropout)
    if let range = c.initializerRange { beginUniformly(range, key: key.derived("range")) }
  }

  /// Every matrix uniform on ±`range`; vectors stay as they are.
  private mutating func beginUniformly(_ range: Double, key: RandomKey) {
    forEachParameter { name, tensor, _ in
      if tensor.shape.rank == 2 { tensor = .uniform(tensor.shape, in: -range...range, key: key.derived(name)) }
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    packedOutput = nil
    visitor.module("embedding", &embeddings)
    visitor.module("encoder", &encoder)
    visitor.module("bridge", &bridge)
    visitor.module("decoder", &decoder)
    visitor.module("readout", &readout)
    if var part = outputWeight {
      visitor.parameter("output.weight", &part)
      outputWeight = part
    }
    visitor.parameter("output.bias", &outputBias)
  }

  public var output: OutputScores {
    OutputScores(weight: outputWeight ?? embeddings.target.weight, bias: outputBias)
  }

  /// The same model with its weights laid out once, for many runs without a change of weights.
  public func prepared() -> RecurrentTranslator {
    var copy = self
    (copy.encoder, copy.decoder, copy.readout) = (encoder.prepared(), decoder.prepared(), readout.prepared())
    copy.packedOutput = packedOutput ?? packOutput()
    return copy
  }

  func packOutput() -> PackedMatrix { PackedMatrix(output.weight.detached, transposed: true) }

  public func read(sources: PackedTokens, inputs: PackedTokens, _ phase: Phase) throws(Failure) -> Tensor {
    let source = try encoded(sources, phase)
    let vectors = vectors(inputs, embeddings.target, phase.derived("target"))
    let states = bridge(source.encoding, rows: source.rows(in: inputs.layout))
    let read = readout(decoder(vectors, source, from: states, phase.derived("decoder")), vectors.values)
    return outputDropout(vectors.replacingValues(read), phase.derived("output")).values
  }

  /// What the encoder makes of the sources.
  func encoded(_ sources: PackedTokens, _ phase: Phase = .inference) throws(Failure) -> EncodedSource {
    if let limit = sourceLength, let longest = sources.layout.lengths.first, longest > limit {
      throw Failure(
        .data, "sources of at most \(limit) symbols expected by attention to places, found one of \(longest)",
        advice: "Cut it, or train a model with another score.")
    }
    let tokens = reversesSource ? sources.reversed : sources
    return EncodedSource(
      encoder(vectors(tokens, embeddings.source, phase.derived("source")), phase.derived("encoder")))
  }

  private func vectors(_ tokens: PackedTokens, _ table: Embedding, _ phase: Phase) -> PackedSequence {
    let words = wordDropout(table(tokens), of: tokens, phase.derived("words"))
    return vectorDropout(words, phase.derived("vectors"))
  }
}

extension PackedTokens {
  /// Every sequence from its end.
  fileprivate var reversed: PackedTokens { PackedTokens(sequences.map { $0.reversed() }) }
}
