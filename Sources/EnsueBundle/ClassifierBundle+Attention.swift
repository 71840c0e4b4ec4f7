// Looking at a bundle's attention.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension ClassifierBundle {
  /// Numbers of all maps of a text together, at most: a text of 590 tokens for six layers of eight heads.
  public static let attentionLimit = 1 << 24

  /// The attention weights of a text, in inference.
  /// - Throws: `Failure` of kind `usage` where the classifier has no attention; of kind `data` where the text is so long
  ///   that its maps would have more than `attentionLimit` numbers.
  public func attention(in text: String) throws(Failure) -> AttentionReading {
    let classifier = try attendingClassifier()
    let sentence = encoder.read(text)
    let count = classifier.attentionWeightCount(tokenCount: sentence.ids.count)
    guard count <= Double(ClassifierBundle.attentionLimit) else {
      throw Failure(
        .data, at: Failure.shown(String(text.unicodeScalars.prefix(40))),
        "at most \(ClassifierBundle.attentionLimit) attention weights expected, found \(UInt64(count)) of"
          + " \(sentence.ids.count) tokens",
        advice: "Give a shorter text.")
    }
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
        "Attention have \(attentive.joined(separator: ", ")), and recurrent ones trained with --pooling attention.")
  }
}
