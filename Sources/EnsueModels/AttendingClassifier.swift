// Classifiers whose attention can be looked at.

import EnsueLayers
import EnsueTensor

/// A classifier that weighs words by attention.
public protocol AttendingClassifier: TextClassifier {
  /// The attention weights of a sentence in inference: those that its logits come from.
  /// - Returns: the maps by layer and head; none where this classifier was made without attention.
  func attentionMaps(of sentence: TokenizedSentence) -> [AttentionMap]

  /// How many weights `attentionMaps` gives for a sentence of so many tokens, at most; in floating point, which does not
  /// overflow, so that a sentence can be judged before memory is taken.
  func attentionWeightCount(tokenCount: Int) -> Double
}

extension SelfAttentionClassifier: AttendingClassifier where Attention == MultiHeadAttention {
  public func attentionMaps(of sentence: TokenizedSentence) -> [AttentionMap] {
    let weights = blocks.weights(input(PackedTokens([sentence.ids]), .inference), reach: reach)
    return AttentionMap.selfAttention(weights.map { $0[0] }, of: sentence.tokens)
  }

  public func attentionWeightCount(tokenCount: Int) -> Double { blocks.weightCount(tokenCount: tokenCount) }
}

extension EncoderClassifier: AttendingClassifier where Attention == MultiHeadAttention {
  public func attentionMaps(of sentence: TokenizedSentence) -> [AttentionMap] {
    let weights = encoder.blocks.weights(input(PackedTokens([sentence.ids]), .inference), reach: reach)
    return AttentionMap.selfAttention(weights.map { $0[0] }, of: sentence.tokens)
  }

  public func attentionWeightCount(tokenCount: Int) -> Double { encoder.blocks.weightCount(tokenCount: tokenCount) }
}

extension [TransformerEncoderBlock] {
  fileprivate func weightCount(tokenCount: Int) -> Double {
    Double(reduce(0) { $0 + $1.attention.headCount }) * Double(tokenCount) * Double(tokenCount)
  }
}

extension RecurrentClassifier: AttendingClassifier {
  public func attentionMaps(of sentence: TokenizedSentence) -> [AttentionMap] {
    guard let weights = pooling.weights(encoder(embedding(PackedTokens([sentence.ids])))) else { return [] }
    return [
      AttentionMap(
        level: AttentionLevelKind(pooling.readingKind), layer: 1, queries: ["sentence"], keys: sentence.tokens,
        weights: weights)
    ]
  }

  public func attentionWeightCount(tokenCount: Int) -> Double { Double(tokenCount) }
}

extension HierarchicalClassifier: AttendingClassifier {
  /// Layer 1 has a map for each sentence, over its words; layer 2 is the document's, over its sentences.
  public func attentionMaps(of sentence: TokenizedSentence) -> [AttentionMap] {
    let output = read(DocumentTokens(PackedTokens([sentence.ids])), .inference)
    let sentences = DocumentTokens.sentences(of: sentence.ids).map { Array(sentence.tokens[$0]) }
    let names = sentences.indices.map { "sentence \($0 + 1)" }
    let words = sentences.indices.map {
      AttentionMap(
        level: .words, layer: 1, queries: [names[$0]], keys: sentences[$0], weights: output.words.alignment(of: $0))
    }
    return words + [
      AttentionMap(
        level: .sentences, layer: 2, queries: ["document"], keys: names, weights: output.sentences.alignment(of: 0))
    ]
  }

  public func attentionWeightCount(tokenCount: Int) -> Double { 2 * Double(tokenCount) }
}
