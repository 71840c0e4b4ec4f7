// A language model of characters: the model of ml5's charRNN, after Karpathy's char-rnn (2015).

import EnsueTensor

/// Embedding, recurrent layers, and a score for each character that may come next.
public struct CharRNN: Module {
  public var embedding: Embedding
  public var encoder: RecurrentStack
  public var output: Linear

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  /// The scores [rows, characters] of what comes after each character, and the states at the ends.
  /// - Parameter states: as an earlier call gave them; nil for the beginning of a text.
  public func callAsFunction(
    _ tokens: PackedTokens, from states: [[RecurrentState]]? = nil
  ) -> (logits: Tensor, states: [[RecurrentState]]) {
    let encoding = encoder(embedding(tokens), from: states)
    return (output(encoding.output.values), encoding.finalStates)
  }
}
