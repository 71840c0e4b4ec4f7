// The workloads by name, and what their peers are.

import Ensue

/// A workload of `ensue-bench`.
enum WorkloadKind: String, CaseIterable, Sendable {
  case labLSTM = "lab-lstm"
  case labBiLSTM = "lab-bilstm"
  case gru256 = "gru-256"
  case char128 = "char-128"
  case char512 = "char-512"
  case ptb650 = "ptb-650"
  case gptBaby = "gpt-baby"
  case cellPeephole = "cell-peephole"
  case sentenceLatency = "sentence-latency"
  case wordVectors = "word-vectors"
  case pipeline
  case planning
  case operations

  /// One line for the help.
  var summary: String {
    switch self {
    case .labLSTM: "training an LSTM of 100 on MR, frozen vectors"
    case .labBiLSTM: "the same in both directions"
    case .gru256: "training a GRU of 256, 40 steps"
    case .char128: "training a character model, 2 LSTM layers of 128"
    case .char512: "training a character model, 3 LSTM layers of 512"
    case .ptb650: "training a word model, 2 LSTM layers of 650 over 10,000 words"
    case .gptBaby: "training a decoder-only Transformer, 6 blocks of 384, context 256"
    case .cellPeephole: "training a cell given as text, a peephole LSTM of 128, and our LSTM beside it"
    case .sentenceLatency: "one sentence of 21 words through a BiLSTM of 100"
    case .wordVectors: "loading a word-vector file of 400,000 x 50, from the text and from the cache"
    case .pipeline: "from MR's files to a validated BiLSTM classifier"
    case .planning: "from a cell's text to weights laid out for the machine; no peer"
    case .operations: "the main operations one by one; no peer"
    }
  }

  /// The peer's script in `peers/`, without its ending; nil where there is none.
  var peerScript: String? {
    switch self {
    case .labLSTM, .labBiLSTM, .gru256, .char128, .char512, .ptb650, .gptBaby, .cellPeephole, .sentenceLatency,
      .wordVectors, .pipeline:
      rawValue
    case .planning, .operations: nil
    }
  }

  /// Options of this peer's own.
  func peerArguments(_ options: BenchOptions) -> [String] {
    self == .cellPeephole && options.compile ? ["--compile"] : []
  }

  /// Prepares Ensue's side.
  /// - Throws: `Failure` when its data is not there.
  func makeWorkload(_ places: Places, _ options: BenchOptions) throws -> any Workload {
    switch self {
    case .labLSTM: try LaboratoryWorkload(.lstm, name: rawValue, places)
    case .labBiLSTM: try LaboratoryWorkload(.bilstm, name: rawValue, places)
    case .gru256: try GRUWorkload(name: rawValue)
    case .char128: LanguageModelWorkload(.char128, name: rawValue)
    case .char512: LanguageModelWorkload(.char512, name: rawValue)
    case .ptb650: LanguageModelWorkload(.ptb650, name: rawValue)
    case .gptBaby: try GPTWorkload(name: rawValue)
    case .cellPeephole: try CellWorkload(name: rawValue, compiled: options.compile)
    case .sentenceLatency: SentenceLatencyWorkload(name: rawValue)
    case .wordVectors: try WordVectorsWorkload(name: rawValue)
    case .pipeline: try PipelineWorkload(name: rawValue, places)
    case .planning: PlanningWorkload(name: rawValue)
    case .operations: OperationsWorkload()
    }
  }
}
