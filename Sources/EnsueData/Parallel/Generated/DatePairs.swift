// Dates as people write them to the one form machines read.

/// Dates of 1970 … 2069, each equally likely, in one of the forms of `DateForm`, as it is or all in small or capital
/// letters; the target is YYYY-MM-DD.
public struct DatePairs: PairGenerator, Equatable {
  /// From 1970 to 2069 there are 25 leap years.
  static let dayCount = 100 * 365 + 25

  public init() {}

  public var kind: ParallelDatasetKind { .dates }
  public var summary: String { "days of 1970 to 2069 in \(DateForm.allCases.count) forms" }

  package func pair(_ random: inout SplitMix64) -> SentencePair {
    let date = CalendarDate(daysSince1970: random.below(DatePairs.dayCount))
    let text = random.element(of: DateForm.allCases).text(date)
    let source =
      switch random.below(4) {
      case 0: text.lowercased()
      case 1: text.uppercased()
      default: text
      }
    return SentencePair(source: source, target: date.iso)
  }
}
