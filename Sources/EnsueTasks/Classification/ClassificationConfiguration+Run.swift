// The configuration of a classification run as every run's.

import EnsueData
import EnsueEvaluation
import EnsueTraining

extension ClassificationConfiguration: RunConfiguration {
  public static let task = "classify"

  public var stopping: EarlyStopping {
    EarlyStopping(higherIsBetter: training.metric.higherIsBetter, patience: training.patience)
  }
}

extension DataSplits {
  /// The data as a run's folder knows it.
  var runParts: [RunDataPart] {
    parts.map {
      RunDataPart(name: $0.name, digest: $0.contentDigest, path: $0.report.files.first?.path ?? $0.name)
    }
  }
}
