// One part of a language run's data: ids, and what is known of the text they are from.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueText

/// The ids to train, validate or test on.
public struct LanguagePart: Sendable {
  public let source: any TokenSource
  /// nil where nobody has counted: in an older corpus, or a part of one.
  public let measure: TextMeasure?
  /// Ids that the vocabulary does not have; nil where nobody has counted.
  public let unknownCount: Int?
  /// The file or folder, for messages.
  let place: String

  /// Ids whose text is not at hand.
  /// - Parameter place: where they are from, for messages.
  public init(_ source: some TokenSource, place: String = "") {
    (self.source, measure, unknownCount, self.place) = (source, nil, nil, place)
  }

  /// A whole corpus.
  /// - Parameter place: its folder, for messages.
  public init(_ corpus: TokenCorpus, place: String) {
    (source, unknownCount, self.place) = (corpus, nil, place)
    measure = corpus.index.text.map { TextMeasure($0, tokenCount: corpus.count) }
  }

  /// The ids of a text.
  init(_ bytes: [UInt8], _ codec: TokenCodec, place: String) {
    let ids = codec.encode(utf8: bytes)
    source = TokenArray(ids)
    measure = TextMeasure(TextLength(of: bytes), tokenCount: ids.count)
    unknownCount = codec.unknownID.map { unknown in ids.reduce(0) { $0 + ($1 == unknown ? 1 : 0) } } ?? 0
    self.place = place
  }

  public var count: Int { source.count }

  /// Why there are no figures by word, character and byte; nil where there are.
  package var unmeasuredNote: String? {
    guard measure == nil else { return nil }
    let reason =
      source is TokenSlice
      ? "nobody has counted the text of a part of a corpus"
      : "this corpus has no count of its text; built anew it has"
    return "figures by token alone: \(reason)"
  }

  /// Whether there is something to score: an id after the first that is known.
  func isScored(_ codec: TokenCodec) throws -> Bool {
    guard let unknown = codec.unknownID else { return count > 1 }
    for start in stride(from: 1, to: count, by: 1 << 16) {
      let ids = try source.tokens(start..<min(count, start + 1 << 16))
      if ids.contains(where: { $0 != unknown }) { return true }
    }
    return false
  }
}

extension TextMeasure {
  fileprivate init(_ length: TextLength, tokenCount: Int) {
    self.init(
      tokenCount: tokenCount, wordCount: length.wordCount, characterCount: length.characterCount,
      byteCount: length.byteCount)
  }
}

/// A run of the ids of another source: the training or validation part of a corpus.
struct TokenSlice: TokenSource {
  let base: any TokenSource
  let range: Range<Int>

  var count: Int { range.count }

  var documentStarts: [Int] {
    let inside = base.documentStarts.lazy.filter { range.contains($0) }.map { $0 - range.lowerBound }
    return count > 0 ? (inside.first == 0 ? [] : [0]) + Array(inside) : []
  }

  func tokens(_ part: Range<Int>) throws -> [Int32] {
    try base.tokens(part.lowerBound + range.lowerBound..<part.upperBound + range.lowerBound)
  }
}
