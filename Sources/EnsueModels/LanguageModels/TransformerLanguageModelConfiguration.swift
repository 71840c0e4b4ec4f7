// What a decoder-only Transformer needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers

/// The architecture of a GPT-style language model. A bundle stores it beside the weights.
public struct TransformerLanguageModelConfiguration: Sendable, Codable, Equatable {
  /// Symbols, the unknown one among them.
  public var vocabularySize = 2
  /// Symbols that the model sees at once; with learned positions, all there are places for.
  public var contextLength = 256
  /// With `rotary`, the blocks turn queries and keys as `transformer.rotary` says, or, where it is nil, by halves with
  /// the base 10,000.
  public var positions = PositionKind.learned
  /// Share of embeddings and positions' sum set to zero in training.
  public var embeddingDropout = 0.0
  /// The share of the vocabulary that is left out of a batch of windows (Gal and Ghahramani 2016); nil for none.
  public var wordDropout: Double?
  /// Whether the scores of the next symbol are products with the embedding itself (Press and Wolf 2017).
  public var isTied = true
  /// Symbols before a symbol that it attends to, beside itself; nil for all.
  public var attentionWindow: Int?
  /// Symbols of a block, within which alone symbols attend to earlier ones; nil for all.
  public var attentionBlock: Int?
  public var transformer = TransformerConfiguration.gpt2

  public init() {}

  /// Refuses sizes that make no model.
  /// - Throws: `Failure` of kind `configuration`, naming the first size at fault.
  public func check() throws(Failure) {
    let sizes = [
      ("vocabularySize", vocabularySize), ("contextLength", contextLength),
      ("attentionWindow", attentionWindow ?? 1), ("attentionBlock", attentionBlock ?? 1),
    ]
    for (name, size) in sizes where size < 1 {
      throw Failure(.configuration, at: name, "a size of 1 or more expected, found \(size)")
    }
    for (name, share) in [("embeddingDropout", embeddingDropout), ("wordDropout", wordDropout ?? 0)]
    where !(0..<1).contains(share) {
      throw Failure(.configuration, at: name, "a share from 0 to below 1 expected, found \(share)")
    }
    try blocks.check(section: "transformer.")
  }

  /// The blocks with what the positions ask of them.
  var blocks: TransformerConfiguration {
    var blocks = transformer
    if positions == .rotary && blocks.rotary == nil { blocks.rotary = RotaryPositions() }
    return blocks
  }

  /// The number of weights, but for biases and norms: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    let width = Double(transformer.width)
    let tables = Double(vocabularySize) * (isTied ? 1 : 2) + (positions == .learned ? Double(contextLength) : 0)
    return tables * width + transformer.leastWeightCount(.encoder)
  }
}

extension TransformerConfiguration {
  /// The blocks of GPT-2 small (Radford et al. 2019): L = 12, d = 768, h = 12, pre-norm, GELU, dropout 0.1 everywhere.
  public static var gpt2: TransformerConfiguration {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.layerCount) = (768, 12, 12)
    (configuration.feedForwardSize, configuration.activation) = (3072, .geluTanh)
    (configuration.norm, configuration.hasFinalNorm) = (.pre, true)
    (configuration.dropout, configuration.attentionDropout) = (0.1, 0.1)
    configuration.initializer = .gpt2
    return configuration
  }

  /// The blocks of Llama 7B (Touvron et al., LLaMA: open and efficient foundation language models, 2023): L = 32,
  /// d = 4096, h = 32, d_ff = 11008, pre-norm by root mean square, SwiGLU, rotary positions, neither biases nor dropout.
  public static var llama: TransformerConfiguration {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.layerCount) = (4096, 32, 32)
    (configuration.feedForwardSize, configuration.feedForward, configuration.activation) = (11_008, .gated, .silu)
    (configuration.norm, configuration.normKind, configuration.hasFinalNorm) = (.pre, .rms, true)
    (configuration.hasBias, configuration.dropout, configuration.rotary) = (false, 0, RotaryPositions())
    configuration.initializer = .gpt2
    return configuration
  }
}
