// The laws of reading step by step, over every language model: pieces are the whole, a sequence is alone, threads and
// copies change nothing.

import EnsueFiles
import EnsueModels
import EnsueTensor
import Testing

@Suite struct SteppingLaws {
  /// Reads sequences in pieces, and compares the scores after each with the whole's.
  private func checkPieces<Model: LanguageModel>(
    _ model: Model, _ sample: SampleModel, _ texts: [[Int32]], pieces: [Int]
  ) throws {
    #expect(model.vocabularySize == SampleModel.vocabularySize)
    let whole = try texts.map(sample.whole)
    var memory = model.makeMemory(batchSize: texts.count)
    var (alive, done) = (Array(texts.indices), texts.map { _ in 0 })
    for piece in pieces {
      // Those that have ended leave; the others turn round.
      let kept = alive.indices.filter { done[alive[$0]] < texts[alive[$0]].count }.reversed()
      if kept.isEmpty { return }
      model.select(Array(kept), in: &memory)
      alive = kept.map { alive[$0] }
      let tokens = alive.map { Array(texts[$0][done[$0]..<min(texts[$0].count, done[$0] + piece)]) }
      let scores = try model.next(PackedTokens(tokens), &memory)
      #expect(scores.shape == [alive.count, SampleModel.vocabularySize])
      for (row, sequence) in alive.enumerated() {
        done[sequence] += tokens[row].count
        let expected = whole[sequence].sliced(done[sequence] - 1..<done[sequence], axis: 0)
        let found = scores.sliced(row..<row + 1, axis: 0)
        #expect(found.isIdentical(to: expected), "\(sample.name): sequence \(sequence) after \(done[sequence])")
      }
    }
    #expect(done == texts.map(\.count))
  }

  /// Scores in blocks of rows are the scores, and no block has more rows than it may.
  @Test func blocksAreTheWholeBitForBit() throws {
    let texts = SampleModel.texts([12, 3, 8, 1], seed: 4)
    var configuration = NGramModelConfiguration()
    configuration.vocabularySize = SampleModel.vocabularySize
    var models: [AnyLanguageModel] = [.ngram(try NGramModel(configuration, counting: texts[0]))]
    for sample in try SampleModel.all() {
      switch sample.model {
      case let model as RecurrentLanguageModel: models.append(.recurrent(model))
      case let model as TransformerLanguageModel: models.append(.transformer(model))
      case let model as BigramModel: models.append(.bigram(model))
      default: Issue.record("\(sample.name) is no language model of these")
      }
    }
    for model in models {
      let tokens = PackedTokens(texts)
      var blocks: [Tensor] = []
      let states = try model.forEachBlock(of: tokens, rowLimit: 5) { blocks.append($0.detached) }
      let whole = try model.scores(tokens)
      #expect(blocks.allSatisfy { $0.shape[0] <= 5 } && blocks.count == 5, "\(model.kind)")
      #expect(concatenated(blocks, axis: 0).isIdentical(to: whole.logits.detached), "\(model.kind)")
      #expect(states?.count == whole.states?.count)
    }
  }

  @Test func piecesAreTheWholeBitForBit() throws {
    let texts = SampleModel.texts([12, 3, 8, 8, 1, 11], seed: 2)
    for sample in try SampleModel.all() {
      for pieces in [[Int](repeating: 1, count: 12), [5, 1, 1, 3, 1, 1], [12], [2, 2, 2, 2, 2, 2]] {
        try checkPieces(sample.model, sample, texts, pieces: pieces)
      }
      try checkPieces(sample.model, sample, [texts[0]], pieces: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    }
  }

  @Test(arguments: [1, 2, 5]) func threadsChangeNothing(threads: Int) throws {
    let texts = SampleModel.texts([7, 4, 6], seed: 3)
    for sample in try SampleModel.wide() {
      try ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        try checkPieces(sample.model, sample, texts, pieces: [2, 1, 1, 1, 1, 1])
        try checkPieces(sample.model, sample, [texts[0]], pieces: [1, 1, 1, 1, 1, 1, 1])
      }
    }
  }

  private func checkCopies<Model: LanguageModel>(_ model: Model, _ name: String) throws {
    var memory = model.makeMemory(batchSize: 2)
    _ = try model.next(PackedTokens([[1, 2], [3]]), &memory)
    var (copy, doubled) = (memory, memory)
    model.select([1, 0, 1], in: &doubled)
    _ = try model.next(PackedTokens([[4], [5]]), &copy)
    _ = try model.next(PackedTokens([[6], [6], [7]]), &doubled)
    let after = try model.next(PackedTokens([[8], [9]]), &memory)
    var fresh = model.makeMemory(batchSize: 2)
    let expected = try model.next(PackedTokens([[1, 2, 8], [3, 9]]), &fresh)
    #expect(after.isIdentical(to: expected), "\(name)")
  }

  @Test func aMemoryIsAValue() throws {
    for sample in try SampleModel.all() { try checkCopies(sample.model, sample.name) }
  }

  private func checkSelection<Model: LanguageModel>(_ model: Model, _ name: String) throws {
    var memory = model.makeMemory(batchSize: 1)
    // Before anything was read, and after.
    model.select([0, 0], in: &memory)
    _ = try model.next(PackedTokens([[1, 2], [3]]), &memory)
    model.select([1, 1, 0], in: &memory)
    let after = try model.next(PackedTokens([[4], [5], [6]]), &memory)
    var fresh = model.makeMemory(batchSize: 3)
    let expected = try model.next(PackedTokens([[3, 4], [3, 5], [1, 2, 6]]), &fresh)
    #expect(after.isIdentical(to: expected), "\(name)")
  }

  @Test func selectedSequencesGoOnAsTheirOriginals() throws {
    for sample in try SampleModel.all() { try checkSelection(sample.model, sample.name) }
  }
}
