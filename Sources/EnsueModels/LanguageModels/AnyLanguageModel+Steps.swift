// Any language model, step by step.

import EnsueFiles
import EnsueTensor

extension AnyLanguageModel: LanguageModel {
  /// What the model of its kind remembers: one of the parts is there.
  public struct Memory: Sendable {
    fileprivate var recurrent: RecurrentLanguageModel.Memory?
    fileprivate var transformer: TransformerLanguageModel.Memory?
    fileprivate var bigram: BigramModel.Memory?
    fileprivate var ngram: NGramModel.Memory?
  }

  public var vocabularySize: Int {
    switch self {
    case .recurrent(let model): model.vocabularySize
    case .transformer(let model): model.vocabularySize
    case .bigram(let model): model.vocabularySize
    case .ngram(let model): model.vocabularySize
    }
  }

  public var contextLength: Int? {
    switch self {
    case .recurrent(let model): model.contextLength
    case .transformer(let model): model.contextLength
    case .bigram(let model): model.contextLength
    case .ngram(let model): model.contextLength
    }
  }

  public func makeMemory(batchSize: Int) -> Memory {
    switch self {
    case .recurrent(let model): Memory(recurrent: model.makeMemory(batchSize: batchSize))
    case .transformer(let model): Memory(transformer: model.makeMemory(batchSize: batchSize))
    case .bigram(let model): Memory(bigram: model.makeMemory(batchSize: batchSize))
    case .ngram(let model): Memory(ngram: model.makeMemory(batchSize: batchSize))
    }
  }

  public func next(_ tokens: PackedTokens, _ memory: inout Memory) throws(Failure) -> Tensor {
    switch self {
    case .recurrent(let model): try AnyLanguageModel.next(model, tokens, &memory.recurrent)
    case .transformer(let model): try AnyLanguageModel.next(model, tokens, &memory.transformer)
    case .bigram(let model): try AnyLanguageModel.next(model, tokens, &memory.bigram)
    case .ngram(let model): try AnyLanguageModel.next(model, tokens, &memory.ngram)
    }
  }

  public func select(_ sequences: [Int], in memory: inout Memory) {
    switch self {
    case .recurrent(let model): AnyLanguageModel.select(model, sequences, &memory.recurrent)
    case .transformer(let model): AnyLanguageModel.select(model, sequences, &memory.transformer)
    case .bigram(let model): AnyLanguageModel.select(model, sequences, &memory.bigram)
    case .ngram(let model): AnyLanguageModel.select(model, sequences, &memory.ngram)
    }
  }

  /// The part is taken out and put back, so that a cache has one owner and grows in place.
  private static func next<Model: LanguageModel>(
    _ model: Model, _ tokens: PackedTokens, _ part: inout Model.Memory?
  ) throws(Failure) -> Tensor {
    guard var taken = part.take() else { preconditionFailure("the memory of another kind of language model") }
    defer { part = taken }
    return try model.next(tokens, &taken)
  }

  private static func select<Model: LanguageModel>(_ model: Model, _ sequences: [Int], _ part: inout Model.Memory?) {
    guard var taken = part.take() else { preconditionFailure("the memory of another kind of language model") }
    model.select(sequences, in: &taken)
    part = taken
  }
}
