// Checkpoints of other programs as bundles, so that every command that takes a language model takes them. charRNN's is
// in LanguageModelBundle+CharRNN.swift.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension LanguageModelBundle {
  /// The score of a symbol that has no place in a checkpoint, and is never to be likely.
  private static let unknownScore: Float = -1e4

  /// A checkpoint of llama2.c.
  /// - Parameter vocabulary: its tokenizer.bin.
  /// - Throws: `Failure` of kind `missing` or `data`, also where the two do not belong together.
  public init(llama2c path: String, vocabulary: String) throws {
    let checkpoint = try Llama2cCheckpoint(contentsOf: path)
    let tokens = try Llama2cVocabulary(contentsOf: vocabulary, count: checkpoint.configuration.vocabularySize)
    let tokenizer = try tokens.tokenizer()
    self.init(
      codec: .subwords(tokenizer), architecture: .transformer(checkpoint.configuration),
      model: .transformer(checkpoint.model), beginning: tokenizer.beginning)
  }

  /// A GPT of minGPT. Its symbols, of which nothing is written down, are digits from 0 on; what is no such digit is no
  /// part of a text.
  /// - Throws: `Failure` of kind `missing` or `data`, also for more than ten symbols.
  public init(minGPT path: String) throws {
    let checkpoint = try MinGPTCheckpoint(contentsOf: path)
    let count = checkpoint.configuration.vocabularySize
    guard count <= 10 else {
      throw Failure(
        .data, at: path, "at most ten symbols, which are written as digits, expected, found \(count)",
        advice: "The file does not say what its symbols are.")
    }
    // Byte pairs without a pair: every known character is a token, every other vanishes.
    let model = try BytePairModel(vocabulary: (0..<count).map { "\($0)" }, merges: [])
    self.init(
      codec: .subwords(try SubwordTokenizer(model: .bytePair(model), decoder: .fuse)),
      architecture: .transformer(checkpoint.configuration), model: .transformer(checkpoint.model))
  }

  /// The word LSTM of "Deep Learning from Scratch 2".
  /// - Parameter vocabulary: its words, one a line in the order of their numbers; `<eos>` is among them.
  /// - Throws: `Failure` of kind `missing` or `data`, also where the two do not belong together.
  public init(wordLSTM path: String, vocabulary: String) throws {
    let checkpoint = try WordLSTMCheckpoint(contentsOf: path)
    let words = try ForeignCheckpointKind.lines(of: vocabulary)
    guard words.count == checkpoint.configuration.vocabularySize else {
      throw Failure(
        .data, at: vocabulary, "\(checkpoint.configuration.vocabularySize) words expected, found \(words.count)")
    }
    guard let end = words.firstIndex(of: WordList.endOfLine) else {
      throw Failure(.data, at: vocabulary, "the word \(WordList.endOfLine) expected, found none")
    }
    // A word list begins with the end of a line, and has a number for every other word before it.
    let order = [end] + words.indices.filter { $0 != end }
    guard let list = WordList(words: order.map { words[$0] }) else {
      throw Failure(.data, at: vocabulary, "every word once and without white space expected")
    }
    var architecture = checkpoint.configuration
    architecture.vocabularySize = list.idCount
    var model = try RecurrentLanguageModel(architecture, key: RandomKey(seed: 0))
    let rows = order.map(Int32.init)
    func withUnknown(_ matrix: Tensor) -> Tensor {
      concatenated([.zeros([1, matrix.shape[1]]), matrix.gathered(rows)], axis: 0)
    }
    model.embedding = Embedding(weight: withUnknown(checkpoint.model.embedding.weight), isTrained: true)
    model.encoder = checkpoint.model.encoder
    model.output.weight = withUnknown(checkpoint.model.output.weight)
    let bias = checkpoint.model.output.bias.floats
    model.output.bias = Tensor(
      [LanguageModelBundle.unknownScore] + order.map { bias[$0] }, shape: [list.idCount])
    self.init(codec: .words(list), architecture: .recurrent(architecture), model: .recurrent(model))
  }
}
