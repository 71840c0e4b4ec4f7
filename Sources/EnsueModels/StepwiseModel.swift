// What every model does that writes symbol after symbol: give scores of the next one, and remember.

import EnsueFiles
import EnsueTensor

/// A distribution of the next symbol given all before it, read a step at a time.
///
/// What is read in pieces gives bit for bit the scores of the whole, and the scores of a sequence do not depend on the
/// sequences beside it: generation and beam search (`EnsueDecoding`) rest on both. How a memory begins is each
/// protocol's own: of a text from nothing (`LanguageModel`), of a translation from its source (`TranslationModel`).
public protocol StepwiseModel: Sendable {
  /// What is kept of the symbols that were read: recurrent states, cached keys and values, an n-gram's context. It
  /// belongs to the model that made it, with the weights it had then.
  associatedtype Memory: Sendable

  /// Symbols are numbered 0 ..< vocabularySize.
  var vocabularySize: Int { get }

  /// Symbols of a sequence that the model is made to see at once; nil where there is no end.
  var contextLength: Int? { get }

  /// Reads further symbols of every sequence, and scores the one after the last of each.
  /// - Parameters:
  ///   - tokens: of each sequence of the memory, in its order, one symbol or more.
  ///   - memory: what was read before.
  /// - Returns: [batch, vocabulary], in the order of the memory. Scores are logarithms of probabilities but for a
  ///   number that is the same for all symbols of a row.
  /// - Throws: `Failure` of kind `data` where a sequence grows longer than the model has places for; the memory is then
  ///   unchanged. Whoever keeps within `contextLength` never meets it.
  func next(_ tokens: PackedTokens, _ memory: inout Memory) throws(Failure) -> Tensor

  /// Keeps these sequences of the memory, in this order; one may be kept several times.
  /// - Parameter sequences: numbers of sequences of the memory, at least one.
  func select(_ sequences: [Int], in memory: inout Memory)
}
