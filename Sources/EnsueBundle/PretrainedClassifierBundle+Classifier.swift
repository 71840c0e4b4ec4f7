// A pre-trained classifier as every bundle of a classifier.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension PretrainedClassifierBundle: TextClassifierBundle {
  /// Family and sizes: `bert 6 × 384`.
  public var title: String { "\(configuration.family.rawValue) \(configuration.layerCount) × \(configuration.width)" }

  public var classifier: any TextClassifier { PretrainedClassifier(model) }

  public func read(_ text: ClassifierText) -> EncodedText {
    let (ids, types, isCut) = encode(text.text, text.pair)
    let whole = { text.pair.map { tokenizer.encoding(ofPair: text.text, $0) } ?? tokenizer.encoding(of: text.text) }
    // One token may stand for none.
    return EncodedText(
      ids: ids, types: text.pair == nil ? nil : types,
      tokenCount: isCut || ids.count == 1 ? whole().ids.count : ids.count)
  }

  /// The digest of all weights and of the tokenizer: the same folder's content has the same one, wherever it lies.
  package var digest: Digest {
    var digest = IncrementalDigest()
    for parameter in model.parameters {
      digest.append(Array(parameter.name.utf8))
      parameter.tensor.floats.withUnsafeBytes { digest.append($0) }
    }
    digest.append(Array(tokenizer.json.description.utf8))
    return digest.digest
  }
}
