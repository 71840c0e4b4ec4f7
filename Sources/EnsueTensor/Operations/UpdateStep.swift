// What an optimiser does to each number of a parameter.

import EnsueKernels

/// An optimiser's rule with its constants for one step. `scale` multiplies the gradient first; then `decay` · w is added
/// to it (L2), so that below g = scale · gradient + decay · w.
package enum UpdateStep: Sendable {
  /// v ← momentum · v + g; w ← w - rate · v.
  case descent(scale: Double, rate: Double, momentum: Double, decay: Double)
  /// v ← momentum · v + g; w ← w - rate · (g + momentum · v).
  case nesterov(scale: Double, rate: Double, momentum: Double, decay: Double)
  /// s ← alpha · s + (1 - alpha) · g²; v ← momentum · v + g / (√s + epsilon); w ← w - rate · v. Where the parameter has
  /// one moment only there is no v, and no momentum.
  case rootMeanSquare(scale: Double, rate: Double, alpha: Double, epsilon: Double, momentum: Double, decay: Double)
  /// s ← s + g²; w ← w - rate · g / (√s + epsilon).
  case adagrad(scale: Double, rate: Double, epsilon: Double, decay: Double)
  /// m ← beta1 · m + (1 - beta1) · g; s ← beta2 · s + (1 - beta2) · g²; w ← w - rate · m̂ / (√ŝ + epsilon), where
  /// m̂ = m / (1 - beta1^t) and ŝ = s / (1 - beta2^t). With L2 in the gradient (`coupledDecay`), or w multiplied by
  /// 1 - rate · `decoupledDecay` first.
  case adam(
    scale: Double, rate: Double, beta1: Double, beta2: Double, epsilon: Double, stepCount: Int, coupledDecay: Double,
    decoupledDecay: Double)
  /// m and s as Adam's; w ← w - rate · r · m̂ · √(1 - beta2^t) / (√s + epsilon) where the variance of 1/√s is tractable,
  /// else w ← w - rate · m̂.
  case rectifiedAdam(
    scale: Double, rate: Double, beta1: Double, beta2: Double, epsilon: Double, stepCount: Int, decay: Double)

  /// Whether a number whose gradient and moments are zero stays as it is.
  package var leavesRestAlone: Bool {
    switch self {
    case .descent(_, _, _, let decay), .nesterov(_, _, _, let decay), .adagrad(_, _, _, let decay): decay == 0
    case .rootMeanSquare(_, _, _, _, _, let decay), .rectifiedAdam(_, _, _, _, _, _, let decay): decay == 0
    case .adam(_, _, _, _, _, _, let coupled, let decoupled): coupled == 0 && decoupled == 0
    }
  }

  /// Changes `count` numbers of a parameter and its moments.
  /// - Parameters:
  ///   - parameter: its first number.
  ///   - g: the gradient of the first number that is changed.
  ///   - moments: the first number of each.
  ///   - offset: bytes before the first number that is changed.
  func apply(
    _ type: ElementType, _ parameter: UnsafeMutableRawPointer, _ g: UnsafeRawPointer,
    _ moments: [UnsafeMutableRawPointer], from offset: Int, _ count: Int
  ) {
    let w = parameter + offset
    switch self {
    case .descent(let scale, let rate, let momentum, let decay):
      ensue_sgd(type.kernel, w, g, moments.first.map { $0 + offset }, scale, rate, momentum, decay, count)
    case .nesterov(let scale, let rate, let momentum, let decay):
      ensue_nesterov(type.kernel, w, g, moments[0] + offset, scale, rate, momentum, decay, count)
    case .rootMeanSquare(let scale, let rate, let alpha, let epsilon, let momentum, let decay):
      var constants = EnsueRootMeanSquare(
        scale: scale, rate: rate, alpha: alpha, epsilon: epsilon, momentum: momentum, decay: decay)
      ensue_root_mean_square(
        type.kernel, w, g, moments[0] + offset, moments.count > 1 ? moments[1] + offset : nil, &constants, count)
    case .adagrad(let scale, let rate, let epsilon, let decay):
      ensue_adagrad(type.kernel, w, g, moments[0] + offset, scale, rate, epsilon, decay, count)
    case .adam(
      let scale, let rate, let beta1, let beta2, let epsilon, let stepCount, let coupledDecay, let decoupledDecay):
      var adam = EnsueAdam(
        scale: scale, beta1: beta1, beta2: beta2, coupledDecay: coupledDecay,
        stepSize: rate / (1 - UpdateStep.power(beta1, stepCount)),
        rootScale: 1 / (1 - UpdateStep.power(beta2, stepCount)).squareRoot(), epsilon: epsilon,
        kept: 1 - rate * decoupledDecay)
      ensue_adam(type.kernel, w, g, moments[0] + offset, moments[1] + offset, &adam, count)
    case .rectifiedAdam(let scale, let rate, let beta1, let beta2, let epsilon, let stepCount, let decay):
      let factor = UpdateStep.rectification(beta2: beta2, stepCount: stepCount)
      let stepSize = rate / (1 - UpdateStep.power(beta1, stepCount))
      // Without rectification the denominator is 0 · √s + 1.
      var adam = EnsueAdam(
        scale: scale, beta1: beta1, beta2: beta2, coupledDecay: decay, stepSize: stepSize * (factor ?? 1),
        rootScale: factor == nil ? 0 : 1, epsilon: factor == nil ? 1 : epsilon, kept: 1)
      ensue_adam(type.kernel, w, g, moments[0] + offset, moments[1] + offset, &adam, count)
    }
  }

  /// RAdam's factor of m̂ / (√s + epsilon): √(1 - beta2^t) times
  /// r = √((ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ)), where ρ∞ = 2 / (1 - beta2) - 1 and
  /// ρ = ρ∞ - 2 t beta2^t / (1 - beta2^t); nil where ρ ≤ 5 (the paper's bound is 4, its authors' program's and PyTorch's 5).
  package static func rectification(beta2: Double, stepCount: Int) -> Double? {
    let power = UpdateStep.power(beta2, stepCount)
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * Double(stepCount) * power / (1 - power)
    guard length > 5 else { return nil }
    let variance = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
    return variance.squareRoot() * (1 - power).squareRoot()
  }

  /// base^exponent by squaring: the same on every system, which `pow` need not be.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
