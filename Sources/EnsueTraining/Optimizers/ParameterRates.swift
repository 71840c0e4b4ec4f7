// Learning rates that differ between the parameters of a model: discriminative fine-tuning (Howard and Ruder, Universal
// language model fine-tuning for text classification, 2018; as a decay from layer to layer: Sun et al., How to fine-tune
// BERT for text classification?, 2019).

import EnsueLayers

/// A factor of the learning rate for every parameter; 1 for those that are not named.
public struct ParameterRates: Sendable, Equatable {
  private let factors: [String: Double]

  /// The same rate everywhere.
  public static let equal = ParameterRates(factors: [:])

  private init(factors: [String: Double]) { self.factors = factors }

  /// - Parameter factor: of a parameter's name; not below 0.
  public init(of model: some Module, _ factor: (String) -> Double) {
    var factors: [String: Double] = [:]
    for parameter in model.parameters where parameter.training != .none {
      let value = factor(parameter.name)
      precondition(value >= 0, "ParameterRates: \(value) for \(parameter.name)")
      if value != 1 { factors[parameter.name] = value }
    }
    self.init(factors: factors)
  }

  /// ξ^(depth - level): level 0 is the embedding, `depth` what stands upon the last block.
  /// - Parameters:
  ///   - decay: ξ, above 0; 1 for the same rate everywhere.
  ///   - level: of a parameter's name, 0 ... `depth`.
  public init(of model: some Module, decay: Double, depth: Int, level: (String) -> Int) {
    self.init(of: model) { name in
      let steps = depth - level(name)
      precondition((0...depth).contains(steps), "ParameterRates: level \(depth - steps) of \(depth) for \(name)")
      return (0..<steps).reduce(1) { factor, _ in factor * decay }
    }
  }

  public subscript(name: String) -> Double { factors[name] ?? 1 }
}
