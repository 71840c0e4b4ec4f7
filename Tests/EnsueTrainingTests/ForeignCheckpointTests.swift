// Checkpoints of other programs and the outputs their makers document (Tests/Goldens/foreign.py), where the data is.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

private let folder = "\(TestFiles.data ?? "")/checkpoints"

private func golden(_ name: String) throws -> JSONObject {
  try #require(
    JSONValue.contents(of: TestFiles.golden("foreign.json")).objectValue?[name]?.objectValue)
}

private func integers(_ value: JSONValue?) -> [Int32] {
  value?.arrayValue?.compactMap { $0.integerValue.map(Int32.init) } ?? []
}

@Suite(.enabled(if: InputFile.isDirectory(folder), "no checkpoints: set ENSUE_DATA"))
struct ForeignCheckpointTests {
  /// What llama2.c prints for stories260K at temperature 0, symbol by symbol from the cache.
  @Test func storiesAreThoseOfLlama2c() throws {
    let checkpoint = try Llama2cCheckpoint(contentsOf: "\(folder)/stories260K/stories260K.bin")
    let model = checkpoint.model
    #expect(model.parameterCount == 260_032)
    let expected = integers(try golden("llama2c")["greedy"])
    try #require(expected.count == 200)
    var (cache, input, found) = (model.makeCache(), 1 as Int32, [Int32]())
    while found.count < expected.count {
      input = Int32(try model.next(PackedTokens([[input]]), &cache).argmax()[0])
      found.append(input)
    }
    #expect(found == expected)
    // And the whole text at once.
    let whole = try model(PackedTokens([[1] + expected.dropLast()])).argmax().map { Int32($0) }
    #expect(whole == expected)
  }

  /// All rows of six symbols of three, as minGPT's demonstration sorts.
  @Test func everyRowIsSorted() throws {
    let checkpoint = try MinGPTCheckpoint(contentsOf: "\(folder)/gpt-nano-sort/gpt-nano-sort-model.json")
    let model = checkpoint.model
    #expect(try golden("sorting")["right"]?.integerValue == 729)
    let rows = (0..<729).map { number in (0..<6).map { Int32([1, 3, 9, 27, 81, 243][$0]).quotient(of: number) } }
    var (cache, inputs, found) = (model.makeCache(), rows, rows.map { _ in [Int32]() })
    for _ in 0..<6 {
      let next = try model.next(PackedTokens(inputs), &cache).argmax().map { Int32($0) }
      for (row, symbol) in next.enumerated() { found[row].append(symbol) }
      inputs = next.map { [$0] }
    }
    #expect(Set(rows).count == 729)
    for (row, sorted) in zip(rows, found) { #expect(sorted == row.sorted(), "\(row)") }
  }

  /// The Penn Treebank's test text in the numbers of the word LSTM.
  private static func testText() throws -> [Int32] {
    let words = String(decoding: try InputFile.contents(of: "\(folder)/dlfs2/ptb-vocab-by-id.txt"), as: UTF8.self)
      .split(separator: "\n")
    let idOfWord = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0)) })
    let text = String(
      decoding: try InputFile.contents(of: "\(TestFiles.data ?? "")/ptb/ptb.test.txt"), as: UTF8.self)
    return try text.split(separator: "\n").flatMap { line in
      try (line.split(separator: " ") + ["<eos>"]).map { try #require(idOfWord[$0]) }
    }
  }

  @Test func theWordLSTMsPerplexityIsTheReferences() throws {
    let model = try WordLSTMCheckpoint(contentsOf: "\(folder)/dlfs2/ptb-rnnlm-lstm100.safetensors").model
    let golden = try golden("wordLSTM")
    let ids = try Self.testText()
    func perplexity(_ inputs: [[Int32]], _ targets: [[Int32]]) -> Double {
      let logits = model(PackedTokens(inputs)).logits
      return exp(crossEntropy(logits: logits, targets: PackedTokens(targets).ids.map { Int($0) }).scalar)
    }
    let count = try #require(golden["words"]?.integerValue)
    let first = Array(ids.prefix(count))
    let expected = try #require(golden["perplexity"]?.doubleValue)
    let found = perplexity([Array(first.dropLast())], [Array(first.dropFirst())])
    #expect(abs(found - expected) < 1e-3, "\(found) against \(expected)")
    #expect(ids.count == 82_430)
  }

  /// The whole text as the book reads it: ten streams, each begun at a tenth of it, in segments of 35 words with the
  /// states carried.
  @Test func theWordLSTMsPerplexityOfTheWholeTextIsTheBooks() throws {
    let model = try WordLSTMCheckpoint(contentsOf: "\(folder)/dlfs2/ptb-rnnlm-lstm100.safetensors").model.prepared()
    let ids = try Self.testText()
    let (count, jump, segments) = (ids.count - 1, (ids.count - 1) / 10, (ids.count - 1) / 350)
    var loss = 0.0
    var states: [[RecurrentState]]?
    for segment in 0..<segments {
      let places = (0..<10).map { stream in (0..<35).map { (stream * jump + segment * 35 + $0) % count } }
      let targets = PackedTokens(places.map { $0.map { ids[$0 + 1] } }).ids.map { Int($0) }
      let result = model.loss(
        PackedTokens(places.map { $0.map { ids[$0] } }), targets: targets, from: states, .inference)
      loss += result.loss.scalar / Double(segments)
      states = result.states
    }
    let golden = try golden("wordLSTM")
    let expected = try #require(golden["bookPerplexity"]?.doubleValue)
    let found = exp(loss)
    #expect(abs(found - expected) < 1e-3, "\(found) against \(expected)")
  }

  private func exp(_ x: Double) -> Double { EnsueTensor.exp(Tensor([x], shape: [1])).scalar }
}

extension Int32 {
  /// The digit of `number` in base three whose weight this is.
  fileprivate func quotient(of number: Int) -> Int32 { Int32(number) / self % 3 }
}
