// Folders of tiny encoders with random weights, as the Hub has them: nothing is downloaded.

import EnsueBundle
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueText

enum TinyEncoder {
  /// Writes a classifier that has learnt nothing.
  /// - Parameter labels: what config.json calls the classes; one for a number.
  static func write(
    _ family: EncoderFamilyKind = .bert, labels: [String] = ["LABEL_0", "LABEL_1"], seed: UInt64 = 1, to folder: String
  ) throws {
    let tokenizer = try tokenizer(family)
    var configuration = EncoderConfiguration(family)
    configuration.vocabularySize = tokenizer.vocabularySize
    configuration.paddingID = Int(tokenizer.id(of: "<pad>") ?? 0)
    (configuration.width, configuration.embeddingSize, configuration.feedForwardSize) = (16, 16, 32)
    (configuration.layerCount, configuration.headCount, configuration.maximumPositions) = (2, 2, 40)
    let model = try EncoderModel(
      configuration, head: .classification, outputCount: labels.count, key: RandomKey(seed: seed))
    try PretrainedClassifierBundle(
      tokenizer: tokenizer, model: model, labels: labels, problem: labels.count == 1 ? .regression : .singleLabel
    ).write(to: folder)
  }

  /// A tokenizer of the family's own kind that has the words of `Sentences`. The families of `vocab.txt` share one.
  private static func tokenizer(_ family: EncoderFamilyKind) throws -> SubwordTokenizer {
    switch family {
    case .bert, .distilbert, .albert, .electra:
      let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
      return try SubwordTokenizer.bert(WordPieceModel(vocabulary: special + words))
    case .roberta, .xlmRoberta:
      let file = TestFiles.golden("family-tokenizers/\(family.rawValue).json")
      let small = try SubwordTokenizer(contentsOf: file)
      let added = words.filter { small.id(of: $0) == nil }.map {
        AddedToken($0, isSpecial: false, isSingleWord: true, stripsLeft: true)
      }
      return try SubwordTokenizer(
        model: small.model, normalizer: small.normalizer, preTokenizer: small.preTokenizer,
        postProcessor: small.postProcessor, decoder: small.decoder, addedTokens: small.addedTokens + added)
    }
  }

  private static var words: [String] {
    Set(Sentences.rows(count: 2000).flatMap { $0.text.split(separator: " ").map(String.init) }).sorted()
  }
}
