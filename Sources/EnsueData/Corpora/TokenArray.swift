// A text whose ids lie in memory.

/// Token ids in memory.
public struct TokenArray: TokenSource, Equatable {
  public let ids: [Int32]
  public let documentStarts: [Int]

  /// - Parameter documentStarts: rising positions below the number of ids; empty for one document.
  public init(_ ids: [Int32], documentStarts: [Int] = []) {
    precondition(
      zip(documentStarts, documentStarts.dropFirst()).allSatisfy { $0 < $1 }
        && documentStarts.allSatisfy(ids.indices.contains),
      "documents begin at rising positions below \(ids.count)")
    self.ids = ids
    self.documentStarts = documentStarts.first == 0 || ids.isEmpty ? documentStarts : [0] + documentStarts
  }

  public var count: Int { ids.count }

  public func tokens(_ range: Range<Int>) -> [Int32] { Array(ids[range]) }
}
