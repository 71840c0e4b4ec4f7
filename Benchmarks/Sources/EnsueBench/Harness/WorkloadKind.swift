// The workloads by name, and what their peers are.

import Ensue

/// A workload of `ensue-bench`.
enum WorkloadKind: String, CaseIterable, Sendable {
  case labLSTM = "lab-lstm"
  case labBiLSTM = "lab-bilstm"
  case gru256 = "gru-256"
  case wordVectors = "word-vectors"
  case pipeline
  case operations

  /// One line for the help.
  var summary: String {
    switch self {
    case .labLSTM: "training an LSTM of 100 on MR, frozen vectors"
    case .labBiLSTM: "the same in both directions"
    case .gru256: "training a GRU of 256, 40 steps"
    case .wordVectors: "loading a word-vector file of 400,000 x 50, from the text and from the cache"
    case .pipeline: "from MR's files to a validated BiLSTM classifier"
    case .operations: "the main operations one by one; no peer"
    }
  }

  /// The peer's script in `peers/`, without its ending; nil where there is none.
  var peerScript: String? {
    switch self {
    case .labLSTM, .labBiLSTM, .gru256, .wordVectors, .pipeline: rawValue
    case .operations: nil
    }
  }

  /// Prepares Ensue's side.
  /// - Throws: `Failure` when its data is not there.
  func makeWorkload(_ places: Places) throws -> any Workload {
    switch self {
    case .labLSTM: try LaboratoryWorkload(.lstm, name: rawValue, places)
    case .labBiLSTM: try LaboratoryWorkload(.bilstm, name: rawValue, places)
    case .gru256: try GRUWorkload(name: rawValue)
    case .wordVectors: try WordVectorsWorkload(name: rawValue)
    case .pipeline: try PipelineWorkload(name: rawValue, places)
    case .operations: OperationsWorkload()
    }
  }
}
