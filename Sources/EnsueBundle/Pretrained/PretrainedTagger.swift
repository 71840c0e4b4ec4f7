// Labels of words from a folder of the Hub, a model …ForTokenClassification: names of persons and places, parts of
// speech. A word has the label of its first token (Devlin, Chang, Lee and Toutanova, BERT, 2019, section 5.3).

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// A label, and how likely the model finds it.
public struct WordLabel: Sendable, Equatable {
  public let label: String
  public let probability: Double
}

/// A word of a sentence with its label.
public struct TaggedWord: Sendable, Equatable {
  public let text: String
  /// Where it stands in the sentence, counted in Unicode scalars.
  public let range: Range<Int>
  /// nil for a word beyond what the model reads.
  public let label: WordLabel?
}

/// An encoder with a score for each label of every token, its tokenizer and the names of the labels.
public struct PretrainedTagger: Sendable {
  public let tokenizer: SubwordTokenizer
  public let model: EncoderModel
  /// In the order of the model's outputs.
  public let labels: [String]
  /// Tokens of the longest sentence, special ones among them; the rest of a longer one has no labels.
  public let maximumLength: Int
  /// What of the files was not used.
  public let report: WeightReport

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(folder path: String, precision: WeightPrecisionKind = .full) throws {
    let folder = try PretrainedFolder(path)
    try PretrainedTagger.checkHead(of: folder)
    tokenizer = try folder.tokenizer()
    try folder.check(tokenizer, for: folder.encoderConfiguration())
    (model, report) = try folder.encoderModel(head: .tagging, precision)
    labels = folder.labels ?? []
    maximumLength = try folder.maximumLength
  }

  /// A classifier of sentences may have weights of the same names.
  private static func checkHead(of folder: PretrainedFolder) throws(Failure) {
    let names = folder.config["architectures"]?.arrayValue?.compactMap(\.stringValue) ?? []
    guard !names.contains(where: { $0.hasSuffix("ForTokenClassification") }) else { return }
    let found = names.isEmpty ? "none" : Failure.shown(names.joined(separator: ", "))
    throw Failure(
      .data, at: "\(folder.path)/config.json",
      "architectures: a model of words' labels (…ForTokenClassification) expected, found \(found)",
      advice: "ensue predict is for classifiers of sentences, ensue embed for encoders.")
  }

  /// The words of each sentence, as `SubwordTokenizer.encoding(ofWordsIn:maximumLength:)` finds them.
  /// - Parameter batchSize: sentences of a pass; those of a pass are of similar lengths.
  /// - Throws: `Failure` of kind `data` for ids that the model has no vectors for.
  public func tags(of sentences: [String], batchSize: Int = 32) throws -> [[TaggedWord]] {
    let read = sentences.map { tokenizer.encoding(ofWordsIn: $0, maximumLength: maximumLength) }
    let found = try labels(of: read.map { $0.encoding }, batchSize: batchSize)
    return sentences.indices.map { PretrainedTagger.words(of: sentences[$0], read[$0].words, found[$0]) }
  }

  /// The labels of words that were cut elsewhere; nil for a word beyond what the model reads.
  /// - Throws: as `tags(of:batchSize:)`.
  public func labels(ofWords sentences: [[String]], batchSize: Int = 32) throws -> [[WordLabel?]] {
    let absent = tokenizer.idsOfNothing(model.encoder.configuration)[0]
    let read = sentences.map { tokenizer.encoding(ofWords: $0, absent: absent, maximumLength: maximumLength) }
    return try labels(of: read, batchSize: batchSize)
  }

  private func labels(of sentences: [WordEncoding], batchSize: Int) throws -> [[WordLabel?]] {
    var found = sentences.map { [WordLabel?](repeating: nil, count: $0.firstPlaces.count) }
    let hasTypes = model.encoder.configuration.typeCount > 1
    let lengths = sentences.map { $0.encoding.ids.count }
    let order = sentences.indices.filter { sentences[$0].firstPlaces.contains { $0 != nil } }
      .sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    for start in stride(from: 0, to: order.count, by: batchSize) {
      let batch = Array(order[start..<min(start + batchSize, order.count)])
      let input = EncoderInput(
        batch.map { sentences[$0].encoding.ids },
        types: batch.map { sentences[$0].encoding.typeIDs.map { hasTypes ? $0 : 0 } })
      let probabilities = softmax(try model(input).converted(to: .float64)).doubles
      let layout = input.tokens.layout
      for (position, inBatch) in layout.order.enumerated() {
        let sentence = batch[inBatch]
        for (word, place) in sentences[sentence].firstPlaces.enumerated() {
          guard let place else { continue }
          let first = layout.row(step: place, position: position) * labels.count
          let best = (first..<first + labels.count).max { probabilities[$0] < probabilities[$1] } ?? first
          found[sentence][word] = WordLabel(label: labels[best - first], probability: probabilities[best])
        }
      }
    }
    return found
  }

  /// Words with their places, which are given in bytes.
  private static func words(of sentence: String, _ ranges: [Range<Int>], _ labels: [WordLabel?]) -> [TaggedWord] {
    let bytes = Array(sentence.utf8)
    var (position, scalars) = (0, 0)
    func scalarCount(before end: Int) -> Int {
      scalars += bytes[position..<end].count { $0 & 0xC0 != 0x80 }
      position = end
      return scalars
    }
    return zip(ranges, labels).map { range, label in
      let start = scalarCount(before: range.lowerBound)
      return TaggedWord(
        text: String(decoding: bytes[range], as: UTF8.self), range: start..<scalarCount(before: range.upperBound),
        label: label)
    }
  }
}
