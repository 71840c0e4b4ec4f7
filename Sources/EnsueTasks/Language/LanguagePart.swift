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
  /// Whether a model that reads streams begins anew at every document.
  private(set) var keepsDocumentsApart = false
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

  /// A part of a corpus; its text is counted where ids tell all of it.
  /// - Throws: `Failure` where the corpus no longer gives what it held.
  init(_ slice: TokenSlice, _ codec: TokenCodec, place: String) throws {
    (source, unknownCount, self.place) = (slice, nil, place)
    measure = try TextMeasure(counting: slice, codec)
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

  /// The same part, its documents kept apart or not.
  package func keepingDocumentsApart(_ keeps: Bool) -> LanguagePart {
    var part = self
    part.keepsDocumentsApart = keeps
    return part
  }

  /// Keeps documents apart.
  /// - Throws: `Failure` where there is one document, or none has something to score.
  package mutating func keepDocumentsApart(_ codec: TokenCodec) throws {
    guard source.documentStarts.count > 1 else {
      throw Failure(.usage, at: "--within-documents", "a corpus of several documents expected, found one document")
    }
    keepsDocumentsApart = true
    try LanguageData.requireScored(self, "test", codec)
  }

  /// - Throws: `Failure` where documents are kept apart and none has an id that another stands before.
  func requireDocuments(_ codec: TokenCodec) throws(Failure) {
    guard keepsDocumentsApart, count == source.documentStarts.count else { return }
    throw Failure(
      .data, at: place, "a document of 2 \(codec.level.unit)s or more expected, found none",
      advice: "Leave out --within-documents.")
  }

  /// Whether there is something to score: an id after the first that is known.
  func isScored(_ codec: TokenCodec) throws -> Bool {
    guard let unknown = codec.unknownID else { return count > 1 }
    let unscored: Set<Int> = keepsDocumentsApart ? Set(source.documentStarts) : []
    for start in stride(from: 1, to: count, by: 1 << 16) {
      let ids = try source.tokens(start..<min(count, start + 1 << 16))
      if zip(start..., ids).contains(where: { $1 != unknown && !unscored.contains($0) }) { return true }
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

  /// Counts the text behind ids. nil where they do not tell it: words do not know the white space between them, nor
  /// subwords what a normaliser took away.
  fileprivate init?(counting source: TokenSlice, _ codec: TokenCodec) throws {
    guard codec.level == .bytes || codec.level == .characters else { return nil }
    var counter = TextLengthCounter()
    let starts = source.documentStarts + [source.count]
    for (start, end) in zip(starts, starts.dropFirst()) {
      for place in stride(from: start, to: end, by: 1 << 16) {
        let ids = try source.tokens(place..<min(end, place + 1 << 16))
        if let unknown = codec.unknownID, ids.contains(unknown) { return nil }
        counter.append(
          codec.level == .bytes ? ids.map { UInt8(truncatingIfNeeded: $0) } : Array(codec.decode(ids).utf8))
      }
      counter.endText()
    }
    self.init(counter.length, tokenCount: source.count)
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
