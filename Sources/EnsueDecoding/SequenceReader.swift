// Sequences that grow, read with a model within the limits of its context.

import EnsueFiles
import EnsueModels
import EnsueTensor

/// What a batch of sequences has read, and the model's memory of it.
///
/// Where a sequence would grow longer than the model's context, its memory is built anew from the last half of the
/// context, and grows from there: the price of one long reading for every half a context. The other sequences are then
/// read again from where their memories began, which changes nothing for them: a model gives the same bits however
/// what it has read was cut into pieces.
struct SequenceReader<Model: LanguageModel>: Sendable {
  let model: Model
  /// Everything each sequence has read.
  private(set) var ids: [[Int32]]
  /// Where the memory of each begins.
  private var starts: [Int]
  private var memory: Model.Memory

  init(_ model: Model, batchSize: Int) {
    (self.model, memory) = (model, model.makeMemory(batchSize: batchSize))
    (ids, starts) = (.init(repeating: [], count: batchSize), .init(repeating: 0, count: batchSize))
  }

  /// Refuses prompts that cannot be read.
  /// - Throws: `Failure` of kind `data`.
  static func check(_ prompt: [Int32], _ model: Model) throws(Failure) {
    guard !prompt.isEmpty else {
      throw Failure(.data, at: "prompt", "one symbol or more expected, found none")
    }
    if let id = prompt.first(where: { $0 < 0 || Int($0) >= model.vocabularySize }) {
      throw Failure(.data, at: "prompt", "symbols below \(model.vocabularySize) expected, found \(id)")
    }
    if let limit = model.contextLength, prompt.count > limit {
      throw Failure(
        .data, at: "prompt", "at most \(limit) symbols expected, the model's context, found \(prompt.count)",
        advice: "Give its end alone.")
    }
  }

  /// Reads further symbols of every sequence, one or more, and scores those that may follow.
  mutating func read(_ tokens: [[Int32]]) throws(Failure) -> TokenScores {
    for (row, more) in tokens.enumerated() { ids[row] += more }
    guard let limit = model.contextLength, ids.indices.contains(where: { ids[$0].count - starts[$0] > limit }) else {
      return try Self.scores(try model.next(PackedTokens(tokens), &memory))
    }
    for row in ids.indices where ids[row].count - starts[row] > limit {
      starts[row] = ids[row].count - max(1, limit / 2)
    }
    memory = model.makeMemory(batchSize: ids.count)
    let windows = ids.indices.map { Array(ids[$0][starts[$0]...]) }
    return try Self.scores(try model.next(PackedTokens(windows), &memory))
  }

  /// In double precision: a text is long, and its log-probability a sum.
  private static func scores(_ logits: Tensor) throws(Failure) -> TokenScores {
    try TokenScores(logits.converted(to: .float64))
  }

  /// Keeps these sequences, in this order; one may be kept several times.
  mutating func select(_ sequences: [Int]) {
    model.select(sequences, in: &memory)
    (ids, starts) = (sequences.map { ids[$0] }, sequences.map { starts[$0] })
  }
}
