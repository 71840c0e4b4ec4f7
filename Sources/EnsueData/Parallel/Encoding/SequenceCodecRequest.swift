// What symbols source and target are made of, and how their vocabularies come about.

import EnsueFiles
import EnsueText

/// A request for the codecs of both sides.
public struct SequenceCodecRequest: Sendable, Equatable {
  public var level: TokenLevelKind
  /// The largest number of ids of a vocabulary without the two ends; nil: all of words and characters, 8,000 subwords.
  public var size: Int?
  /// Rarer words and characters are unknown; how often a pair must occur to become a subword.
  public var minimumCount: Int
  /// Which subwords are trained.
  public var trainer: SubwordTrainerKind
  /// Whether subwords are trained and read without capital letters.
  public var lowercases: Bool
  /// Tokenizers in place of trained ones: none, one for both sides, or the source's and the target's.
  public var tokenizerPaths: [String]
  /// One vocabulary for both sides, from the text of both.
  public var isJoint: Bool

  public init(
    level: TokenLevelKind, size: Int? = nil, minimumCount: Int = 1,
    trainer: SubwordTrainerKind = .sentencePieceBytePair, lowercases: Bool = false, tokenizerPaths: [String] = [],
    isJoint: Bool = false
  ) {
    self.level = level
    self.size = size
    self.minimumCount = minimumCount
    self.trainer = trainer
    self.lowercases = lowercases
    self.tokenizerPaths = tokenizerPaths
    self.isJoint = isJoint
  }

  /// Makes the codecs of both sides from training pairs.
  /// - Throws: `Failure` of kind `configuration` for settings that cannot be, of other kinds for a tokenizer that cannot
  ///   be read or trained.
  public func codecs(for dataset: ParallelDataset) throws -> SequenceCodecs {
    try check()
    if !tokenizerPaths.isEmpty { return try readCodecs() }
    var maker = SequenceCodecMaker(request: self)
    if isJoint {
      let codec = try maker.codec(of: dataset.pairs.flatMap { [$0.source, $0.target] }, "both sides")
      return SequenceCodecs(source: codec, target: codec, isJoint: true, notes: maker.notes)
    }
    let source = try maker.codec(of: dataset.pairs.map(\.source), "source")
    let target = try maker.codec(of: dataset.pairs.map(\.target), "target")
    return SequenceCodecs(source: source, target: target, isJoint: false, notes: maker.notes)
  }

  private func readCodecs() throws -> SequenceCodecs {
    let codecs = try tokenizerPaths.map { SequenceCodec(.subwords(try SubwordTokenizer(contentsOf: $0))) }
    let notes = zip(tokenizerPaths, codecs).map { path, codec in
      "\(path): \(PrintedNumber.grouped(codec.codec.vocabularySize)) subwords"
    }
    let isJoint = codecs.count == 1
    return SequenceCodecs(
      source: codecs[0], target: codecs[isJoint ? 0 : 1], isJoint: isJoint, notes: notes)
  }

  private func check() throws {
    if let size, !(4...SubwordTrainingOptions.largestVocabulary ~= size) {
      throw wrong("the size of the vocabulary", "4 to \(SubwordTrainingOptions.largestVocabulary)", "\(size)")
    }
    guard minimumCount >= 1 else { throw wrong("the minimum count", "a number from 1 on", "\(minimumCount)") }
    guard tokenizerPaths.count <= 2 else {
      throw wrong("the tokenizers", "one or two files", "\(tokenizerPaths.count)")
    }
    if !tokenizerPaths.isEmpty, level != .subwords {
      throw wrong("the level", "subwords, which the tokenizer makes,", level.rawValue)
    }
    if tokenizerPaths.count == 2, isJoint {
      throw wrong("the tokenizers", "one file for a vocabulary of both sides", "2")
    }
  }

  private func wrong(_ place: String, _ expected: String, _ found: String) -> Failure {
    Failure(.configuration, at: place, "\(expected) expected, found \(found)")
  }
}

/// The codecs of both sides.
public struct SequenceCodecs: Sendable, Equatable {
  public let source: SequenceCodec
  public let target: SequenceCodec
  /// Whether they are one, so that embeddings can be shared.
  public let isJoint: Bool
  /// How they came about, a line each.
  public let notes: [String]
}
