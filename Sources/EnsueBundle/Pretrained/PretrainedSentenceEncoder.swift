// Vectors of sentences from a folder of the Hub (Reimers and Gurevych, Sentence-BERT, 2019).

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// An encoder with its tokenizer and its pooling: that of sentence-transformers' files, else the mean of the states.
public struct PretrainedSentenceEncoder: Sendable {
  /// Sentences of a pass; those of a pass are of similar lengths.
  private static let batchSize = 32

  public let tokenizer: SubwordTokenizer
  public let model: EncoderModel
  /// Tokens of the longest sentence, special ones among them; the rest of a longer one is cut off.
  public let maximumLength: Int

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(folder path: String) throws {
    let folder = try PretrainedFolder(path)
    tokenizer = try folder.tokenizer()
    try folder.check(tokenizer, vocabularySize: folder.encoderConfiguration().vocabularySize)
    (model, _) = try folder.encoderModel(head: .embedding)
    maximumLength = try folder.maximumLength
  }

  /// A vector of each sentence, [sentences, width].
  /// - Throws: `Failure` of kind `data` for ids that the model has no vectors for.
  public func vectors(of sentences: [String]) throws -> Tensor {
    let encodings = sentences.map { tokenizer.encoding(of: $0, maximumLength: maximumLength).encoding }
    let order = encodings.indices.sorted { (encodings[$0].ids.count, $0) < (encodings[$1].ids.count, $1) }
    let prepared = model.prepared()
    var parts: [Tensor] = []
    for start in stride(from: 0, to: order.count, by: PretrainedSentenceEncoder.batchSize) {
      let batch = order[start..<min(start + PretrainedSentenceEncoder.batchSize, order.count)].map { encodings[$0] }
      parts.append(
        try prepared(EncoderInput(batch.map(\.ids), types: batch.map { $0.typeIDs.map { _ in 0 } })).detached)
    }
    guard !parts.isEmpty else { return .zeros([0, model.encoder.configuration.width]) }
    var place = [Int32](repeating: 0, count: order.count)
    for (row, sentence) in order.enumerated() { place[sentence] = Int32(row) }
    return concatenated(parts, axis: 0).gathered(place)
  }
}
