// An encoder–decoder Transformer (Vaswani et al., Attention is all you need, 2017): the distribution of the next symbol
// of a target given its source and all symbols before, every step of a batch at once.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Symbols → vectors · √d + positions → dropout → blocks; the decoder's blocks also attend to what the encoder's made
/// of the source; the last layer's scores are products with the target's vectors.
public struct TransformerTranslator: Translator {
  public var embeddings: TranslationEmbeddings { didSet { packedOutput = nil } }
  public var sourcePositions: Positions
  public var targetPositions: Positions
  public var encoder: TransformerEncoder
  public var decoder: TransformerDecoder
  /// [target vocabulary, width]; nil where the target's vectors take its place.
  public private(set) var outputWeight: Tensor?
  /// [target vocabulary]; nil for none.
  public private(set) var outputBias: Tensor?
  /// The last layer's weight as products read it, where it was laid out (`prepared`).
  private(set) var packedOutput: PackedMatrix?
  private let scale: Double
  private let dropout: Dropout

  /// - Throws: `Failure` of kind `configuration` where the sizes make no model.
  public init(_ configuration: TransformerTranslatorConfiguration, key: RandomKey) throws(Failure) {
    try configuration.check()
    let blocks = configuration.encoderBlocks
    func table(_ rows: Int, _ layerCount: Int, _ name: String) -> Tensor {
      blocks.initializer.embedding(rows: rows, width: blocks.width, layerCount: layerCount, key: key.derived(name))
    }
    func positions(_ name: String) -> Positions {
      Positions(
        configuration.positions, featureCount: blocks.width, maximumLength: configuration.contextLength,
        key: key.derived(name))
    }
    let decoderLayers = configuration.decoderBlocks.layerCount
    let target = configuration.targetVocabularySize
    embeddings = TranslationEmbeddings(
      source: table(configuration.sourceVocabularySize, blocks.layerCount, "source"),
      target: configuration.sharesEmbeddings ? nil : table(target, decoderLayers, "target"))
    (sourcePositions, targetPositions) = (positions("sourcePositions"), positions("targetPositions"))
    encoder = try TransformerEncoder(blocks, key: key.derived("encoder"))
    decoder = try TransformerDecoder(configuration.decoderBlocks, key: key.derived("decoder"))
    outputWeight = configuration.isTied ? nil : table(target, decoderLayers, "output")
    outputBias = configuration.hasOutputBias ? .zeros([target]) : nil
    scale = configuration.scalesEmbeddings ? Double(blocks.width).squareRoot() : 1
    dropout = Dropout(rate: configuration.embeddingDropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    packedOutput = nil
    visitor.module("embedding", &embeddings)
    visitor.module("sourcePositions", &sourcePositions)
    visitor.module("targetPositions", &targetPositions)
    visitor.module("encoder", &encoder)
    visitor.module("decoder", &decoder)
    if var part = outputWeight {
      visitor.parameter("output.weight", &part)
      outputWeight = part
    }
    if var part = outputBias {
      visitor.parameter("output.bias", &part)
      outputBias = part
    }
  }

  /// The same model with its weights laid out once, for many runs without a change of weights.
  /// - Parameter precision: of the maps and the scores; vectors are read as they are. What is laid out stays as it is.
  public func prepared(_ precision: WeightPrecisionKind = .full) -> TransformerTranslator {
    var copy = self
    (copy.encoder, copy.decoder) = (encoder.prepared(precision), decoder.prepared(precision))
    copy.packedOutput = packedOutput ?? packOutput(precision)
    return copy
  }

  func packOutput(_ precision: WeightPrecisionKind = .full) -> PackedMatrix {
    PackedMatrix(output.weight.detached, transposed: true, precision)
  }

  public var output: OutputScores {
    OutputScores(weight: outputWeight ?? embeddings.target.weight, bias: outputBias)
  }

  public func read(sources: PackedTokens, inputs: PackedTokens, _ phase: Phase) throws(Failure) -> Tensor {
    let memory = try encoded(sources, phase)
    try targetPositions.check(inputs.layout)
    let vectors = placed(embeddings.target(inputs), targetPositions, from: nil, phase.derived("target"))
    return decoder(vectors, memory: memory, phase.derived("decoder")).values
  }

  /// What the encoder makes of every step of the sources: [rows, width].
  func encoded(_ sources: PackedTokens, _ phase: Phase = .inference) throws(Failure) -> PackedSequence {
    try sourcePositions.check(sources.layout)
    let vectors = placed(embeddings.source(sources), sourcePositions, from: nil, phase.derived("source"))
    return encoder(vectors, phase.derived("encoder"))
  }

  /// Vectors · √d + positions, with dropout.
  /// - Parameter starts: steps before the first, in the caller's order; nil for none.
  func placed(
    _ vectors: PackedSequence, _ positions: Positions, from starts: [Int]?, _ phase: Phase = .inference
  ) -> PackedSequence {
    let sum = positions(scale == 1 ? vectors : vectors.replacingValues(vectors.values * scale), from: starts)
    return sum.replacingValues(dropout(sum.values, phase))
  }
}
