// What `ensue data inspect` shows about a data set before anybody trains on it. How a text becomes tokens is said by
// the caller: this module knows no tokenizer.

import EnsueFiles

/// An overview of the parts of a data set: files, classes, duplicates, conflicts, lengths, frequent tokens.
public struct DataInspection: Sendable {
  /// One part.
  public struct Part: Sendable {
    public let name: String
    public let rows: Int
    public let balance: ClassBalance
    /// Where labels are numbers; the balance is then of one class.
    public let numbers: NumberStatistics?
    /// What `ClassBalance` or `NumberStatistics` say, a line each.
    let labelLines: [String]
    public let lengths: LengthStatistics
    /// Examples of which no token is left.
    public let withoutTokens: Int
    /// Where the first of them stands.
    public let firstWithoutTokens: String?
    public let contentDigest: Digest
    public let report: ReadingReport
  }

  /// A token with the number of times it occurs.
  public struct TokenCount: Sendable, Equatable {
    public let token: String
    public let count: Int
  }

  public let parts: [Part]
  public let duplicates: DuplicateTexts
  /// The limit of length that `lines` and `json` compare lengths with.
  public let lengthLimit: Int?
  /// The most frequent tokens of the first part; empty when no tokens were asked for.
  public let frequentTokens: [TokenCount]
  /// Different tokens in the first part; `nil` when no tokens were asked for.
  public let distinctTokens: Int?

  /// - Parameters:
  ///   - parts: the parts, the training data first; at most 60.
  ///   - lengthLimit: the longest sentence a model takes, in tokens.
  ///   - frequentCount: how many frequent tokens to keep.
  ///   - tokens: the tokens of a text, for the list of frequent ones.
  ///   - tokenCount: the number of tokens of a text.
  public init(
    _ parts: [LabelledDataset], lengthLimit: Int? = nil, frequentCount: Int = 20, tokens: ((String) -> [String])? = nil,
    tokenCount: (String) -> Int
  ) {
    self.parts = parts.map { Part($0, tokenCount: tokenCount) }
    self.lengthLimit = lengthLimit
    duplicates = DuplicateTexts(parts)
    guard let tokens, let first = parts.first else {
      frequentTokens = []
      distinctTokens = nil
      return
    }
    var counts: [[UInt8]: Int] = [:]
    for text in first.examples.flatMap(\.texts) {
      for token in tokens(text) { counts[Array(token.utf8), default: 0] += 1 }
    }
    distinctTokens = counts.count
    let ordered = counts.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    frequentTokens = ordered.prefix(frequentCount).map {
      TokenCount(token: String(decoding: $0.key, as: UTF8.self), count: $0.value)
    }
  }

  /// The files of all parts, each once, in order.
  public var files: [SourceFile] {
    var seen: Set<[UInt8]> = []
    return parts.flatMap(\.report.files).filter { seen.insert(Array($0.path.utf8)).inserted }
  }
}

extension DataInspection.Part {
  init(_ data: LabelledDataset, tokenCount: (String) -> Int) {
    let lengths = data.examples.map { $0.texts.reduce(0) { $0 + tokenCount($1) } }
    name = data.name
    rows = data.count
    balance = data.classBalance
    numbers = data.labelKind == .number ? NumberStatistics(data.examples.compactMap(\.number)) : nil
    labelLines = data.labelLines
    self.lengths = LengthStatistics(lengths)
    withoutTokens = lengths.count { $0 == 0 }
    firstWithoutTokens = lengths.firstIndex(of: 0).map { data.place(of: data.examples[$0]) }
    contentDigest = data.contentDigest
    report = data.report
  }
}
