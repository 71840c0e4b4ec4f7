// Windows of a text in random order: the data of a Transformer language model. Which window comes when is a function of
// the seed, the epoch and a number, so that any moment of any epoch is found at once after a resume.

import EnsueTensor

/// Windows of a text: some inputs, and the ids that follow them as targets.
///
/// - `shuffled`, over the whole text: windows of `length` side by side from a random start below `length` that changes
///   with the epoch; what is left over at both ends, together less than two windows, has its turn in other epochs.
/// - `shuffled`, within documents: every document is cut into the fewest windows that hold it; where they hold more, a
///   part of the room, random by epoch and document, is left in the first one and the rest in the last one. Every id of
///   a document but its first is a target once an epoch.
/// - `sampled`: window i of an epoch begins at a random position, all alike, that leaves it whole.
///
/// A text or document of fewer than `length` + 1 ids makes one shorter window; one of a single id makes none.
public struct TokenWindows: Sendable {
  /// Inputs of a window.
  public let length: Int
  public let order: WindowOrderKind
  /// Windows of an epoch; 0 where there are fewer than two ids.
  public let count: Int
  private let source: any TokenSource
  private let places: WindowPlaces
  private let key: RandomKey

  /// - Parameters:
  ///   - length: inputs of a window, at least 1.
  ///   - isWithinDocuments: whether no window goes on over the end of a document. Takes 16 bytes of memory a document.
  public init(
    _ source: some TokenSource, length: Int, isWithinDocuments: Bool, seed: UInt64, order: WindowOrderKind = .shuffled
  ) {
    precondition(length > 0, "windows of \(length) ids")
    let starts = isWithinDocuments ? source.documentStarts : source.count > 0 ? [0] : []
    places = WindowPlaces(
      starts: starts, end: source.count, length: length, order: order, isWithinDocuments: isWithinDocuments)
    (self.source, self.length, self.order) = (source, length, order)
    count = places.windowCount
    key = RandomKey(seed: seed).derived("windows")
  }

  /// Where the inputs of a window stand in the text.
  /// - Parameters:
  ///   - index: of the epoch, below `count`.
  ///   - epoch: from 0 on.
  public func range(_ index: Int, epoch: Int) -> Range<Int> {
    precondition((0..<count).contains(index), "window \(index) of \(count)")
    let epochKey = key.derived(epoch)
    switch order {
    case .shuffled: return places.piece(IndexPermutation(count: count, key: epochKey)[index], key: epochKey)
    case .sampled: return places.start(random: epochKey.bits(at: index))
    }
  }

  /// A window.
  /// - Throws: `Failure` where a file of the source no longer gives what it held; never for ids in memory.
  public func window(_ index: Int, epoch: Int) throws -> (inputs: [Int32], targets: [Int32]) {
    let range = range(index, epoch: epoch)
    let ids = try source.tokens(range.lowerBound..<range.upperBound + 1)
    return (Array(ids.dropLast()), Array(ids.dropFirst()))
  }
}
