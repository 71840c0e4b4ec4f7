// How long the sentences are, and what a limit would cut off.

import EnsueFiles

/// Order statistics of lengths in tokens.
///
/// The p-th percentile is the smallest length that at least p % of the sentences do not exceed (nearest rank), so it is
/// a length that occurs. The median is the mean of the two middle lengths where the count is even.
public struct LengthStatistics: Sendable, Equatable {
  private let sorted: [Int]

  /// - Precondition: no length is negative.
  public init(_ lengths: [Int]) {
    sorted = lengths.sorted()
    precondition((sorted.first ?? 0) >= 0, "LengthStatistics: a length is negative")
  }

  /// How many lengths there are; with none, every statistic is 0.
  public var count: Int { sorted.count }
  /// All lengths added.
  public var total: Int { sorted.reduce(0, +) }
  public var minimum: Int { sorted.first ?? 0 }
  public var maximum: Int { sorted.last ?? 0 }
  public var mean: Double { count == 0 ? 0 : Double(total) / Double(count) }

  public var median: Double {
    if count == 0 { return 0 }
    return (Double(sorted[(count - 1) / 2]) + Double(sorted[count / 2])) / 2
  }

  /// The length that `percent` of the sentences do not exceed, by nearest rank.
  /// - Precondition: `percent` is in 1...100.
  public func percentile(_ percent: Int) -> Int {
    precondition(1...100 ~= percent, "LengthStatistics.percentile: \(percent) is not in 1...100")
    if count == 0 { return 0 }
    return sorted[(count * percent + 99) / 100 - 1]
  }

  /// What cutting every sentence to `limit` tokens would do.
  public func truncation(to limit: Int) -> Truncation {
    var result = Truncation(limit: limit, sentences: 0, tokens: 0)
    for length in sorted.reversed() {
      if length <= limit { break }
      result.sentences += 1
      result.tokens += length - limit
    }
    return result
  }

  /// The loss by a limit of length.
  public struct Truncation: Sendable, Equatable {
    public let limit: Int
    /// Sentences longer than the limit.
    public fileprivate(set) var sentences: Int
    /// Tokens beyond the limit, over all sentences.
    public fileprivate(set) var tokens: Int
  }

  /// One line of statistics and, with a limit, one of what it cuts.
  public func lines(limit: Int? = nil) -> [String] {
    var lines = [
      "min \(minimum), mean \(PrintedNumber.decimal(mean)), median \(PrintedNumber.decimal(median)),"
        + " 90 % ≤ \(percentile(90)), 95 % ≤ \(percentile(95)), 99 % ≤ \(percentile(99)), max \(maximum)"
    ]
    if let limit {
      let cut = truncation(to: limit)
      lines.append(
        "\(PrintedNumber.counted(cut.sentences, "sentence", "sentences")) longer than \(limit)"
          + " (\(PrintedNumber.percent(cut.sentences, of: count))),"
          + " \(PrintedNumber.counted(cut.tokens, "token", "tokens")) cut (\(PrintedNumber.percent(cut.tokens, of: total)))"
      )
    }
    return lines
  }

  /// An object with every statistic and, with a limit, `truncation`.
  public func json(limit: Int? = nil) -> JSONValue {
    var object: JSONObject = [
      "count": .number(count), "minimum": .number(minimum), "mean": .number(mean), "median": .number(median),
      "percentile90": .number(percentile(90)), "percentile95": .number(percentile(95)),
      "percentile99": .number(percentile(99)), "maximum": .number(maximum),
    ]
    if let limit {
      let cut = truncation(to: limit)
      object["truncation"] = .object([
        "limit": .number(limit), "sentences": .number(cut.sentences), "tokens": .number(cut.tokens),
      ])
    }
    return .object(object)
  }
}
