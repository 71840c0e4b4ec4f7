// Looking at a bundle's attention.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension ClassifierBundle: AttendingBundle {
  public func attention(in text: String, pair: String?) throws(Failure) -> AttentionReading {
    guard pair == nil else {
      throw Failure(.usage, at: "--pair", "a pre-trained encoder expected, found \(architecture.kind.rawValue)")
    }
    let classifier = try attendingClassifier()
    let sentence = encoder.read(text)
    try AttentionReading.check(
      weightCount: classifier.attentionWeightCount(tokenCount: sentence.ids.count), tokenCount: sentence.ids.count,
      of: text)
    let words = sentence.ids.indices.filter { sentence.ids[$0] != DocumentTokens.sentenceBreak }
    let (label, probabilities) = classify(text)
    return AttentionReading(
      text: text, tokens: words.map { sentence.tokens[$0] },
      isUnknown: words.map { sentence.ids[$0] == Int32(Vocabulary.unknownID) }, label: label,
      probability: probabilities.max() ?? 0, maps: classifier.attentionMaps(of: sentence))
  }

  /// The model, if its attention can be looked at.
  /// - Throws: `Failure` of kind `usage` that names the classifiers of which it can.
  public func attendingClassifier() throws(Failure) -> any AttendingClassifier {
    if architecture.hasAttention, let classifier = model as? any AttendingClassifier { return classifier }
    let attentive = ClassifierKind.allCases.filter { $0.hasAttentiveBlocks || $0.readsSentences }.map(\.rawValue)
    let recurrent = architecture.kind.cell == nil ? "" : " with pooling \(architecture.pooling.rawValue)"
    throw Failure(
      .usage, "a classifier with attention expected, found \(architecture.kind.rawValue)\(recurrent)",
      advice:
        "Such are \(attentive.joined(separator: ", ")), and recurrent ones trained with --pooling attention.")
  }
}
