// A classifier of pairs of texts that attend to each other (the parallel co-attention of Lu, Yang, Batra and Parikh,
// Hierarchical question-image co-attention for visual question answering, 2016, between two texts; the joined vectors
// of Conneau, Kiela, Schwenk, Barrault and Bordes, Supervised learning of universal sentence representations, 2017).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Word vectors → one bidirectional encoder over each text → co-attention → for each text the attended vector, mean and
/// maximum of its states: u and v → [u; v; |u − v|; u ⊙ v] → linear layer to classes.
///
/// Where the first text ends is in the ids (`PairTokens`).
public struct CoAttentionClassifier: TextClassifier {
  package var embedding: WordEmbedding
  package var encoder: RecurrentStack
  package var coAttention: CoAttention
  package var output: Linear
  private let dropout: SequenceDropout
  private let wordDropout: WordDropout

  init(_ configuration: ClassifierConfiguration, formula: CellFormula, embeddings weights: [Tensor], key: RandomKey) {
    embedding = configuration.makeEmbedding(weights, key: key)
    encoder = RecurrentStack(
      formula, cell: configuration.cellConfiguration(inputSize: embedding.featureCount),
      configuration.stackConfiguration(isBidirectional: true), key: key.derived("encoder"))
    coAttention = CoAttention(
      firstSize: encoder.outputSize, secondSize: encoder.outputSize, hiddenSize: configuration.hiddenSize,
      key: key.derived("coAttention"))
    output = Linear(
      inputSize: 4 * 3 * encoder.outputSize, outputSize: configuration.classCount, key: key.derived("output"))
    dropout = SequenceDropout(rate: configuration.dropout, dropsWholeSequences: configuration.dropsWholeSequences)
    wordDropout = WordDropout(rate: configuration.wordDropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("encoder", &encoder)
    visitor.module("coAttention", &coAttention)
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    let (first, second, attended) = read(PairTokens(tokens), phase)
    let (u, v) = (
      CoAttentionClassifier.vectors(first, attended.first), CoAttentionClassifier.vectors(second, attended.second)
    )
    let difference = u - v
    let distance = relu(difference) + relu(-difference)
    return output(dropout.values(concatenated([u, v, distance, u * v]), phase.derived("pair")))
  }

  /// The states of the texts, and what they make of each other.
  func read(
    _ pairs: PairTokens, _ phase: Phase
  ) -> (first: PackedSequence, second: PackedSequence, attended: CoAttentionOutput) {
    let first = states(pairs.first, phase.derived("first"), words: phase.derived("words"))
    let second = states(pairs.second, phase.derived("second"), words: phase.derived("words"))
    return (first, second, coAttention(first, second))
  }

  /// - Parameter words: of the words that are left out, the same for both texts.
  private func states(_ tokens: PackedTokens, _ phase: Phase, words: Phase) -> PackedSequence {
    let vectors = wordDropout(embedding(tokens), of: tokens, words)
    return encoder(dropout(vectors, phase.derived("embedding")), phase.derived("encoder")).output
  }

  /// [batch, 3 × width], in the caller's order.
  private static func vectors(_ states: PackedSequence, _ side: CoAttentionOutput.Side) -> Tensor {
    concatenated([side.vectors, states.layout.inCallersOrder(concatenated([states.mean(), states.maximum()]))])
  }
}

extension CoAttentionClassifier: AttendingClassifier {
  /// The affinities of the words of the first text (queries) with those of the second (keys), from -1 to 1.
  public func attentionMaps(of sentence: TokenizedSentence) -> [AttentionMap] {
    let affinities = read(PairTokens(PackedTokens([sentence.ids])), .inference).attended.affinities.doubles
    let texts = PairTokens.texts(of: sentence.ids)
    let (queries, keys) = (Array(sentence.tokens[texts.first]), Array(sentence.tokens[texts.second]))
    return [
      AttentionMap(
        level: .coAttention, layer: 1, queries: queries, keys: keys,
        weights: queries.indices.map { Array(affinities[$0 * keys.count..<($0 + 1) * keys.count]) })
    ]
  }

  public func attentionWeightCount(tokenCount: Int) -> Double { Double(tokenCount) * Double(tokenCount) / 4 }
}
