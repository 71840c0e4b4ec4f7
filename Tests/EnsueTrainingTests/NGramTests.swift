// N-gram models: distributions in every context, equal to the plain reference, and the figure of the Penn Treebank.

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

@Suite struct NGramTests {
  /// A text in which a symbol depends on those before it.
  static func text(_ count: Int, below vocabularySize: Int, seed: UInt64 = 1) -> [Int32] {
    let key = RandomKey(seed: seed)
    var ids: [Int32] = []
    for place in 0..<count {
      let random = Int(key.bits(at: place) >> 40)
      let former = ids.suffix(2).reduce(0) { $0 * 3 + Int($1) }
      ids.append(Int32(random % 4 == 0 ? random / 4 % vocabularySize : (former * 7 + random / 4 % 2) % vocabularySize))
    }
    return ids
  }

  static func configuration(
    _ smoothing: NGramSmoothingKind, order: Int, vocabularySize: Int, sentenceEnd: Int32? = nil
  ) -> NGramModelConfiguration {
    var configuration = NGramModelConfiguration()
    (configuration.smoothing, configuration.order) = (smoothing, order)
    (configuration.vocabularySize, configuration.sentenceEnd) = (vocabularySize, sentenceEnd)
    configuration.pseudocount = 0.3
    return configuration
  }

  /// Contexts that stand in the text, others, and the empty one.
  private static func contexts(_ ids: [Int32], below vocabularySize: Int) -> [[Int32]] {
    let seen = stride(from: 0, to: ids.count, by: max(1, ids.count / 12)).flatMap { start in
      (1...6).map { Array(ids[start..<min(ids.count, start + $0)]) }
    }
    let key = RandomKey(seed: 99)
    let others = (0..<12).map { number in
      (0..<number % 6).map { Int32(key.bits(at: 10 * number + $0) % UInt64(vocabularySize)) }
    }
    return [[]] + seen + others
  }

  @Test(arguments: NGramSmoothingKind.allCases, 1...5)
  func equalsTheReferenceAndAddsUpToOne(_ smoothing: NGramSmoothingKind, _ order: Int) throws {
    let texts: [(ids: [Int32], size: Int)] = [
      (NGramTests.text(400, below: 7), 7), (NGramTests.text(60, below: 20, seed: 2), 25), ([3, 3, 3, 3], 5),
      ([0, 1], 2), ([2], 4), ([1, 2, 1, 2, 1, 0, 1, 2, 1, 1, 1, 1, 0], 3),
    ]
    for (ids, size) in texts {
      for sentenceEnd in [nil, 1] as [Int32?] {
        let configuration = NGramTests.configuration(
          smoothing, order: order, vocabularySize: size, sentenceEnd: sentenceEnd)
        let model = try NGramModel(configuration, counting: ids)
        let reference = NGramReference(configuration, ids)
        for context in NGramTests.contexts(ids, below: size) {
          let found = model.probabilities(after: context)
          #expect(abs(found.reduce(0, +) - 1) < 1e-12, "\(context) of \(ids.count) symbols")
          for symbol in 0..<Int32(size) {
            let expected = reference.probability(of: symbol, after: context)
            #expect(abs(found[Int(symbol)] - expected) < 1e-12, "\(symbol) after \(context)")
            #expect(abs(model.probability(of: symbol, after: context) - found[Int(symbol)]) < 1e-15)
            #expect(expected > 0)
          }
        }
      }
    }
  }

  @Test func countsAsOneTellsByHand() throws {
    // abab: after a comes b twice; with one pseudocount of 3 symbols (2 + 1) / (2 + 3).
    var configuration = NGramTests.configuration(.addK, order: 2, vocabularySize: 3)
    configuration.pseudocount = 1
    let model = try NGramModel(configuration, counting: [0, 1, 0, 1])
    #expect(model.probability(of: 1, after: [0]) == 3.0 / 5)
    #expect(model.probability(of: 0, after: [1]) == 2.0 / 4)
    #expect(model.probability(of: 0, after: [2]) == 1.0 / 3)
    #expect(model.probability(of: 0, after: []) == 3.0 / 7)
  }

  @Test func anySourceAsBlocks() throws {
    let ids = NGramTests.text(500, below: 6)
    let configuration = NGramTests.configuration(.modifiedKneserNey, order: 3, vocabularySize: 6)
    var passes = 0
    let model = try NGramModel(configuration, tokenCount: ids.count) { range in
      passes += 1
      return Array(ids[range])
    }
    #expect(passes == 3)
    let other = try NGramModel(configuration, counting: ids)
    #expect(model.probabilities(after: [1, 2]) == other.probabilities(after: [1, 2]))
    let mean = model.meanNegativeLogLikelihood(of: Array(ids[..<50]))
    let sum = (0..<50).reduce(0.0) { $0 - log(model.probability(of: ids[$1], after: Array(ids[..<$1]))) }
    #expect(abs(mean - sum / 50) < 1e-12)
  }

  @Test func stepByStep() throws {
    let ids = NGramTests.text(300, below: 9)
    let configuration = NGramTests.configuration(.kneserNey, order: 4, vocabularySize: 9, sentenceEnd: 0)
    let model = try NGramModel(configuration, counting: ids)
    let texts = [Array(ids[..<7]), Array(ids[20..<21]), Array(ids[50..<90])]
    var memory = model.makeMemory(batchSize: 3)
    let whole = try model.next(PackedTokens(texts), &memory)
    #expect(whole.shape == [3, 9])
    for (row, text) in texts.enumerated() {
      let expected = model.probabilities(after: text).map { Float(log($0)) }
      #expect(Array(whole.floats[row * 9..<(row + 1) * 9]) == expected)
      // Symbol by symbol the same bits.
      var alone = model.makeMemory(batchSize: 1)
      var last = whole
      for symbol in text { last = try model.next(PackedTokens([[symbol]]), &alone) }
      #expect(last.floats == expected)
      #expect(alone[0] == memory[row] && alone[0].count <= 3)
    }
    model.select([2, 0, 2], in: &memory)
    let selected = try model.next(PackedTokens([[1], [1], [2]]), &memory)
    #expect(Array(selected.floats[9..<18]) == model.probabilities(after: texts[0] + [1]).map { Float(log($0)) })
    #expect(Array(selected.floats[18...]) == model.probabilities(after: texts[2] + [2]).map { Float(log($0)) })
  }

  @Test func refused() throws {
    let base = NGramTests.configuration(.addK, order: 3, vocabularySize: 5)
    func check(
      _ kind: Failure.Kind, _ ids: [Int32], limit: Int = 1000, _ change: (inout NGramModelConfiguration) -> Void
    ) {
      var configuration = base
      change(&configuration)
      let failure = #expect(throws: Failure.self) {
        _ = try NGramModel(configuration, tokenCount: ids.count, limit: limit) { Array(ids[$0]) }
      }
      #expect(failure?.kind == kind, "\(failure?.description ?? "")")
    }
    check(.configuration, [1]) { $0.order = 0 }
    check(.configuration, [1]) { $0.order = 17 }
    check(.configuration, [1]) { $0.vocabularySize = 0 }
    check(.configuration, [1]) { $0.vocabularySize = 1 << 40 }
    check(.configuration, [1]) { $0.pseudocount = 0 }
    check(.configuration, [1]) { $0.pseudocount = .nan }
    check(.configuration, [1]) { $0.sentenceEnd = 5 }
    check(.data, [1, 5]) { _ in }
    check(.data, [1, -1]) { _ in }
    check(.configuration, [0, 1, 2, 3, 4, 1, 3], limit: 10) { _ in }
    check(.configuration, [0], limit: 4) { _ in }
  }

  private static let treebank = "\(TestFiles.data ?? "")/ptb"

  /// Mikolov and Zweig (2012) give 141.2 for a 5-gram of Kneser and Ney.
  @Test(.enabled(if: InputFile.exists(treebank), "\(TestFiles.dataIsAbsent)"))
  func pennTreebank() throws {
    var table: [Substring: Int32] = [:]
    func ids(_ part: String) throws -> [Int32] {
      let text = String(decoding: try InputFile.contents(of: "\(NGramTests.treebank)/ptb.\(part).txt"), as: UTF8.self)
      return text.split(separator: "\n").flatMap { line in
        (line.split(separator: " ") + ["<eos>"]).map { word in
          if let id = table[word] { return id }
          table[word] = Int32(table.count)
          return Int32(table.count - 1)
        }
      }
    }
    let (training, test) = (try ids("train"), try ids("test"))
    #expect(training.count == 929_589 && test.count == 82_430 && table.count == 10_000)
    let end = try #require(table["<eos>"])
    let configuration = NGramTests.configuration(
      .modifiedKneserNey, order: 5, vocabularySize: table.count, sentenceEnd: end)
    let model = try NGramModel(configuration, counting: training)
    let perplexity = exp(model.meanNegativeLogLikelihood(of: test, after: [end]))
    #expect(abs(perplexity - 141.2) < 0.1)
  }
}
