// A translation model whose kind is known only at run time, as one type: to train, to store, to translate with.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// One of the kinds of translation model.
public enum AnyTranslationModel: Sendable {
  case recurrent(RecurrentTranslator)
  case transformer(TransformerTranslator)

  public var kind: TranslationModelKind {
    switch self {
    case .recurrent: .recurrent
    case .transformer: .transformer
    }
  }

  /// The same model with its weights laid out once, for many runs without a change of weights.
  /// - Parameter precision: of a Transformer; a recurrent model has 32 bits.
  public func prepared(_ precision: WeightPrecisionKind = .full) -> AnyTranslationModel {
    switch self {
    case .recurrent(let model): .recurrent(model.prepared())
    case .transformer(let model): .transformer(model.prepared(precision))
    }
  }

  /// Whether reading a pair takes memory for every symbol of its source at every symbol of its target.
  public var storesPairs: Bool {
    switch self {
    case .recurrent(let model):
      if case .attentive = model.decoder { true } else { false }
    case .transformer: false
    }
  }

  private var translator: any Translator {
    switch self {
    case .recurrent(let model): model
    case .transformer(let model): model
    }
  }
}

extension AnyTranslationModel: Module {
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    // The model is taken out and put back, so that it has one owner and its weights can be changed in place.
    switch consume self {
    case .recurrent(var model):
      model.visit(&visitor)
      self = .recurrent(model)
    case .transformer(var model):
      model.visit(&visitor)
      self = .transformer(model)
    }
  }
}

extension AnyTranslationModel: Translator {
  /// What the model of its kind remembers: one of the parts is there.
  public struct Memory: Sendable {
    fileprivate var recurrent: RecurrentTranslator.Memory?
    fileprivate var transformer: TransformerTranslator.Memory?
  }

  public var sourceVocabularySize: Int { translator.sourceVocabularySize }
  public var contextLength: Int? { translator.contextLength }
  public var sourceLength: Int? { translator.sourceLength }
  public var output: OutputScores { translator.output }

  public func read(sources: PackedTokens, inputs: PackedTokens, _ phase: Phase) throws(Failure) -> Tensor {
    try translator.read(sources: sources, inputs: inputs, phase)
  }

  public func attention(sources: PackedTokens, inputs: PackedTokens) throws(Failure) -> [[[SourceWeights]]] {
    try translator.attention(sources: sources, inputs: inputs)
  }

  public func makeMemory(_ sources: PackedTokens) throws(Failure) -> Memory {
    switch self {
    case .recurrent(let model): Memory(recurrent: try model.makeMemory(sources))
    case .transformer(let model): Memory(transformer: try model.makeMemory(sources))
    }
  }

  public func next(_ tokens: PackedTokens, _ memory: inout Memory) throws(Failure) -> Tensor {
    switch self {
    case .recurrent(let model): try AnyTranslationModel.next(model, tokens, &memory.recurrent)
    case .transformer(let model): try AnyTranslationModel.next(model, tokens, &memory.transformer)
    }
  }

  public func select(_ sequences: [Int], in memory: inout Memory) {
    switch self {
    case .recurrent(let model): AnyTranslationModel.select(model, sequences, &memory.recurrent)
    case .transformer(let model): AnyTranslationModel.select(model, sequences, &memory.transformer)
    }
  }

  public func alignments(in memory: Memory) -> [[SourceWeights]] {
    switch self {
    case .recurrent(let model): memory.recurrent.map(model.alignments) ?? []
    case .transformer(let model): memory.transformer.map(model.alignments) ?? []
    }
  }

  /// The part is taken out and put back, so that a cache has one owner and grows in place.
  private static func next<Model: TranslationModel>(
    _ model: Model, _ tokens: PackedTokens, _ part: inout Model.Memory?
  ) throws(Failure) -> Tensor {
    guard var taken = part.take() else { preconditionFailure("the memory of another kind of translation model") }
    defer { part = taken }
    return try model.next(tokens, &taken)
  }

  private static func select<Model: TranslationModel>(
    _ model: Model, _ sequences: [Int], _ part: inout Model.Memory?
  ) {
    guard var taken = part.take() else { preconditionFailure("the memory of another kind of translation model") }
    model.select(sequences, in: &taken)
    part = taken
  }
}
