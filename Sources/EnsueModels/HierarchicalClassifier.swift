// The hierarchical attention network as a classifier of documents (Yang, Yang, Dyer, He, Smola and Hovy, Hierarchical
// attention networks for document classification, 2016).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Word vectors → a bidirectional encoder over each sentence → attention over its words → a bidirectional encoder over
/// the sentences → attention over them → linear layer to classes.
///
/// Where sentences end is in the ids (`DocumentTokens`). Without a score of its own attention is additive with a learned
/// query, the paper's v · tanh(W h + b).
public struct HierarchicalClassifier: TextClassifier {
  package var embedding: WordEmbedding
  public internal(set) var network: HierarchicalAttention
  package var output: Linear
  let dropout: SequenceDropout
  let wordDropout: WordDropout

  init(_ configuration: ClassifierConfiguration, formula: CellFormula, embeddings weights: [Tensor], key: RandomKey) {
    embedding = configuration.makeEmbedding(weights, key: key)
    func encoder(_ inputSize: Int, _ key: RandomKey) -> RecurrentStack {
      RecurrentStack(
        formula, cell: configuration.cellConfiguration(inputSize: inputSize),
        configuration.stackConfiguration(isBidirectional: true), key: key)
    }
    let wordEncoder = encoder(embedding.featureCount, key.derived("wordEncoder"))
    let sentenceEncoder = encoder(wordEncoder.outputSize, key.derived("sentenceEncoder"))
    let functions = configuration.stateAttention
    network = HierarchicalAttention(
      wordEncoder: wordEncoder,
      wordAttention: AttentionPooling(
        functions.attention(featureCount: wordEncoder.outputSize), key: key.derived("wordAttention")),
      sentenceEncoder: sentenceEncoder,
      sentenceAttention: AttentionPooling(
        functions.attention(featureCount: sentenceEncoder.outputSize), key: key.derived("sentenceAttention")))
    output = Linear(
      inputSize: network.outputSize, outputSize: configuration.classCount, key: key.derived("output"))
    dropout = SequenceDropout(rate: configuration.dropout, dropsWholeSequences: configuration.dropsWholeSequences)
    wordDropout = WordDropout(rate: configuration.wordDropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    network.visit(&visitor)
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    let vectors = read(DocumentTokens(tokens), phase).documents
    return output(dropout.values(vectors, phase.derived("document")))
  }

  /// The vectors of the documents with the weights that made them.
  func read(_ tokens: DocumentTokens, _ phase: Phase) -> HierarchicalAttentionOutput {
    let words = wordDropout(embedding(tokens.sentences), of: tokens.sentences, phase.derived("words"))
    return network(
      dropout(words, phase.derived("embedding")), documents: tokens.documents, phase.derived("network"))
  }
}
