// Translations of a stream: in its order, within its window, nothing lost at a failure.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTensor
import Testing

@Suite struct TranslationStreamTests {
  private static let sources = randomSources([3, 1, 0, 4, 1, 6, 2, 5, 5, 1, 3], seed: 2, symbols: 8)

  private static var search: TranslationSearch {
    var search = TranslationSearch(width: 3, resultCount: 2)
    (search.batchSize, search.maximumLength) = (3, .symbols(6))
    return search
  }

  @Test(arguments: [1, 2, 4, 100]) func equalsTheSearchInOrder(window: Int) throws {
    let model = WrittenTranslator.random(5, seed: 1)
    let expected = try Self.search.search(model, sources: Self.sources, begin: 4, end: 0)
    var stream = try TranslationStream(model, Self.search, begin: 4, end: 0, window: window)
    var (read, given) = (0, 0)
    while let found = try stream.next({ () throws(Failure) -> [Int32]? in
      read += 1
      return read <= Self.sources.count ? Self.sources[read - 1] : nil
    }) {
      #expect(found == expected[given])
      given += 1
      #expect(read - given < window + 1)
    }
    #expect(given == Self.sources.count)
    #expect(try stream.next({ () throws(Failure) -> [Int32]? in [1] }) == nil)
  }

  /// What a stream gives for each source: its best translation, or the place of the failure.
  private func outcomes(
    _ model: WrittenTranslator, _ lines: [Result<[Int32], Failure>], window: Int
  ) throws -> [Result<[Int32], Failure>] {
    var stream = try TranslationStream(model, Self.search, begin: 4, end: 0, window: window)
    var (outcomes, rest) = ([Result<[Int32], Failure>](), lines[...])
    while true {
      do throws(Failure) {
        let found = try stream.next { () throws(Failure) -> [Int32]? in try rest.popFirst()?.get() }
        guard let found else { return outcomes }
        outcomes.append(.success(found[0].ids))
      } catch {
        outcomes.append(.failure(error))
      }
    }
  }

  @Test(arguments: [1, 3, 100]) func aFailureWaitsForItsTurn(window: Int) throws {
    var model = WrittenTranslator.random(5, seed: 1)
    let best = try Self.search.search(model, sources: Self.sources, begin: 4, end: 0).map { $0[0].ids }
    model.poison = 8
    var lines = Self.sources.map { Result<[Int32], Failure>.success($0) }
    let damaged = Failure(.data, at: "line 3", "text expected")
    lines[2] = .failure(damaged)
    // One that no model reads, and one that this model fails at in the middle of a batch.
    lines[5] = .success([99])
    lines[7] = .success([1, 8, 1])
    let found = try outcomes(model, lines, window: window)
    #expect(found.count == lines.count)
    for (number, outcome) in found.enumerated() {
      switch outcome {
      case .success(let ids): #expect(ids == best[number] && ![2, 5, 7].contains(number))
      case .failure(let failure): #expect([2, 5, 7].contains(number) && failure.kind == .data)
      }
    }
    if case .failure(let failure) = found[2] { #expect(failure == damaged) }
  }

  @Test func optionsAreCheckedAtOnce() throws {
    let model = WrittenTranslator.random(5, seed: 1)
    #expect(throws: Failure.self) { try TranslationStream(model, TranslationSearch(width: 0), begin: 4, end: 0) }
    #expect(throws: Failure.self) { try TranslationStream(model, TranslationSearch(), begin: 9, end: 0) }
  }
}
