// What a recurrent model reads in one step of training.

/// Inputs and targets of some steps of every stream; the targets are the ids that follow the inputs.
///
/// A stream is one sequence. Where documents are kept apart it is one for each document that has ids in the segment,
/// and the target of a document's last id, which would be of another, is -1.
public struct TokenSegment: Sendable, Equatable {
  /// Of every sequence: streams one after another, of each its documents as they stand in it. Where no stream is cut,
  /// the longest come first.
  public private(set) var inputs: [[Int32]] = []
  public private(set) var targets: [[Int32]] = []
  /// For each sequence, the stream that goes on with it; nil where a document begins.
  public private(set) var origins: [Int?] = []
  /// For each stream, its last sequence: the one that goes on in the next segment.
  public private(set) var ends: [Int] = []

  /// Appends a stream.
  /// - Parameters:
  ///   - ids: the inputs and the one that follows them.
  ///   - documents: the places in `ids` where documents begin that are kept apart, rising.
  mutating func append(_ ids: [Int32], documents: [Int]) {
    let last = ids.count - 1
    let cuts = [0] + documents.filter { $0 > 0 && $0 < last } + [last]
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      origins.append(start > 0 || documents.first == 0 ? nil : ends.count)
      inputs.append(Array(ids[start..<end]))
      var following = Array(ids[start + 1...end])
      if end < last || documents.last == last { following[following.count - 1] = -1 }
      targets.append(following)
    }
    ends.append(inputs.count - 1)
  }

  /// The number of targets, those of -1 among them.
  public var count: Int { targets.reduce(0) { $0 + $1.count } }
}
