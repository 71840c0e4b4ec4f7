// Comparison of numbers, element by element.

import EnsueTensor

/// The largest disagreement of two lists of numbers, as a share of what the tolerance allows; above 1 is too much.
package struct Disagreement: CustomStringConvertible, Sendable {
  package let excess: Double
  package let description: String

  private init(excess: Double, description: String) {
    self.excess = excess
    self.description = description
  }

  /// |a - b| ≤ absolute + relative · |b| for every element.
  package init(_ a: [Double], _ b: [Double], relative: Double, absolute: Double) {
    guard a.count == b.count else {
      excess = .infinity
      description = "\(a.count) numbers against \(b.count)"
      return
    }
    var worst = (index: 0, excess: 0.0)
    for index in a.indices {
      let allowed = absolute + relative * abs(b[index])
      let difference = abs(a[index] - b[index])
      let share = difference.isNaN ? .infinity : difference / allowed
      if share > worst.excess { worst = (index, share) }
    }
    excess = worst.excess
    description =
      a.isEmpty ? "no numbers" : "at \(worst.index): \(a[worst.index]) against \(b[worst.index]), \(excess) × allowed"
  }

  package init(_ a: Tensor, _ b: Tensor, relative: Double = 1e-9, absolute: Double = 1e-11) {
    self =
      a.shape == b.shape
      ? Disagreement(a.doubles, b.doubles, relative: relative, absolute: absolute)
      : Disagreement(excess: .infinity, description: "shape \(a.shape) against \(b.shape)")
  }

  package var isSmall: Bool { excess <= 1 }
}
