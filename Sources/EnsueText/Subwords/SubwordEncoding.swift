// A text, or a pair of texts, as ids with what belongs to each.

/// Ids, the text that each is of, and whether a post-processor put it there.
public struct SubwordEncoding: Sendable, Equatable {
  public private(set) var ids: [Int32]
  /// For each id: 0 for the first text, 1 for the second, or what the template says.
  public private(set) var typeIDs: [Int32]
  /// For each id: whether a post-processor added it.
  public private(set) var isSpecial: [Bool]

  init(_ ids: [Int32] = [], typeID: Int32 = 0) {
    self.ids = ids
    typeIDs = [Int32](repeating: typeID, count: ids.count)
    isSpecial = [Bool](repeating: false, count: ids.count)
  }

  /// Puts a special token of type 0 before all.
  mutating func insert(_ id: Int32) {
    ids.insert(id, at: 0)
    typeIDs.insert(0, at: 0)
    isSpecial.insert(true, at: 0)
  }

  /// Puts a special token behind all.
  mutating func append(_ id: Int32, typeID: Int32) {
    ids.append(id)
    typeIDs.append(typeID)
    isSpecial.append(true)
  }

  mutating func append(_ other: SubwordEncoding) {
    ids += other.ids
    typeIDs += other.typeIDs
    isSpecial += other.isSpecial
  }

  mutating func setType(_ typeID: Int32) {
    typeIDs = [Int32](repeating: typeID, count: ids.count)
  }
}
