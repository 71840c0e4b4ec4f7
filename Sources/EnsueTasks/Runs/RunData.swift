// The data of a run, read again when its model is measured.

import EnsueFiles

/// What a run reads.
protocol RunData {
  associatedtype Configuration: RunConfiguration

  /// The content, for the run's folder.
  var parts: [RunDataPart] { get }

  init(_ configuration: Configuration) throws
}

extension RunData {
  /// The data of the run that a folder holds, as it was when the run began.
  /// - Parameter wanted: what an evaluation reads, for messages: `a text`.
  /// - Throws: `Failure` where the folder holds no run, or its data is no longer there or has changed.
  static func stored(in folder: RunFolder, or wanted: String) throws -> Self {
    guard folder.holdsRun else {
      throw Failure(.usage, "\(wanted) expected, found none", advice: "Name it with --data.")
    }
    let file = RunConfigurationFile<Configuration>(path: folder.configuration)
    let data: Self
    do {
      data = try Self(file.configuration())
    } catch let failure as Failure where failure.kind == .missing && failure.advice.isEmpty {
      throw Failure(
        .missing, at: failure.place, failure.problem,
        advice: "The run names its data as it was where training was started; name other data with --data.")
    }
    try file.requireSameData(data.parts)
    return data
  }
}

extension LabelledInput.Part {
  /// The part of a run's data.
  /// - Throws: `Failure` where the run has none.
  func chosen<Value>(training: Value, validation: Value, test: Value?, of folder: RunFolder) throws(Failure) -> Value {
    let chosen: Value? =
      switch self {
      case .training: training
      case .validation: validation
      case .test: test
      }
    guard let chosen else {
      throw Failure(
        .usage, "\(rawValue) data expected, found none in the run \(folder.name)",
        advice: "Name other data with --data, or choose another --part.")
    }
    return chosen
  }
}
