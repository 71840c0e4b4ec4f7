// Sequences of symbols, to be reversed or sorted: what a decoder must find in the source is known beforehand. Reversing
// after Graves, Wayne and Danihelka (2014) and their copying, sorting after Vinyals, Bengio and Kudlur (2016).

import EnsueFiles

/// Random sequences: every length of the range equally likely, then every symbol at every place.
public struct SymbolSequences: Sendable, Equatable {
  public let lengths: ClosedRange<Int>
  /// How many different symbols there are.
  public let symbolCount: Int

  /// - Throws: `Failure` of kind `configuration` when a number is out of range.
  public init(shortest: Int = 3, longest: Int = 15, symbolCount: Int = 26) throws {
    try SequenceTaskSetting.check(shortest, in: 1...SequenceTaskSetting.longest, "the shortest sequence")
    try SequenceTaskSetting.check(longest, in: shortest...SequenceTaskSetting.longest, "the longest sequence")
    try SequenceTaskSetting.check(symbolCount, in: 2...65_536, "the different symbols")
    (lengths, self.symbolCount) = (shortest...longest, symbolCount)
  }

  /// A symbol by its number: a letter, or, where there are more than 26, a number of equally many digits. Symbols in
  /// order are in the order of their bytes.
  public func name(of symbol: Int) -> String {
    if symbolCount <= 26 { return String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(symbol))) }
    let digits = String(symbol)
    return String(repeating: "0", count: String(symbolCount - 1).utf8.count - digits.utf8.count) + digits
  }

  func draw(_ random: inout SplitMix64) -> [Int] {
    let length = lengths.lowerBound + random.below(lengths.count)
    return (0..<length).map { _ in random.below(symbolCount) }
  }

  func text(_ symbols: [Int]) -> String { symbols.map(name).joined(separator: " ") }

  var summary: String { "\(lengths.lowerBound) to \(lengths.upperBound) of \(symbolCount) symbols" }
}

/// Symbols to the same from the last to the first.
public struct ReversalPairs: PairGenerator, Equatable {
  public let sequences: SymbolSequences

  public init(_ sequences: SymbolSequences) { self.sequences = sequences }

  public var kind: ParallelDatasetKind { .reversal }
  public var summary: String { "\(sequences.summary) in reverse" }

  package func pair(_ random: inout SplitMix64) -> SentencePair {
    let symbols = sequences.draw(&random)
    return SentencePair(source: sequences.text(symbols), target: sequences.text(symbols.reversed()))
  }
}

/// Symbols to the same in rising order.
public struct SortingPairs: PairGenerator, Equatable {
  public let sequences: SymbolSequences

  public init(_ sequences: SymbolSequences) { self.sequences = sequences }

  public var kind: ParallelDatasetKind { .sorting }
  public var summary: String { "\(sequences.summary) in order" }

  package func pair(_ random: inout SplitMix64) -> SentencePair {
    let symbols = sequences.draw(&random)
    return SentencePair(source: sequences.text(symbols), target: sequences.text(symbols.sorted()))
  }
}
