// What the loops of all training tasks have in common: how long, how far a step goes, which random numbers.

import EnsueTraining

/// The settings of a loop.
public protocol LoopConfiguration: Sendable, Equatable {
  var epochs: Int { get set }
  var clipNorm: Double? { get set }
  var clipValue: Double? { get set }
  /// Validations without improvement before training stops.
  var patience: Int { get set }
  var seed: Int { get set }
  /// Seconds between checkpoints; 0 for one at the end only.
  var checkpointSeconds: Double { get set }
}

/// A loop that may end with the mean of several validations' weights.
public protocol AveragedLoopConfiguration: LoopConfiguration {
  /// Of which validations the weights are averaged.
  var averaging: WeightAveragingKind { get set }
  /// How many; 1 for the best alone.
  var averagedCount: Int { get set }
}

extension RunConfiguration where Training: AveragedLoopConfiguration {
  package static var averagingSettings: [Setting<Self>] {
    [
      .choice(
        "training.averaging", \.training.averaging, option: "average", "of which validations the weights are averaged"
      ).read(by: "an --average-count above 1") { $0.training.averagedCount > 1 },
      .integer(
        "training.averagedCount", \.training.averagedCount, 1...100, option: "average-count",
        "how many of them; 1 for the best weights alone"),
    ]
  }

  /// The weights to average of a run in a folder.
  func average(in folder: RunFolder, after validations: [WeightAverage.Validation]) -> WeightAverage {
    WeightAverage(
      folder: folder.checkpoints, kind: training.averaging, count: training.averagedCount,
      higherIsBetter: stopping.higherIsBetter, after: validations)
  }
}

extension RunConfiguration {
  public var clipping: GradientClipping { GradientClipping(norm: training.clipNorm, value: training.clipValue) }
  public var stopping: EarlyStopping { EarlyStopping(higherIsBetter: false, patience: training.patience) }
  public var epochs: Int { training.epochs }
  public var seed: Int { training.seed }
  public var checkpointSeconds: Double { training.checkpointSeconds }

  package static var clippingSettings: [Setting<Self>] {
    [
      .number(
        "training.clipNorm", \.training.clipNorm, .above(0, through: 1e9), option: "clip-norm",
        "largest norm of the gradient"),
      .number(
        "training.clipValue", \.training.clipValue, .above(0, through: 1e9), option: "clip-value",
        "largest single number of the gradient"),
    ]
  }

  /// - Parameter unit: between two validations, in the plural.
  package static func patienceSetting(in unit: String) -> Setting<Self> {
    .integer(
      "training.patience", \.training.patience, 1...1_000_000, option: "patience",
      "\(unit) without improvement before stopping")
  }

  package static var seedSettings: [Setting<Self>] {
    [
      .integer("training.seed", \.training.seed, 0...Int.max, option: "seed", "seed of all random numbers of training"),
      .number("training.checkpointSeconds", \.training.checkpointSeconds, 0...86_400, "seconds between checkpoints"),
    ]
  }
}
