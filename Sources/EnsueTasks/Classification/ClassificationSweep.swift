// Several classifiers and seeds with one set of settings.

import EnsueFiles
import EnsueLayers
import EnsueModels

/// The runs of a sweep: every model, or the pre-trained one, with every seed, each in a folder of its own.
public struct ClassificationSweep: Sendable {
  public let runs: [(configuration: ClassificationConfiguration, folder: RunFolder)]

  /// The runs of several sweeps, one after another.
  public init(joining sweeps: [ClassificationSweep]) { runs = sweeps.flatMap(\.runs) }

  /// - Parameters:
  ///   - models: none where a pre-trained one is fine-tuned.
  ///   - seeds: how many; the first is that of `base`.
  ///   - folder: holds a folder `MODEL-seedN` for each run.
  /// - Throws: `Failure` when no model is named, one twice, or one beside a pre-trained one, and when the seeds go past
  ///   the largest number.
  public init(
    _ base: ClassificationConfiguration, models: [ClassifierKind], seeds: Int, in folder: String
  ) throws {
    guard models.isEmpty == base.pretrained.isGiven else {
      let found = models.first.map { "no classifier beside --from expected, found \($0.rawValue)" }
      throw Failure(.usage, at: "--models", found ?? "classifiers expected, found none")
    }
    if let twice = models.first(where: { model in models.filter { $0 == model }.count > 1 }) {
      throw Failure(.usage, at: "--models", "each classifier once expected, found \(twice.rawValue) twice")
    }
    let first = base.training.seed
    guard !first.addingReportingOverflow(seeds).overflow else {
      throw Failure(.usage, at: "--seeds", "\(seeds) seeds from \(first) on go past the largest seed")
    }
    var kinds = models.map { model in
      var configuration = base
      configuration.model.kind = model
      if model.cell == nil {
        configuration.model.cell = nil
        configuration.model.stateAttention = StateAttentionConfiguration()
      }
      return (name: model.rawValue, configuration: configuration)
    }
    if let last = base.pretrained.path.split(separator: "/").last {
      // Of hub:ORG/NAME@REVISION the name.
      kinds.append((String(last.prefix { $0 != "@" }), base))
    }
    runs = kinds.flatMap { name, configuration in
      (first..<first + seeds).map { seed in
        var configuration = configuration
        configuration.training.seed = seed
        return (configuration, RunFolder("\(folder)/\(name)-seed\(seed)"))
      }
    }
  }
}
