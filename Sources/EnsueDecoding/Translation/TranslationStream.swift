// Translations of a stream of sources, in its order.

import EnsueFiles
import EnsueModels

/// Translates sources as they come, several at a time.
///
///     var stream = try TranslationStream(model, search, begin: begin, end: end)
///     while let found = try stream.next({ try lines.next() }) { … }
///
/// A window of sources is read at once and divided into batches of similar lengths; a batch is translated when the next
/// translation in order is of one of its sources. Windows and batches change no result. With a window of 1 each source
/// is translated before the next is read.
public struct TranslationStream<Model: TranslationModel>: Sendable {
  private let model: Model
  private let search: TranslationSearch
  private let marks: TranslationMarks
  private let window: Int
  /// What was read and is not yet translated or not yet given, in order.
  private var sources: [Result<TranslationSource, Failure>] = []
  private var results: [[TranslationHypothesis]?] = []
  /// Places of sources that are translated together.
  private var batches: [[Int]] = []
  /// Of the window, those given.
  private var place = 0
  /// Sources read.
  private var count = 0
  private var isAtEnd = false

  /// - Parameter window: sources read at once, at least 1.
  /// - Throws: `Failure` of kind `configuration` where an option of the search makes no rule, or the model has no such
  ///   begin or end.
  public init(
    _ model: Model, _ search: TranslationSearch, begin: Int32, end: Int32?, window: Int = 1_024
  ) throws(Failure) {
    (self.model, self.search, self.window) = (model, search, max(1, window))
    marks = TranslationMarks(begin: begin, end: end)
    try search.check()
    try marks.check(model.vocabularySize)
  }

  /// The translations of the next source, best first; nil when there are no more.
  ///
  /// - Parameter read: gives the next source; nil when there are no more.
  /// - Throws: what `read` throws, and `Failure` as `TranslationSearch.search`, when the turn of its source has come:
  ///   all before it are given first. The call after it goes on with the next source.
  public mutating func next(
    _ read: () throws(Failure) -> [Int32]?
  ) throws(Failure) -> [TranslationHypothesis]? {
    if place == sources.count { fill(read) }
    guard place < sources.count else { return nil }
    defer { place += 1 }
    _ = try sources[place].get()
    if let found = results[place] { return found }
    return try translated(place)
  }

  /// Reads the next window.
  private mutating func fill(_ read: () throws(Failure) -> [Int32]?) {
    sources.removeAll(keepingCapacity: true)
    while sources.count < window, !isAtEnd {
      do throws(Failure) {
        guard let ids = try read() else {
          isAtEnd = true
          break
        }
        count += 1
        sources.append(.success(try TranslationSource(ids, number: count - 1, for: model, marks)))
      } catch {
        sources.append(.failure(error))
      }
    }
    (place, results) = (0, .init(repeating: nil, count: sources.count))
    let lengths = sources.map { (try? $0.get().ids.count) ?? 0 }
    batches = search.batches(of: lengths, vocabularySize: model.vocabularySize)
  }

  /// Translates the batch of a source. Where that fails, each of its sources is a batch of its own from then on.
  private mutating func translated(_ place: Int) throws(Failure) -> [TranslationHypothesis] {
    guard let number = batches.firstIndex(where: { $0.contains(place) }) else { return [] }
    var (readable, places) = ([TranslationSource](), [Int]())
    for other in batches.remove(at: number) {
      guard case .success(let source) = sources[other] else { continue }
      readable.append(source)
      places.append(other)
    }
    do throws(Failure) {
      for (other, found) in zip(places, try search.translations(of: readable, model, marks)) { results[other] = found }
    } catch  where places.count > 1 {
      batches += places.map { [$0] }
      return try translated(place)
    }
    return results[place] ?? []
  }
}
