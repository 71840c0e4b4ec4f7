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
  case generate128 = "generate-128"
  case generate512 = "generate-512"
  case bahdanau
  case bahdanauBeam = "bahdanau-beam"
  case transformerGreedy = "transformer-greedy"
  case transformerBeam = "transformer-beam"
  case minilm
  case minilmForward = "minilm-forward"
  case minilmForwardBF16 = "minilm-forward-bf16"
  case minilmMR = "minilm-mr"
  case bertBase = "bert-base"
  case bertBaseForward = "bert-base-forward"
  case wordVectors = "word-vectors"
  case pipeline
  case tokenizeGPT2 = "tokenize-gpt2"
  case tokenizeBERT = "tokenize-bert"
  case tokenizeUnigram = "tokenize-unigram"
  case trainBPE = "train-bpe"
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
    case .generate128: "characters from 2 LSTM layers of 128, one stream"
    case .generate512: "characters from 3 LSTM layers of 512, one stream"
    case .bahdanau: "training a translator with additive attention, GRU of 256, 8,000 words"
    case .bahdanauBeam: "translating 64 sentences at once with it, a beam of 5"
    case .transformerGreedy: "translating 1,000 sentences by a Transformer, 6 + 6 blocks of 512; CTranslate2"
    case .transformerBeam: "the same with a beam of 4"
    case .minilm: "fine-tuning a BERT of 6 layers of 384, batch 8, 128 word pieces"
    case .minilmForward: "classifying with it"
    case .minilmForwardBF16: "the same with weights of 16 bits, against our 32; no peer"
    case .minilmMR: "fine-tuning a real MiniLM on MR's sentences, batch 32, padded to similar lengths"
    case .bertBase: "fine-tuning a BERT of 12 layers of 768, batch 8, 128 word pieces"
    case .bertBaseForward: "classifying with it"
    case .wordVectors: "loading a word-vector file of 400,000 x 50, from the text and from the cache"
    case .pipeline: "from MR's files to a validated BiLSTM classifier"
    case .tokenizeGPT2: "a megabyte of English to GPT-2's ids, one thread"
    case .tokenizeBERT: "the same to BERT's word pieces"
    case .tokenizeUnigram: "the same to SentencePiece's unigram pieces"
    case .trainBPE: "training 8,000 byte-level pieces on the Penn Treebank"
    case .planning: "from a cell's text to weights laid out for the machine; no peer"
    case .operations: "the main operations one by one; no peer"
    }
  }

  /// The peer's script in `peers/`, without its ending; nil where there is none.
  var peerScript: String? {
    switch self {
    case .labLSTM, .labBiLSTM, .gru256, .char128, .char512, .ptb650, .gptBaby, .cellPeephole, .sentenceLatency,
      .generate128, .generate512, .bahdanau, .bahdanauBeam, .wordVectors, .pipeline, .trainBPE,
      .minilmMR:
      rawValue
    case .transformerGreedy, .transformerBeam: "transformer-translation"
    case .minilm, .minilmForward, .bertBase, .bertBaseForward: "encoder"
    case .tokenizeGPT2, .tokenizeBERT, .tokenizeUnigram: "tokenize-text"
    case .minilmForwardBF16, .planning, .operations: nil
    }
  }

  /// Options of this peer's own.
  func peerArguments(_ options: BenchOptions) -> [String] {
    switch self {
    case .cellPeephole: options.compile ? ["--compile"] : []
    case .tokenizeGPT2, .tokenizeBERT, .tokenizeUnigram, .transformerGreedy, .transformerBeam, .minilm, .minilmForward,
      .bertBase, .bertBaseForward:
      ["--name", rawValue]
    case .labLSTM, .labBiLSTM, .gru256, .char128, .char512, .ptb650, .gptBaby, .sentenceLatency, .wordVectors,
      .generate128, .generate512, .bahdanau, .bahdanauBeam, .pipeline, .trainBPE, .minilmForwardBF16, .minilmMR,
      .planning, .operations:
      []
    }
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
    case .generate128: try GenerateWorkload(.small, name: rawValue)
    case .generate512: try GenerateWorkload(.large, name: rawValue)
    case .bahdanau: try TranslationTrainingWorkload(name: rawValue)
    case .bahdanauBeam: try TranslationSearchWorkload(name: rawValue)
    case .transformerGreedy: try TransformerTranslationWorkload(name: rawValue, width: 1)
    case .transformerBeam: try TransformerTranslationWorkload(name: rawValue, width: 4)
    case .minilm: try EncoderTrainingWorkload(.minilm, name: rawValue)
    case .minilmForward: try EncoderForwardWorkload(.minilm, name: rawValue)
    case .minilmForwardBF16: try EncoderPrecisionWorkload(.minilm, name: rawValue)
    case .minilmMR: try FineTuningWorkload(name: rawValue, places)
    case .bertBase: try EncoderTrainingWorkload(.bertBase, name: rawValue)
    case .bertBaseForward: try EncoderForwardWorkload(.bertBase, name: rawValue)
    case .wordVectors: try WordVectorsWorkload(name: rawValue)
    case .pipeline: try PipelineWorkload(name: rawValue, places)
    case .tokenizeGPT2, .tokenizeBERT, .tokenizeUnigram: try TokenizeWorkload(name: rawValue, places)
    case .trainBPE: try TokenizerTrainingWorkload(name: rawValue, places)
    case .planning: PlanningWorkload(name: rawValue)
    case .operations: OperationsWorkload()
    }
  }
}
