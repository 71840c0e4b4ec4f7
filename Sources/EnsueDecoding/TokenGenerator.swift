// Symbols one after another: what a model has written is what it reads next.

import EnsueFiles
import EnsueModels

/// Continues a batch of prompts of any lengths, each by one symbol a step.
///
///     var generator = try TokenGenerator(model, prompts: [ids], options: options, endIDs: [], limit: 200)
///     while case let step = try generator.next(), !step.isEmpty { … }
///
/// Sequences that end leave the batch. The symbols of a sequence do not depend on the others. Beyond the model's
/// context generation goes on over the last symbols: whenever a sequence has filled the context, the model's memory of
/// it is built anew from the last half of the context.
public struct TokenGenerator<Model: LanguageModel>: Sendable {
  private let sampler: Sampler
  private let endIDs: Set<Int32>
  private let limit: Int
  private var reader: SequenceReader<Model>
  /// The numbers of the sequences in the reader.
  private var sequences: [Int]
  /// Of each, what is to be read next.
  private var pending: [[Int32]]
  private var ended: Set<Int> = []
  /// Symbols generated of each sequence that has not ended.
  private var count = 0

  /// - Parameters:
  ///   - prompts: what is read before, one symbol or more each.
  ///   - endIDs: symbols that end a sequence; they are generated as its last.
  ///   - limit: symbols of a sequence at most.
  /// - Throws: `Failure` of kind `data` where a prompt is empty, longer than the model's context or of symbols it does
  ///   not have, of kind `configuration` where an option makes no rule.
  public init(
    _ model: Model, prompts: [[Int32]], options: SamplingOptions = .init(), endIDs: Set<Int32> = [], limit: Int
  ) throws(Failure) {
    sampler = try Sampler(options)
    for prompt in prompts { try SequenceReader.check(prompt, model) }
    (self.endIDs, self.limit) = (endIDs, limit)
    reader = SequenceReader(model, batchSize: max(1, prompts.count))
    (sequences, pending) = (Array(prompts.indices), prompts)
  }

  /// Ends a sequence from outside, such as at a stop string: `next` gives no more of it.
  public mutating func end(_ sequence: Int) { ended.insert(sequence) }

  /// The next symbol of every sequence that goes on, by number; nothing when all have ended.
  /// - Throws: `Failure` of kind `data` where the model's scores are not finite.
  public mutating func next() throws(Failure) -> [GeneratedToken] {
    let kept = count < limit ? sequences.indices.filter { !ended.contains(sequences[$0]) } : []
    if kept.count < sequences.count {
      if !kept.isEmpty { reader.select(kept) }
      (sequences, pending) = (kept.map { sequences[$0] }, kept.map { pending[$0] })
    }
    guard !sequences.isEmpty else { return [] }
    let scores = try reader.read(pending)
    var tokens: [GeneratedToken] = []
    for (row, sequence) in sequences.enumerated() {
      let drawn = try sampler.draw(
        from: scores, row: row, recent: reader.ids[row], sequence: sequence, position: count)
      let isEnd = endIDs.contains(drawn.id)
      if isEnd { ended.insert(sequence) }
      pending[row] = [drawn.id]
      tokens.append(
        GeneratedToken(
          sequence: sequence, id: drawn.id, logProbability: drawn.logProbability, likeliest: drawn.likeliest,
          isEnd: isEnd))
    }
    count += 1
    return tokens
  }
}
