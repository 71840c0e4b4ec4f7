// Small language models of every kind.

import EnsueLayers
import EnsueModels
import EnsueTensor

/// A model, and its scores after every symbol of a sequence by its forward pass over the whole: [steps, vocabulary].
struct SampleModel: Sendable {
  let name: String
  let model: any LanguageModel
  let whole: @Sendable ([Int32]) throws -> Tensor

  /// Symbols of all of them.
  static let vocabularySize = 13

  /// Large weights, so that the symbols before matter: a new model hardly tells one context from another.
  private static func sharpened<Model: Module>(_ model: Model) -> Model {
    var (copy, index) = (model, 0)
    copy.forEachParameter { _, tensor, _ in
      let noise = Tensor.normal(tensor.shape, deviation: 0.6, key: RandomKey(seed: 21).derived(index))
      tensor = tensor.detached + noise
      index += 1
    }
    return copy
  }

  private static func recurrent(
    _ name: String, _ change: (inout RecurrentLanguageModelConfiguration) -> Void
  ) throws -> SampleModel {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (vocabularySize, 5)
    (configuration.hiddenSize, configuration.layerCount) = (9, 2)
    change(&configuration)
    let model = sharpened(try RecurrentLanguageModel(configuration, key: RandomKey(seed: 4)))
    return SampleModel(name: name, model: model) { model(PackedTokens([$0])).logits }
  }

  private static func transformer(
    _ name: String, _ change: (inout TransformerLanguageModelConfiguration) -> Void
  ) throws -> SampleModel {
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (vocabularySize, 12)
    (configuration.transformer.width, configuration.transformer.headCount) = (12, 3)
    (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 20)
    change(&configuration)
    let model = sharpened(try TransformerLanguageModel(configuration, key: RandomKey(seed: 4)))
    return SampleModel(name: name, model: model) { try model(PackedTokens([$0])) }
  }

  static func bigram() -> SampleModel {
    let model = BigramModel(
      counting: (0..<6).map { texts([40], seed: $0)[0] }, vocabularySize: vocabularySize, pseudocount: 0.3)
    return SampleModel(name: "bigram", model: model) { model(PackedTokens([$0])) }
  }

  static func all() throws -> [SampleModel] {
    try [
      recurrent("lstm") { _ in },
      recurrent("gru, residual") { ($0.cell, $0.connection, $0.embeddingSize) = (.gru, .residual, 9) },
      recurrent("rnn, skips, three layers") { ($0.cell, $0.connection, $0.layerCount) = (.rnn, .skip, 3) },
      recurrent("peepholes, one layer") { ($0.cell, $0.layerCount) = (.lstmPeephole, 1) },
      recurrent("layer norm, leak, learned beginning") {
        ($0.cell, $0.normalizesLayers, $0.leak, $0.learnsInitialState) = (.gru, true, 0.6, true)
      },
      recurrent("zoneout, own cell") {
        $0.cellFormula = "state h\nh' = tanh(W_h x + p_h ⊙ h + b_h)\noutput h'"
        $0.zoneout = 0.2
      },
      transformer("transformer, learned positions") { _ in },
      transformer("transformer, sinusoidal, untied") { ($0.positions, $0.isTied) = (.sinusoidal, false) },
      bigram(),
    ]
  }

  /// Wide enough that products are dealt to threads, with the input's product apart and without.
  static func wide() throws -> [SampleModel] {
    try [
      recurrent("lstm of 320") { ($0.hiddenSize, $0.embeddingSize) = (320, 24) },
      recurrent("gru of 600") { ($0.cell, $0.hiddenSize, $0.embeddingSize, $0.layerCount) = (.gru, 600, 600, 1) },
    ]
  }

  /// Random symbols.
  static func texts(_ lengths: [Int], seed: Int) -> [[Int32]] {
    let key = RandomKey(seed: UInt64(seed))
    return lengths.enumerated().map { row, length in
      (0..<length).map { Int32(key.derived(row).bits(at: $0) % UInt64(vocabularySize)) }
    }
  }
}
