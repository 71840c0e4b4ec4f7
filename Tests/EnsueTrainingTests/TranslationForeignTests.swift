// Translation models of other programs and what they write (Tests/Goldens/translation-foreign.py), where the data is.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

private let folder = "\(TestFiles.data ?? "")/checkpoints"

private func golden(_ name: String) throws -> JSONObject {
  try #require(
    JSONValue.contents(of: TestFiles.golden("translation-foreign.json")).objectValue?[name]?.objectValue)
}

private func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }

private func numbers(_ value: JSONValue?) -> [Double] { value?.arrayValue?.compactMap(\.doubleValue) ?? [] }

/// The likeliest symbols one after another, of all sources at once, until the end's symbol or a number of steps.
private func greedy<Model: TranslationModel>(
  _ model: Model, _ sources: [[Int32]], begin: Int32, end: Int32?, limit: Int
) throws -> [[Int32]] {
  var memory = try model.makeMemory(PackedTokens(sources))
  var (written, alive) = (sources.map { _ in [Int32]() }, Array(sources.indices))
  var inputs = alive.map { _ in [begin] }
  for _ in 0..<limit where !alive.isEmpty {
    let next = try model.next(PackedTokens(inputs), &memory).argmax().map { Int32($0) }
    let kept = alive.indices.filter { next[$0] != end }
    for place in kept { written[alive[place]].append(next[place]) }
    guard !kept.isEmpty else { break }
    model.select(kept, in: &memory)
    (alive, inputs) = (kept.map { alive[$0] }, kept.map { [next[$0]] })
  }
  return written
}

@Suite(.enabled(if: InputFile.isDirectory(folder), "no checkpoints: set ENSUE_DATA"))
struct TranslationForeignTests {
  private let datePath = "\(folder)/dlfs2/date-attention-seq2seq.safetensors"
  private let namePath = "\(folder)/ctranslate2-aren-transliteration/model.safetensors"

  @Test func datesAreWrittenAnew() throws {
    let golden = try golden("dates")
    let characters = try Array(#require(golden["characters"]?.stringValue).unicodeScalars)
    func ids(_ text: String) -> [Int32] {
      text.unicodeScalars.compactMap { scalar in characters.firstIndex(of: scalar).map(Int32.init) }
    }
    let checkpoint = try DateTranslatorCheckpoint(contentsOf: datePath)
    #expect(checkpoint.configuration.sourceVocabularySize == characters.count)
    let questions = texts(golden["questions"]).map(ids)
    try #require(questions.count == 120 && questions.allSatisfy { $0.count == 29 })
    let begin = ids("_")[0]
    let written = try greedy(checkpoint.model, questions, begin: begin, end: nil, limit: 10)
    #expect(written == texts(golden["answers"]).map(ids))
    #expect(golden["right"]?.integerValue == 120)
    // The first step of the first date, number by number.
    var memory = try checkpoint.model.makeMemory(PackedTokens([questions[0]]))
    let scores = try checkpoint.model.next(PackedTokens([[begin]]), &memory)
    #expect(
      Disagreement(scores.floats.map(Double.init), numbers(golden["scores"]), relative: 1e-4, absolute: 1e-4).isSmall)
    let weights = checkpoint.model.alignments(in: memory)[0][0].map(Double.init)
    #expect(Disagreement(weights, numbers(golden["weights"]), relative: 0, absolute: 1e-5).isSmall)
  }

  /// A file of symbols, one a line.
  private func symbols(_ side: String) throws -> [String] {
    let path = "\(folder)/ctranslate2-aren-transliteration/\(side)_vocabulary.txt"
    return String(decoding: try InputFile.contents(of: path), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func namesAreThoseOfCTranslate2() throws {
    let golden = try golden("names")
    let (source, target) = (try symbols("source"), try symbols("target"))
    let model = try CTranslate2Checkpoint(contentsOf: namePath).model
    #expect(model.sourceVocabularySize == source.count + 1 && model.vocabularySize == target.count + 1)
    let sources = try texts(golden["sources"]).map { name in
      try name.unicodeScalars.map { scalar in
        Int32(try #require(source.firstIndex { Array($0.unicodeScalars) == [scalar] }))
      }
    }
    try #require(sources.count == 50)
    let (begin, end) = (1 as Int32, 2 as Int32)
    let written = try greedy(model, sources, begin: begin, end: end, limit: 60)
    let texts = written.map { $0.map { target[Int($0)] }.joined() }
    #expect(texts == Self.expected(golden))
    #expect(texts[0] == "atzmon")
    // Every score of the first name's steps.
    let logits = try model.logits(
      sources: PackedTokens([sources[0]]), inputs: PackedTokens([[begin] + written[0]]))
    let expected = golden["scores"]?.arrayValue?.flatMap { numbers($0) } ?? []
    let difference = Disagreement(logits.floats.map(Double.init), expected, relative: 1e-4, absolute: 1e-4)
    #expect(difference.isSmall, "\(difference)")
    // log p of every name.
    for (index, score) in numbers(golden["greedyScores"]).enumerated() {
      let logs = logSoftmax(
        try model.logits(sources: PackedTokens([sources[index]]), inputs: PackedTokens([[begin] + written[index]])))
      let width = logs.shape[1]
      let sum = (written[index] + [end]).enumerated().reduce(0.0) { $0 + Double(logs.floats[$1.0 * width + Int($1.1)]) }
      #expect(abs(sum - score) < 2e-3, "\(texts[index]): \(sum) against \(score)")
    }
  }

  private static func expected(_ golden: JSONObject) -> [String] { texts(golden["greedy"]) }

  @Test func filesOfAnotherKindAreRefused() throws {
    #expect(throws: Failure.self) { try DateTranslatorCheckpoint(contentsOf: namePath) }
    #expect(throws: Failure.self) { try CTranslate2Checkpoint(contentsOf: datePath) }
    #expect(throws: Failure.self) { try CTranslate2Checkpoint(contentsOf: namePath, headCount: 5) }
    #expect(throws: Failure.self) { try CTranslate2Checkpoint(contentsOf: namePath, headCount: 0) }
    #expect(throws: Failure.self) {
      try DateTranslatorCheckpoint(contentsOf: "\(folder)/dlfs2/ptb-rnnlm-lstm100.safetensors")
    }
  }
}
