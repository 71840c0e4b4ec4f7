// Levenshtein's distance 64 rows at a time (Myers, "A fast bit-vector algorithm for approximate string matching based
// on dynamic programming", 1999, in Hyyrö's form, 2003): time n · m / 64, memory n + m. The matrix is gone through in
// strips of 64 rows, each over all columns, with the differences along the strip's lower edge handed to the next.

enum BitParallelEditDistance {
  /// The distance between two sequences of small numbers.
  static func distance(_ left: [UInt32], _ right: [UInt32]) -> Int {
    let common = zip(left, right).prefix { $0 == $1 }.count
    let (rows, columns) = (left[common...], right[common...])
    if rows.isEmpty || columns.isEmpty { return max(rows.count, columns.count) }
    var masks = [UInt64](repeating: 0, count: Int(max(rows.max() ?? 0, columns.max() ?? 0)) + 1)
    // The first row of the matrix grows by one from column to column.
    var edges = [Int8](repeating: 1, count: columns.count)
    var distance = rows.count
    var start = rows.startIndex
    while start < rows.endIndex {
      let strip = rows[start..<min(start + 64, rows.endIndex)]
      for (offset, symbol) in strip.enumerated() { masks[Int(symbol)] |= 1 << UInt64(offset) }
      advance(strip.count, columns, masks, &edges)
      for symbol in strip { masks[Int(symbol)] = 0 }
      start = strip.endIndex
    }
    for edge in edges { distance += Int(edge) }
    return distance
  }

  /// One strip of `height` rows; `edges` holds the horizontal differences above it, and afterwards those of its last row.
  private static func advance(
    _ height: Int, _ columns: ArraySlice<UInt32>, _ masks: [UInt64], _ edges: inout [Int8]
  ) {
    let last = UInt64(1) << UInt64(height - 1)
    // Vertical differences of the column at hand: where they are +1, and where −1.
    var (up, down) = (UInt64.max, UInt64(0))
    for (index, symbol) in columns.enumerated() {
      let edge = edges[index]
      var equal = masks[Int(symbol)]
      let vertical = equal | down
      if edge < 0 { equal |= 1 }
      let zero = (((equal & up) &+ up) ^ up) | equal
      var higher = down | ~(zero | up)
      var lower = up & zero
      edges[index] = higher & last != 0 ? 1 : lower & last != 0 ? -1 : 0
      higher = higher << 1 | (edge > 0 ? 1 : 0)
      lower = lower << 1 | (edge < 0 ? 1 : 0)
      up = lower | ~(vertical | higher)
      down = higher & vertical
    }
  }
}
