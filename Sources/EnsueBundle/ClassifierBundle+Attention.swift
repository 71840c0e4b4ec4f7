// Looking at a bundle's attention.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension ClassifierBundle: AttendingBundle {
  public func attention(in text: String, pair: String?) throws(Failure) -> AttentionReading {
    guard (pair != nil) == readsPairs else {
      let (expected, found) =
        readsPairs ? ("a second text", "none") : ("a model for pairs of texts", architecture.kind.rawValue)
      throw Failure(.usage, at: "--pair", "\(expected) expected, found \(found)")
    }
    let classifier = try attendingClassifier()
    let sentence = encoder.read(ClassifierText(text, pair))
    try AttentionReading.check(
      weightCount: classifier.attentionWeightCount(tokenCount: sentence.ids.count), tokenCount: sentence.ids.count,
      of: text)
    // Breaks between sentences and between texts have one id.
    let words = sentence.ids.indices.filter { sentence.ids[$0] != DocumentTokens.sentenceBreak }
    let (label, probabilities) = classify(text, pair: pair)
    return AttentionReading(
      text: text, pair: pair, tokens: words.map { sentence.tokens[$0] },
      isUnknown: words.map { sentence.ids[$0] == Int32(Vocabulary.unknownID) }, label: label,
      probability: probabilities.max() ?? 0, maps: classifier.attentionMaps(of: sentence),
      isCut: encoder.encode(ClassifierText(text, pair)).isCut)
  }

  /// The model, if its attention can be looked at.
  /// - Throws: `Failure` of kind `usage` that names the classifiers of which it can.
  public func attendingClassifier() throws(Failure) -> any AttendingClassifier {
    if architecture.hasAttention, let classifier = model as? any AttendingClassifier { return classifier }
    guard !architecture.lacksWeightsOfBlocks else {
      throw Failure(
        .usage,
        "attention weights expected, found the kernel \(architecture.attentionKernel.rawValue), which makes none",
        advice: "Train with --attention-kernel softmax to look at weights.")
    }
    let attentive = ClassifierKind.allCases.filter { $0.hasAttentiveBlocks || $0.readsSentences || $0.readsPairs }
      .map(\.rawValue)
    let recurrent = architecture.kind.cell == nil ? "" : " with pooling \(architecture.pooling.rawValue)"
    throw Failure(
      .usage, "a classifier with attention expected, found \(architecture.kind.rawValue)\(recurrent)",
      advice:
        "Such are \(attentive.joined(separator: ", ")), and recurrent ones trained with --pooling attention.")
  }
}
