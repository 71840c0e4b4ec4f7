// The configuration of a classification run as every run's.

import EnsueData
import EnsueEvaluation
import EnsueTraining

extension ClassificationConfiguration: RunConfiguration {
  public static let task = "classify"

  public var clipping: GradientClipping { GradientClipping(norm: training.clipNorm, value: training.clipValue) }
  public var stopping: EarlyStopping {
    EarlyStopping(higherIsBetter: training.metric.higherIsBetter, patience: training.patience)
  }
  public var epochs: Int { training.epochs }
  public var seed: Int { training.seed }
  public var checkpointSeconds: Double { training.checkpointSeconds }
}

extension DataSplits {
  /// The data as a run's folder knows it.
  var runParts: [RunDataPart] {
    parts.map {
      RunDataPart(name: $0.name, digest: $0.contentDigest, path: $0.report.files.first?.path ?? $0.name)
    }
  }
}
