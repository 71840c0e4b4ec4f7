// What the experiments with texts train: a model that reads whole sequences of symbols and says what comes next.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// A model that scores the symbol after every symbol of sequences that begin without a past.
protocol NextSymbolModel: Module {
  /// [rows, vocabulary], a row for each packed row.
  func scores(after tokens: PackedTokens, _ phase: Phase) throws -> Tensor
}

extension RecurrentLanguageModel: NextSymbolModel {
  func scores(after tokens: PackedTokens, _ phase: Phase) -> Tensor { self(tokens, from: nil, phase).logits }
}

extension TransformerLanguageModel: NextSymbolModel {
  func scores(after tokens: PackedTokens, _ phase: Phase) throws -> Tensor { try self(tokens, phase) }
}

/// Sequences with the symbols that follow theirs.
struct SymbolBatch: Sendable {
  let inputs: PackedTokens
  /// Of every packed row.
  let targets: [Int]

  /// Every sequence without its last symbol, which is only a target.
  /// - Precondition: every sequence has two symbols or more.
  init(_ sequences: [[Int32]]) {
    inputs = PackedTokens(sequences.map { Array($0.dropLast()) })
    targets = PackedTokens(sequences.map { Array($0.dropFirst()) }).ids.map { Int($0) }
  }

  var count: Int { targets.count }
}

extension Trainer where Model: NextSymbolModel {
  /// One update by the mean cross-entropy of all symbols but the first of each sequence.
  /// - Returns: that loss, in nats.
  mutating func step(on batch: SymbolBatch) throws -> Double {
    try step(on: [(batch, batch.count)]) { model, batch, phase in
      crossEntropy(logits: try model.scores(after: batch.inputs, phase), targets: batch.targets)
    }.loss
  }
}
