// A charRNN checkpoint of ml5 as a bundle, so that every command that takes a character model takes it.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension LanguageModelBundle {
  /// The unknown character's score: it has no place in the checkpoint, and is never to be likely.
  private static let unknownScore: Float = -1e4

  /// - Throws: `Failure` of kind `data` when tensors are missing or do not fit together, or no number of the vocabulary
  ///   is a character. Numbers that are none are left out: see `CharRNNCheckpoint.irregularIDs`.
  public init(_ checkpoint: CharRNNCheckpoint) throws {
    let model = try checkpoint.makeModel()
    var idOfScalar: [UInt32: Int] = [:]
    for (id, symbol) in checkpoint.symbols.enumerated() where !checkpoint.irregularIDs.contains(id) {
      for scalar in String(decoding: symbol, as: UTF8.self).unicodeScalars { idOfScalar[scalar.value] = id }
    }
    let alphabet = CharacterAlphabet(values: idOfScalar.keys)
    guard !alphabet.scalars.isEmpty else {
      throw Failure(.data, at: checkpoint.folder, "a vocabulary with a character expected, found none")
    }
    var architecture = RecurrentLanguageModelConfiguration()
    architecture.vocabularySize = alphabet.idCount
    architecture.embeddingSize = model.embedding.featureCount
    architecture.hiddenSize = model.encoder.outputSize
    architecture.layerCount = model.encoder.layers.count
    var result = try RecurrentLanguageModel(architecture, key: RandomKey(seed: 0))
    let rows = alphabet.scalars.map { Int32(idOfScalar[$0.value] ?? 0) }
    func withUnknown(_ matrix: Tensor) -> Tensor {
      concatenated([.zeros([1, matrix.shape[1]]), matrix.gathered(rows)], axis: 0)
    }
    result.embedding = Embedding(weight: withUnknown(model.embedding.weight), isTrained: true)
    result.encoder = model.encoder
    result.output.weight = withUnknown(model.output.weight)
    let bias = model.output.bias.floats
    result.output.bias = Tensor(
      [LanguageModelBundle.unknownScore] + rows.map { bias[Int($0)] }, shape: [alphabet.idCount])
    self.init(codec: .characters(alphabet), architecture: .recurrent(architecture), model: .recurrent(result))
  }
}
