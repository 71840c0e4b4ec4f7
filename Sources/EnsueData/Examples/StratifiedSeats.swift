// How many examples of each class a stratified split holds out.

/// The largest-remainder method (Hamilton 1792) with a cap that leaves every class one seat less than it has.
enum StratifiedSeats {
  /// The seats of each class, in whole numbers; `nil` when the caps leave too few.
  static func seats(_ counts: [Int], wanted: Int) -> [Int]? {
    let total = counts.reduce(0, +)
    let caps = counts.map { max(0, $0 - 1) }
    guard wanted <= caps.reduce(0, +) else { return nil }
    if wanted == 0 { return counts.map { _ in 0 } }
    var seats = counts.indices.map { min(caps[$0], wanted * counts[$0] / total) }
    let remainders = counts.map { wanted * $0 % total }
    let order = counts.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
    var left = wanted - seats.reduce(0, +)
    while left > 0 {
      for index in order where left > 0 && seats[index] < caps[index] {
        seats[index] += 1
        left -= 1
      }
    }
    return seats
  }
}
