// Words to sentences to a document (Yang et al., Hierarchical attention networks for document classification, 2016).

import EnsueTensor

/// What a hierarchical attention network needs to be told.
public struct HierarchicalAttentionConfiguration: Sendable {
  /// The width of word vectors.
  public var inputSize: Int
  /// Units of each direction of either encoder.
  public var hiddenSize: Int
  public var cell: RecurrentCellKind
  /// Of both levels. Yang et al. score tanh(W h + b)·u: the additive function with a learned query.
  public var score: AttentionScoreKind
  public var distribution: AttentionDistributionKind

  public init(
    inputSize: Int, hiddenSize: Int, cell: RecurrentCellKind = .gru, score: AttentionScoreKind = .additive,
    distribution: AttentionDistributionKind = .softmax
  ) {
    (self.inputSize, self.hiddenSize, self.cell) = (inputSize, hiddenSize, cell)
    (self.score, self.distribution) = (score, distribution)
  }
}

/// A bidirectional encoder over the words of each sentence and attention over its states; the same over the sentences
/// of each document.
public struct HierarchicalAttention: Module {
  public var wordEncoder: RecurrentStack
  public var wordAttention: AttentionPooling
  public var sentenceEncoder: RecurrentStack
  public var sentenceAttention: AttentionPooling

  public init(_ configuration: HierarchicalAttentionConfiguration, key: RandomKey) {
    let c = configuration
    func encoder(_ inputSize: Int, _ key: RandomKey) -> RecurrentStack {
      RecurrentStack(
        c.cell.formula(), cell: RecurrentCellConfiguration(inputSize: inputSize, hiddenSize: c.hiddenSize),
        RecurrentStackConfiguration(isBidirectional: true), key: key)
    }
    let size = 2 * c.hiddenSize
    let attention = AttentionConfiguration(score: c.score, distribution: c.distribution, querySize: size)
    wordEncoder = encoder(c.inputSize, key.derived("wordEncoder"))
    wordAttention = AttentionPooling(attention, key: key.derived("wordAttention"))
    sentenceEncoder = encoder(size, key.derived("sentenceEncoder"))
    sentenceAttention = AttentionPooling(attention, key: key.derived("sentenceAttention"))
  }

  public var outputSize: Int { sentenceEncoder.outputSize }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("wordEncoder", &wordEncoder)
    visitor.module("wordAttention", &wordAttention)
    visitor.module("sentenceEncoder", &sentenceEncoder)
    visitor.module("sentenceAttention", &sentenceAttention)
  }

  /// - Parameters:
  ///   - sentences: the word vectors of all sentences of all documents.
  ///   - documents: for each sentence in the caller's order, the document it belongs to: 0, 1, …, none left out. The
  ///     sentences of a document keep their order.
  public func callAsFunction(
    _ sentences: PackedSequence, documents: [Int], _ phase: Phase = .inference
  ) -> HierarchicalAttentionOutput {
    precondition(
      documents.count == sentences.layout.batchSize,
      "hierarchical attention: \(documents.count) documents named for \(sentences.layout.batchSize) sentences")
    let words = wordAttention(wordEncoder(sentences, phase.derived("words")).output)
    let grouped = grouped(words.vectors.gathered(sentences.layout.positions), documents)
    let pooled = sentenceAttention(sentenceEncoder(grouped, phase.derived("sentences")).output)
    return HierarchicalAttentionOutput(
      documents: pooled.vectors.gathered(grouped.layout.positions), words: words.attention,
      sentences: pooled.attention)
  }

  /// The sentence vectors, in the caller's order, as sequences: one a document.
  private func grouped(_ vectors: Tensor, _ documents: [Int]) -> PackedSequence {
    var members = [[Int32]](repeating: [], count: (documents.max() ?? -1) + 1)
    for (sentence, document) in documents.enumerated() {
      precondition(document >= 0, "hierarchical attention: documents are numbered from 0, found \(document)")
      members[document].append(Int32(sentence))
    }
    precondition(members.allSatisfy { !$0.isEmpty }, "hierarchical attention: a document without a sentence")
    let places = PackedTokens(members)
    return PackedSequence(layout: places.layout, values: vectors.gathered(places.ids))
  }
}

/// What a hierarchical attention network gives.
public struct HierarchicalAttentionOutput: Sendable {
  /// [documents, outputSize], in the order of their numbers.
  public let documents: Tensor
  /// The weights of the words; its sequences are the sentences.
  public let words: AttentionOutput
  /// The weights of the sentences; its sequences are the documents.
  public let sentences: AttentionOutput
}
