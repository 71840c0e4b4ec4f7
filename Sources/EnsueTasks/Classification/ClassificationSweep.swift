// Several classifiers and seeds with one set of settings.

import EnsueFiles
import EnsueLayers
import EnsueModels

/// The runs of a sweep: every model with every seed, each in a folder of its own.
public struct ClassificationSweep: Sendable {
  public let runs: [(configuration: ClassificationConfiguration, folder: RunFolder)]

  /// The runs of several sweeps, one after another.
  public init(joining sweeps: [ClassificationSweep]) { runs = sweeps.flatMap(\.runs) }

  /// - Parameters:
  ///   - seeds: how many; the first is that of `base`.
  ///   - folder: holds a folder `MODEL-seedN` for each run.
  /// - Throws: `Failure` when a model is named twice or the seeds go past the largest number.
  public init(
    _ base: ClassificationConfiguration, models: [ClassifierKind], seeds: Int, in folder: String
  ) throws {
    if let twice = models.first(where: { model in models.filter { $0 == model }.count > 1 }) {
      throw Failure(.usage, at: "--models", "each classifier once expected, found \(twice.rawValue) twice")
    }
    let first = base.training.seed
    guard !first.addingReportingOverflow(seeds).overflow else {
      throw Failure(.usage, at: "--seeds", "\(seeds) seeds from \(first) on go past the largest seed")
    }
    runs = models.flatMap { model in
      (first..<first + seeds).map { seed in
        var configuration = base
        configuration.model.kind = model
        if model.cell == nil {
          configuration.model.cell = nil
          configuration.model.stateAttention = StateAttentionConfiguration()
        }
        configuration.training.seed = seed
        return (configuration, RunFolder("\(folder)/\(model.rawValue)-seed\(seed)"))
      }
    }
  }
}
