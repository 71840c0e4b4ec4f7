// Generated pairs: deterministic, all different, and right by a check of their own.

import EnsueData
import EnsueFiles
import Foundation
import Testing

@Suite struct GeneratedPairTests {
  static let kinds: [ParallelDatasetKind] = [.dates, .addition, .reversal, .sorting]
  private static let counts = PairCounts(training: 3_000, validation: 200, test: 300)

  private func splits(
    _ kind: ParallelDatasetKind, _ counts: PairCounts = counts, shortest: Int = 3, longest: Int = 15, symbols: Int = 26
  ) throws -> ParallelSplits {
    try ParallelRequest(kind: kind, counts: counts, shortest: shortest, longest: longest, symbolCount: symbols).load()
  }

  @Test(arguments: kinds) func aFunctionOfTheSeed(_ kind: ParallelDatasetKind) throws {
    let first = try splits(kind)
    #expect(first.parts.map(\.count) == [3_000, 200, 300])
    #expect(try splits(kind) == first)
    var other = GeneratedPairTests.counts
    other.seed = 2
    #expect(try splits(kind, other).training.pairs != first.training.pairs)
    // Test and validation stay the same whatever there is to train on.
    other = GeneratedPairTests.counts
    other.training = 50
    let small = try splits(kind, other)
    #expect(small.test?.pairs == first.test?.pairs && small.validation.pairs == first.validation.pairs)
    #expect(Array(first.training.pairs.prefix(50)) == small.training.pairs)
  }

  @Test(arguments: kinds) func noSourceTwice(_ kind: ParallelDatasetKind) throws {
    let made = try splits(kind)
    let sources = made.parts.flatMap(\.pairs).map(\.source)
    #expect(Set(sources).count == sources.count)
    #expect(!made.lines.contains { $0.contains("in the training data too") })
    #expect(made.training.report.notes.first?.hasPrefix("generated from the seed 1: ") == true)
  }

  @Test func sumsAddUp() throws {
    for digits in [1, 3, 9, 15] {
      let counts = digits == 1 ? PairCounts(training: 60, validation: 10, test: 10) : GeneratedPairTests.counts
      let made = try ParallelRequest(kind: .addition, counts: counts, digits: digits).load()
      var lengths = Set<Int>()
      for pair in made.parts.flatMap(\.pairs) {
        let numbers = pair.source.split(separator: "+")
        #expect(numbers.count == 2 && numbers.allSatisfy { $0.count <= digits && ($0.count == 1 || $0.first != "0") })
        #expect(numbers.reduce(0) { $0 + (Int($1) ?? 0) } == Int(pair.target))
        for number in numbers { lengths.insert(number.count) }
      }
      #expect(lengths == Set(1...digits))
    }
  }

  @Test func symbolsReversed() throws {
    for (symbols, longest) in [(2, 15), (26, 15), (27, 4), (500, 3)] {
      for pair in try splits(.reversal, longest: longest, symbols: symbols).training.pairs {
        #expect(pair.target.split(separator: " ").reversed().joined(separator: " ") == pair.source)
        #expect(3...longest ~= pair.source.split(separator: " ").count)
      }
    }
  }

  @Test func symbolsSorted() throws {
    for symbols in [26, 27, 1_000] {
      var seen = Set<Substring>()
      for pair in try splits(.sorting, symbols: symbols).training.pairs {
        let (source, target) = (pair.source.split(separator: " "), pair.target.split(separator: " "))
        #expect(source.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } == target)
        seen.formUnion(source)
      }
      #expect(seen.count == symbols && Set(seen.map(\.utf8.count)).count == 1)
    }
  }

  /// A reader of dates that knows nothing of the generator: letters name a month, digits are told apart by what stands
  /// between them.
  private func parse(_ text: String) -> String? {
    let lower = text.lowercased()
    let numbers = lower.matches(of: /[0-9]+/).map { String($0.output) }
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    func day(_ year: String, _ month: Int, _ day: String) -> String {
      let number = Int(year) ?? 0
      let whole = year.count == 4 ? number : number >= 70 ? 1900 + number : 2000 + number
      return String(format: "%04d-%02d-%02d", whole, month, Int(day) ?? 0)
    }
    if lower.contains(/[a-z]/) {
      let words = lower.matches(of: /[a-z]+/).map { String($0.output) }
      guard let month = words.compactMap({ names.firstIndex(of: String($0.prefix(3))) }).last, numbers.count == 2
      else { return nil }
      return day(numbers[1], month + 1, numbers[0])
    }
    if numbers.count == 1 { return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))" }
    guard numbers.count == 3 else { return nil }
    if numbers[0].count == 4 { return day(numbers[0], Int(numbers[1]) ?? 0, numbers[2]) }
    return text.contains("/")
      ? day(numbers[2], Int(numbers[0]) ?? 0, numbers[1]) : day(numbers[2], Int(numbers[1]) ?? 0, numbers[0])
  }

  @Test func datesParseBack() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    var forms = Set<String>()
    var weekdayCount = 0
    for pair in try splits(.dates).parts.flatMap(\.pairs) {
      #expect(parse(pair.source) == pair.target, "\(pair.source)")
      let parts = pair.target.split(separator: "-").compactMap { Int($0) }
      let components = DateComponents(year: parts[0], month: parts[1], day: parts[2])
      let date = try #require(calendar.date(from: components))
      // A day that is not there, such as 30 February, would come back as another.
      #expect(calendar.dateComponents([.year, .month, .day], from: date) == components)
      #expect(1970...2069 ~= parts[0])
      let first = pair.source.lowercased().prefix { $0.isLetter }
      if weekdays.contains(where: { $0 == first || $0.prefix(3) == first }) {
        weekdayCount += 1
        #expect(weekdays[calendar.component(.weekday, from: date) - 1].hasPrefix(first), "\(pair.source)")
      }
      forms.insert(pair.source.replacing(/[0-9]/, with: "9").replacing(/[A-Z]?[a-z]+/, with: "a"))
    }
    #expect(weekdayCount > 300 && forms.count > 20)
  }

  @Test(.enabled(if: TestFiles.hasData("toy-seq2seq"), "The file of dates is not in the data folder (set ENSUE_DATA)"))
  func datesOfTheFileParseToo() throws {
    let splits = try ParallelRequest(kind: .dates, paths: [TestFiles.data("toy-seq2seq/date.txt")]).load()
    for pair in splits.parts.flatMap(\.pairs) { #expect(parse(pair.source) == pair.target, "\(pair.source)") }
  }

  @Test func tooManyOfTooFew() throws {
    let failure = try #require(throws: Failure.self) { _ = try splits(.sorting, shortest: 1, longest: 2, symbols: 3) }
    #expect(failure.kind == .configuration && failure.problem.contains("found about 12 of them"))
    #expect(throws: Failure.self) { _ = try splits(.reversal, shortest: 0) }
    #expect(throws: Failure.self) { _ = try splits(.reversal, shortest: 5, longest: 4) }
    #expect(throws: Failure.self) { _ = try splits(.reversal, symbols: 1) }
    #expect(throws: Failure.self) { _ = try ParallelRequest(kind: .addition, digits: 16).load() }
    #expect(throws: Failure.self) { _ = try ParallelRequest(kind: .addition, digits: 0).load() }
  }
}
