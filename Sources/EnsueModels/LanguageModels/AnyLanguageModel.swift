// A language model whose kind is known only at run time, as one type: to train, to store, to write with.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// One of the kinds of language model.
public enum AnyLanguageModel: Sendable {
  case recurrent(RecurrentLanguageModel)
  case transformer(TransformerLanguageModel)
  case bigram(BigramModel)
  case ngram(NGramModel)

  public var kind: LanguageModelKind {
    switch self {
    case .recurrent: .recurrent
    case .transformer: .transformer
    case .bigram: .bigram
    case .ngram: .ngram
    }
  }

  /// The same model with its weights laid out once, for many runs without a change of weights.
  public func prepared() -> AnyLanguageModel {
    switch self {
    case .recurrent(let model): .recurrent(model.prepared())
    case .transformer(let model): .transformer(model.prepared())
    case .bigram, .ngram: self
    }
  }
}

extension AnyLanguageModel: Module {
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    // The model is taken out and put back, so that it has one owner and its weights can be changed in place.
    switch consume self {
    case .recurrent(var model):
      model.visit(&visitor)
      self = .recurrent(model)
    case .transformer(var model):
      model.visit(&visitor)
      self = .transformer(model)
    case .bigram(var model):
      model.visit(&visitor)
      self = .bigram(model)
    case .ngram(let model):
      self = .ngram(model)
    }
  }
}

extension AnyLanguageModel {
  /// Scores of the symbol after every packed row, [rows, vocabulary], and the states after them where there are any.
  /// - Parameter states: after the segment before; nil at the start of a text.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the learned positions.
  public func scores(
    _ tokens: PackedTokens, from states: [[RecurrentState]]? = nil
  ) throws(Failure) -> (logits: Tensor, states: [[RecurrentState]]?) {
    switch self {
    case .recurrent(let model):
      let output = model(tokens, from: states)
      return (output.logits, output.states)
    case .transformer(let model): return (try model(tokens), nil)
    case .bigram(let model): return (model(tokens), nil)
    case .ngram(let model): return (AnyLanguageModel.scores(model, tokens), nil)
    }
  }

  /// The same scores in blocks of rows, one after another, so that a long segment of a large vocabulary fits memory.
  /// - Parameters:
  ///   - states: after the segment before; nil at the start of a text.
  ///   - route: where streams are cut into several sequences: between them and the states before and after.
  ///   - rowLimit: rows whose scores exist at a time.
  ///   - body: gets the scores of the next rows, [rows, vocabulary].
  /// - Returns: the states after the last step, where there are any.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the learned positions, and what `body` throws.
  public func forEachBlock(
    of tokens: PackedTokens, from states: [[RecurrentState]]? = nil, by route: StateRoute? = nil, rowLimit: Int,
    _ body: (Tensor) throws -> Void
  ) throws -> [[RecurrentState]]? {
    var after: [[RecurrentState]]?
    let scores: (Range<Int>) -> Tensor
    switch self {
    case .recurrent(let model):
      let outputs = model.outputs(tokens, from: model.states(states, by: route, tokens.layout))
      after = route?.carried(outputs.states, tokens.layout) ?? outputs.states
      scores = { model.output(outputs.rows.sliced($0, axis: 0)) }
    case .transformer(let model):
      let outputs = try model.states(tokens, .inference)
      scores = { model.scores(outputs.sliced($0, axis: 0)) }
    case .bigram(let model): scores = { model.table.gathered(Array(tokens.ids[$0])) }
    case .ngram(let model):
      let contexts = AnyLanguageModel.contexts(model, tokens)
      scores = { model.scores(after: Array(contexts[$0])) }
    }
    for start in stride(from: 0, to: tokens.layout.rowCount, by: rowLimit) {
      try body(scores(start..<min(start + rowLimit, tokens.layout.rowCount)))
    }
    return after
  }

  /// The mean cross-entropy of the symbols that follow, and the states after them where there are any.
  /// - Parameters:
  ///   - targets: of every packed row, the symbol after it.
  ///   - states: after the segment before; nil at the start of a text.
  ///   - route: where streams are cut into several sequences: between them and the states before and after.
  ///   - sampling: in training, the symbols to compare the targets with; nil for all. Of models with an output layer.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the learned positions.
  public func loss(
    _ inputs: PackedTokens, targets: [Int], from states: [[RecurrentState]]? = nil, by route: StateRoute? = nil,
    labelSmoothing: Double = 0, sampling: SampledSoftmax? = nil, _ phase: Phase
  ) throws(Failure) -> (loss: Tensor, states: [[RecurrentState]]?) {
    switch self {
    case .recurrent(let model):
      let result = model.loss(
        inputs, targets: targets, from: model.states(states, by: route, inputs.layout),
        labelSmoothing: labelSmoothing, sampling: sampling, phase)
      return (result.loss, route?.carried(result.states, inputs.layout) ?? result.states)
    case .transformer(let model):
      return (
        try model.loss(inputs, targets: targets, labelSmoothing: labelSmoothing, sampling: sampling, phase), nil
      )
    case .bigram(let model): return (model.loss(inputs, targets: targets), nil)
    case .ngram(let model):
      return (
        crossEntropy(
          logits: AnyLanguageModel.scores(model, inputs), targets: targets, labelSmoothing: labelSmoothing), nil
      )
    }
  }

  private static func scores(_ model: NGramModel, _ tokens: PackedTokens) -> Tensor {
    model.scores(after: contexts(model, tokens))
  }

  /// Of every row of a counted model what stands before it in its sequence, and the row's symbol.
  private static func contexts(_ model: NGramModel, _ tokens: PackedTokens) -> [[Int32]] {
    let sequences = tokens.sequences
    var contexts: [[Int32]] = []
    for step in 0..<tokens.layout.stepCount {
      for position in 0..<tokens.layout.aliveCount(at: step) {
        contexts.append(Array(sequences[tokens.layout.order[position]][...step].suffix(model.order - 1)))
      }
    }
    return contexts
  }
}

extension RecurrentLanguageModel {
  /// The states that sequences begin with, longest first; nil where all begin anew.
  fileprivate func states(
    _ carried: [[RecurrentState]]?, by route: StateRoute?, _ layout: PackedLayout
  ) -> [[RecurrentState]]? {
    guard let carried, let route else { return carried }
    return route.states(from: carried, encoder, layout)
  }
}
