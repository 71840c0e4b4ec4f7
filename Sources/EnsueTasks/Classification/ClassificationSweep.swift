// Several classifiers and seeds with one set of settings.

import EnsueFiles
import EnsueModels

/// The runs of a sweep: every model with every seed, each in a folder of its own.
public struct ClassificationSweep: Sendable {
  public let runs: [(configuration: ClassificationConfiguration, folder: RunFolder)]

  /// - Parameters:
  ///   - seeds: how many; the first is that of `base`.
  ///   - folder: holds a folder `MODEL-seedN` for each run.
  public init(_ base: ClassificationConfiguration, models: [ClassifierKind], seeds: Int, in folder: String) {
    runs = models.flatMap { model in
      (0..<seeds).map { index in
        var configuration = base
        configuration.model.kind = model
        if model.cell == nil { configuration.model.cell = nil }
        configuration.training.seed = base.training.seed + index
        let name = "\(model.rawValue)-seed\(configuration.training.seed)"
        return (configuration, RunFolder("\(folder)/\(name)"))
      }
    }
  }
}
