// The tokens of pairs of texts.

import EnsueLayers
import EnsueTensor

/// The two texts of each pair of a batch.
///
/// A pair's ids are those of its texts with `textBreak` between, the id of padding, which no word has. So a pair
/// travels as any sentence does.
public struct PairTokens: Sendable, Equatable {
  /// The id between two texts.
  public static let textBreak = Int32(Embedding.paddingRow)

  /// In the caller's order, as many as `second` has.
  public let first: PackedTokens
  public let second: PackedTokens

  /// A text without a word, or that is not there, is one unknown word; breaks after the first are no words.
  public init(_ tokens: PackedTokens) {
    let pairs = tokens.sequences
    first = PairTokens.words(pairs.map { $0[PairTokens.texts(of: $0).first] })
    second = PairTokens.words(pairs.map { $0[PairTokens.texts(of: $0).second] })
  }

  private static func words(_ texts: [ArraySlice<Int32>]) -> PackedTokens {
    PackedTokens(
      texts.map { text in
        let words = text.filter { $0 != textBreak }
        return words.isEmpty ? [Int32(Embedding.unknownRow)] : words
      })
  }

  /// The texts among a pair's ids.
  static func texts(of ids: [Int32]) -> (first: Range<Int>, second: Range<Int>) {
    let end = ids.firstIndex(of: textBreak) ?? ids.count
    return (0..<end, min(end + 1, ids.count)..<ids.count)
  }
}
