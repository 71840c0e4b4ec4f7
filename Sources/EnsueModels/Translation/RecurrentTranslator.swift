// A recurrent encoder–decoder.

import EnsueFiles
import EnsueLayers
import EnsueTensor

public struct RecurrentTranslator: Translator {
  public struct Memory: Sendable {}
  public var embeddings: TranslationEmbeddings

  public init(_ configuration: RecurrentTranslatorConfiguration, key: RandomKey) throws(Failure) {
    try configuration.check()
    throw Failure(.configuration, at: "model", "recurrent translators are being written")
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) { visitor.module("embedding", &embeddings) }

  public var sourceVocabularySize: Int { embeddings.source.weight.shape[0] }
  public var contextLength: Int? { nil }
  public var output: OutputScores { OutputScores(weight: embeddings.target.weight, bias: nil) }
  public func read(sources: PackedTokens, inputs: PackedTokens, _ phase: Phase) throws(Failure) -> Tensor {
    embeddings.target(inputs).values
  }
  public func attention(sources: PackedTokens, inputs: PackedTokens) throws(Failure) -> [[[SourceWeights]]] { [] }
  public func makeMemory(_ sources: PackedTokens) throws(Failure) -> Memory { Memory() }
  public func next(_ tokens: PackedTokens, _ memory: inout Memory) throws(Failure) -> Tensor {
    output(embeddings.target(tokens).last())
  }
  public func select(_ sequences: [Int], in memory: inout Memory) {}
  public func alignments(in memory: Memory) -> [[SourceWeights]] { [] }
}
