// Where the ids of a text come from: training and evaluation ask for ranges and do not know whether the text lies in
// memory or in files larger than it.

import EnsueFiles

/// The token ids of a text, by position.
public protocol TokenSource: Sendable {
  /// The number of ids.
  var count: Int { get }

  /// The positions where documents begin, rising; the first is 0 where there is an id at all.
  var documentStarts: [Int] { get }

  /// The ids at some positions.
  /// - Precondition: the range lies in 0..<count.
  /// - Throws: `Failure` of kind `inputOutput` or `data` where a file no longer gives what it held.
  func tokens(_ range: Range<Int>) throws -> [Int32]
}

extension TokenSource {
  /// One document.
  public var documentStarts: [Int] { count > 0 ? [0] : [] }

  /// How often each id is there.
  /// - Parameter idCount: ids are 0 ..< `idCount`; others are not counted.
  /// - Throws: as `tokens`.
  public func counts(idCount: Int) throws -> [Int] {
    var counts = [Int](repeating: 0, count: idCount)
    for start in stride(from: 0, to: count, by: 1 << 20) {
      for id in try tokens(start..<min(count, start + 1 << 20)) where counts.indices.contains(Int(id)) {
        counts[Int(id)] += 1
      }
    }
    return counts
  }
}
