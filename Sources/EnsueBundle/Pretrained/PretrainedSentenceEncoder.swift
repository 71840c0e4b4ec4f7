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
  /// What of the files was not used.
  public let report: WeightReport
  private let lowercases: Bool
  /// What every sentence begins with.
  private let prompt: String
  private let width: Int

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(folder path: String, precision: WeightPrecisionKind = .full) throws {
    let folder = try PretrainedFolder(path)
    tokenizer = try folder.tokenizer()
    try folder.check(tokenizer, vocabularySize: folder.encoderConfiguration().vocabularySize)
    (model, report) = try folder.encoderModel(head: .embedding, precision)
    maximumLength = try folder.maximumLength
    lowercases = folder.sentence?.lowercases ?? false
    prompt = folder.sentence?.prompt ?? ""
    width = model.encoder.configuration.width * (folder.sentence?.pooling.kinds.count ?? 1)
  }

  /// A sentence as the model reads it; one without a token is one unknown word.
  private func read(_ sentence: String) -> (ids: [Int32], isCut: Bool) {
    let whole = prompt + sentence
    let text = lowercases ? whole.lowercased() : whole
    let (encoding, isCut) = tokenizer.encoding(of: text, maximumLength: maximumLength)
    let ids = encoding.ids.isEmpty ? tokenizer.idsOfNothing(model.encoder.configuration) : encoding.ids
    return (ids, isCut)
  }

  /// A vector of each sentence, [sentences, width].
  /// - Throws: as `embed`.
  public func vectors(of sentences: [String], batchSize: Int = 32) throws -> Tensor {
    try embed(sentences, batchSize: batchSize).vectors
  }

  /// A vector of each sentence, [sentences, width], and how many sentences were cut.
  /// - Parameter batchSize: sentences of a pass; those of a pass are of similar lengths.
  /// - Throws: `Failure` of kind `data` for ids that the model has no vectors for.
  public func embed(_ sentences: [String], batchSize: Int = 32) throws -> (vectors: Tensor, cutCount: Int) {
    let read = sentences.map { self.read($0) }
    let cutCount = read.count { $0.isCut }
    let encodings = read.map { $0.ids }
    let order = encodings.indices.sorted { (encodings[$0].count, $0) < (encodings[$1].count, $1) }
    var parts: [Tensor] = []
    for start in stride(from: 0, to: order.count, by: batchSize) {
      let batch = order[start..<min(start + batchSize, order.count)].map { encodings[$0] }
      parts.append(try model(EncoderInput(batch)).detached)
    }
    guard !parts.isEmpty else { return (.zeros([0, width]), cutCount) }
    var place = [Int32](repeating: 0, count: order.count)
    for (row, sentence) in order.enumerated() { place[sentence] = Int32(row) }
    return (concatenated(parts, axis: 0).gathered(place), cutCount)
  }
}
