// What every translation model does when it writes step by step.

import EnsueFiles
import EnsueTensor

/// How much a step takes of each step of a source.
public typealias SourceWeights = [Float]

/// A distribution of the next symbol of a target given its source and all symbols before.
///
/// A target's first input is the symbol that marks its beginning; a source ends in whatever the model was trained with.
public protocol TranslationModel: StepwiseModel {
  /// Symbols of sources are numbered 0 ..< sourceVocabularySize.
  var sourceVocabularySize: Int { get }

  /// Symbols of a source that the model has places for; nil where there is no end.
  var sourceLength: Int? { get }

  /// Reads sources: the memory has one hypothesis each, in the caller's order, before its first symbol. `select` makes
  /// several of one.
  /// - Throws: `Failure` of kind `data` where a source is longer than the model has places for.
  func makeMemory(_ sources: PackedTokens) throws(Failure) -> Memory

  /// How the last step of `next` attended to the source: for each head and each hypothesis of the memory a weight for
  /// each step of its source, as it was given. Heads of several layers follow each other, the lowest layer first.
  /// Empty where the model has no attention, or before the first step.
  func alignments(in memory: Memory) -> [[SourceWeights]]
}

extension TranslationModel {
  public var sourceLength: Int? { nil }
}
