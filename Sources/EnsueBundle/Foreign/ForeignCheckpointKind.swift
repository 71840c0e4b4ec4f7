// The checkpoints of other programs that can be read, by name.

import EnsueFiles

/// A language or translation model as another program wrote it.
public enum ForeignCheckpointKind: String, Codable, CaseIterable, Sendable {
  /// A folder of ml5: manifest.json, vocab.json and the tensors' files.
  case charRNN = "charrnn"
  /// llama2.c's first format; its tokenizer is a file beside it.
  case llama2c
  /// minGPT's parameters as JSON; the symbols are digits.
  case minGPT = "mingpt-json"
  /// The word LSTM of "Deep Learning from Scratch 2"; its words are a file beside it, one a line.
  case wordLSTM = "dlfs2"
  /// The date translator of the same book; the pairs it was trained on, which number its characters, are beside it.
  case dateTranslator = "dlfs2-dates"
  /// A folder of CTranslate2 with model.bin or model.safetensors, source_vocabulary.txt and target_vocabulary.txt.
  case ctranslate2
  /// A folder as the Hub has it: config.json, safetensors, tokenizer; GPT-2, Llama, Mistral, MarianMT.
  case hub

  public var summary: String {
    switch self {
    case .charRNN: "a folder of ml5's charRNN: characters, LSTM"
    case .llama2c: "llama2.c's .bin with its tokenizer.bin: subwords, Llama (Touvron et al. 2023)"
    case .minGPT: "minGPT's parameters as JSON: digits, GPT (Radford et al. 2019)"
    case .wordLSTM: "\"Deep Learning from Scratch 2\" as safetensors with its words: LSTM (Saito 2018)"
    case .dateTranslator: "its date translator as safetensors with its pairs: two LSTMs and attention, ten symbols long"
    case .ctranslate2: "a folder of CTranslate2 with its model.bin: characters, pre-norm Transformer"
    case .hub: "a folder of the Hub with config.json and safetensors: GPT-2, Llama, Mistral, MarianMT"
    }
  }

  /// Whether its symbols are in a file of their own.
  public var hasVocabularyFile: Bool {
    switch self {
    case .llama2c, .wordLSTM, .dateTranslator: true
    case .charRNN, .minGPT, .ctranslate2, .hub: false
    }
  }
}

extension ForeignCheckpointKind {
  /// The lines of a file of symbols that are not empty, with either kind of line end.
  static func lines(of path: String) throws -> [String] {
    try InputFile.contents(of: path, limit: 64 << 20).split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }.filter { !$0.utf8.isEmpty }
  }
}
