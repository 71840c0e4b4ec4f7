// Counting tokens, and choosing which become rows.

import EnsueFiles

extension Vocabulary {
  /// Counts tokens and makes a vocabulary of the frequent ones.
  public struct Builder: Sendable {
    private var table = ByteTable()
    private var counts: [Int] = []
    private var emptyTokens = 0

    public init() {}

    /// Counts one token. A token without a byte is left out and counted in the report.
    public mutating func add(_ token: [UInt8]) {
      guard !token.isEmpty else {
        emptyTokens += 1
        return
      }
      let (index, isNew) = table.insert(token)
      if isNew { counts.append(1) } else { counts[index] += 1 }
    }

    /// Counts the tokens of a text.
    public mutating func add(contentsOf tokens: [[UInt8]]) {
      for token in tokens { add(token) }
    }

    /// How often a token was counted.
    public func count(of token: [UInt8]) -> Int { table.find(token).map { counts[$0] } ?? 0 }

    /// The vocabulary of the tokens counted so far.
    /// - Parameters:
    ///   - minimumCount: The smallest count with which a token becomes a row; at least 1.
    ///   - sizeLimit: The largest number of rows, the two specials among them; nil for no limit.
    /// - Throws: `Failure` of kind `configuration` for a minimum below 1 or a limit below 2.
    public func build(minimumCount: Int = 1, sizeLimit: Int? = nil) throws -> Vocabulary {
      guard minimumCount >= 1 else {
        throw Failure(.configuration, "a minimum count of at least 1 expected, found \(minimumCount)")
      }
      let limit = sizeLimit ?? Vocabulary.maximumCount
      guard 2...Vocabulary.maximumCount ~= limit else {
        throw Failure(
          .configuration,
          "a vocabulary size limit from 2 (for <pad> and <unk>) to \(Vocabulary.maximumCount) expected, found \(limit)")
      }
      var report = VocabularyReport()
      report.emptyTokens = emptyTokens
      let chosen = choose(minimumCount: minimumCount, limit: limit - 2, report: &report)
      var tokens = ByteTable(capacity: chosen.count + 2)
      tokens.insert(Vocabulary.paddingToken)
      tokens.insert(Vocabulary.unknownToken)
      for index in chosen { tokens.insert(table[index]) }
      let specials = [count(of: Vocabulary.paddingToken), count(of: Vocabulary.unknownToken)]
      return Vocabulary(tokens: tokens, counts: specials + chosen.map { counts[$0] }, report: report)
    }

    /// The indices of the tokens that become rows, in order.
    private func choose(minimumCount: Int, limit: Int, report: inout VocabularyReport) -> [Int] {
      let specials = [table.find(Vocabulary.paddingToken), table.find(Vocabulary.unknownToken)]
      var chosen: [Int] = []
      for index in 0..<table.count {
        if specials.contains(index) {
          report.specialOccurrences += counts[index]
          continue
        }
        report.distinctTokens += 1
        report.occurrences += counts[index]
        if counts[index] >= minimumCount {
          chosen.append(index)
        } else {
          report.rareTokens += 1
          report.rareOccurrences += counts[index]
        }
      }
      let words = chosen.map { (index: $0, token: table[$0]) }.sorted { left, right in
        counts[left.index] != counts[right.index]
          ? counts[left.index] > counts[right.index] : left.token.lexicographicallyPrecedes(right.token)
      }
      for word in words.dropFirst(limit) {
        report.excessTokens += 1
        report.excessOccurrences += counts[word.index]
      }
      return words.prefix(limit).map(\.index)
    }
  }
}
