// Words and vectors as they come in, with one rule for repeated words whatever the format.

/// Rows gathered from a file.
struct VectorRows {
  let dimension: Int
  let duplicatePolicy: DuplicateWordPolicy
  var words = ByteTable()
  var values: [Float] = []
  var rows = 0
  var duplicates = 0

  init(dimension: Int, duplicates: DuplicateWordPolicy) {
    self.dimension = dimension
    duplicatePolicy = duplicates
  }

  /// Adds a row.
  /// - Returns: False when the word came before and that is to be an error.
  mutating func add(_ word: Span<UInt8>, _ row: ArraySlice<Float>) -> Bool {
    rows += 1
    let (index, isNew) = words.insert(word)
    if isNew {
      values.append(contentsOf: row)
      return true
    }
    duplicates += 1
    switch duplicatePolicy {
    case .first: return true
    case .last:
      values.replaceSubrange(index * dimension..<(index + 1) * dimension, with: row)
      return true
    case .fail: return false
    }
  }

  /// Makes room for about so many rows.
  mutating func reserve(_ rows: Int) {
    words.reserve(rows)
    values.reserveCapacity(rows * dimension)
  }
}
