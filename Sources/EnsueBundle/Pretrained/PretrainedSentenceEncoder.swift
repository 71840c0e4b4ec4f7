// Vectors of sentences from a folder of the Hub (Reimers and Gurevych, Sentence-BERT, 2019).

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// An encoder with its tokenizer and its pooling: that of sentence-transformers' files, else the mean of the states.
public struct PretrainedSentenceEncoder: Sendable {
  public let tokenizer: SubwordTokenizer
  public let model: EncoderModel
  /// Tokens of the longest sentence, special ones among them; the rest of a longer one is cut off.
  public let maximumLength: Int
  private let lowercases: Bool

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(folder path: String, precision: WeightPrecisionKind = .full) throws {
    let folder = try PretrainedFolder(path)
    tokenizer = try folder.tokenizer()
    try folder.check(tokenizer, vocabularySize: folder.encoderConfiguration().vocabularySize)
    (model, _) = try folder.encoderModel(head: .embedding, precision)
    maximumLength = try folder.maximumLength
    lowercases = folder.sentence?.lowercases ?? false
  }

  /// A sentence as the model reads it; one without a token is one unknown word.
  private func ids(_ sentence: String) -> [Int32] {
    let text = lowercases ? sentence.lowercased() : sentence
    let ids = tokenizer.encoding(of: text, maximumLength: maximumLength).encoding.ids
    return ids.isEmpty ? tokenizer.idsOfNothing(model.encoder.configuration) : ids
  }

  /// A vector of each sentence, [sentences, width].
  /// - Parameter batchSize: sentences of a pass; those of a pass are of similar lengths.
  /// - Throws: `Failure` of kind `data` for ids that the model has no vectors for.
  public func vectors(of sentences: [String], batchSize: Int = 32) throws -> Tensor {
    let encodings = sentences.map(ids)
    let order = encodings.indices.sorted { (encodings[$0].count, $0) < (encodings[$1].count, $1) }
    var parts: [Tensor] = []
    for start in stride(from: 0, to: order.count, by: batchSize) {
      let batch = order[start..<min(start + batchSize, order.count)].map { encodings[$0] }
      parts.append(try model(EncoderInput(batch)).detached)
    }
    guard !parts.isEmpty else { return .zeros([0, model.encoder.configuration.width]) }
    var place = [Int32](repeating: 0, count: order.count)
    for (row, sentence) in order.enumerated() { place[sentence] = Int32(row) }
    return concatenated(parts, axis: 0).gathered(place)
  }
}
