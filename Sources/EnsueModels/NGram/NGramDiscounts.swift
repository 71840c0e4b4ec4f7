// How much is taken from a count to be given to what was not seen.

/// The discounts of one order, by the count: 1, 2, and 3 or more.
struct NGramDiscounts: Sendable, Equatable {
  private let values: [Double]

  /// What is taken from a count.
  subscript(count: UInt32) -> Double { values[Int(min(count, 3))] }

  /// From the numbers of n-grams seen once, twice, three and four times (Chen and Goodman 1999, equations 17 and 26):
  /// Y = n₁ / (n₁ + 2 n₂), D₁ = 1 − 2 Y n₂ / n₁, D₂ = 2 − 3 Y n₃ / n₂, D₃ = 3 − 4 Y n₄ / n₃; with one discount, D = Y.
  ///
  /// Where the text is too small for them, so that one of the numbers is 0 or a discount is not above 0, they are
  /// ½, 1 and 1½, or ½ for all.
  init(counts: [UInt32], hasOneDiscount: Bool) {
    var seen = [Double](repeating: 0, count: 5)
    for count in counts where count <= 4 { seen[Int(count)] += 1 }
    let share = seen[1] / (seen[1] + 2 * seen[2])
    if hasOneDiscount {
      let discount = seen[1] > 0 && seen[2] > 0 ? share : 0.5
      values = [0, discount, discount, discount]
      return
    }
    let discounts = (1...3).map { Double($0) - Double($0 + 1) * share * seen[$0 + 1] / seen[$0] }
    let isUsable = seen.dropFirst().allSatisfy { $0 > 0 } && discounts.allSatisfy { $0 > 0 }
    values = [0] + (isUsable ? discounts : [0.5, 1, 1.5])
  }
}
