// What a recurrent layer's matrix products cost, for the share of the peak.

/// Floating-point operations of the products of a recurrent layer, for each token.
struct RecurrentCost {
  var gates: Double
  var input: Double
  var hidden: Double
  var directions = 1.0

  var forward: Double { directions * 2 * gates * hidden * (input + hidden) }

  /// Forward, the gradient of the states, those of the weights; and that of the inputs where words are trained.
  func training(inputGradient: Bool) -> Double {
    2 * forward + directions * 2 * gates * hidden * (hidden + (inputGradient ? input : 0))
  }
}
