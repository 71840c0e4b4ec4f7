// Folders of tiny encoders with random weights, as the Hub has them: nothing is downloaded.

import EnsueBundle
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText

enum TinyEncoder {
  /// Writes a classifier that has learnt nothing.
  /// - Parameter labels: what config.json calls the classes; one for a number.
  static func write(
    _ family: EncoderFamilyKind = .bert, labels: [String] = ["LABEL_0", "LABEL_1"], seed: UInt64 = 1, to folder: String
  ) throws {
    let tokenizer = try wordPieces()
    var configuration = EncoderConfiguration(family)
    (configuration.vocabularySize, configuration.paddingID) = (tokenizer.vocabularySize, 0)
    (configuration.width, configuration.embeddingSize, configuration.feedForwardSize) = (16, 16, 32)
    (configuration.layerCount, configuration.headCount, configuration.maximumPositions) = (2, 2, 40)
    let model = try EncoderModel(
      configuration, head: .classification, outputCount: labels.count, key: RandomKey(seed: seed))
    try PretrainedClassifierBundle(
      tokenizer: tokenizer, model: model, labels: labels, problem: labels.count == 1 ? .regression : .singleLabel
    ).write(to: folder)
  }

  /// BERT's tokenizer over the words of `Sentences`.
  private static func wordPieces() throws -> SubwordTokenizer {
    var words = Set<String>()
    for row in Sentences.rows(count: 2000) { words.formUnion(row.text.split(separator: " ").map(String.init)) }
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return try SubwordTokenizer.bert(WordPieceModel(vocabulary: special + words.sorted()))
  }
}
