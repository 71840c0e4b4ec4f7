// The figures of language models on a text against NumPy's (Tests/Goldens/language-evaluation.py), in 64 bits.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct LanguageEvaluationGoldenTests {
  /// A model and a way to read, by their name in the golden file.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let unknownID: Int32?
    let options: LanguageModelEvaluationOptions

    init(_ name: String, unknownID: Int32? = nil, _ change: (inout LanguageModelEvaluationOptions) -> Void = { _ in }) {
      var options = LanguageModelEvaluationOptions()
      change(&options)
      (self.name, self.unknownID, self.options) = (name, unknownID, options)
    }

    var testDescription: String { name }
  }

  private static let path = TestFiles.golden("language-evaluation.safetensors")

  static let cases = [
    Case("recurrent/stream"), Case("recurrent/streams") { $0.streamCount = 4 },
    Case("recurrent/unknown", unknownID: 3), Case("recurrent/window-10") { $0.windowLength = 10 },
    Case("recurrent/window-100") { $0.windowLength = 100 },
    Case("recurrent/stride-3") { ($0.windowLength, $0.stride) = (10, 3) },
    Case("recurrent/dynamic") { $0.dynamicRate = 0.5 },
    Case("recurrent/dynamic-window") { ($0.dynamicRate, $0.windowLength) = (0.5, 7) },
    Case("recurrent/dynamic-unknown", unknownID: 3) { $0.dynamicRate = 0.5 },
    Case("transformer/window-9"), Case("transformer/stride-4") { $0.stride = 4 },
    Case("transformer/stride-1") { $0.stride = 1 }, Case("transformer/unknown", unknownID: 3) { $0.stride = 4 },
  ]

  private static func recurrent(_ reader: borrowing SafetensorsReader) throws -> AnyLanguageModel {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (7, 4)
    (configuration.hiddenSize, configuration.layerCount) = (5, 1)
    var model = try RecurrentLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.load(reader, prefix: "recurrent/initial/", path: path)
    return .recurrent(model)
  }

  private static func transformer(_ reader: borrowing SafetensorsReader) throws -> AnyLanguageModel {
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (7, 9)
    (configuration.transformer.width, configuration.transformer.headCount) = (8, 2)
    (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 16)
    var model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.load(reader, prefix: "transformer/initial/", path: path)
    return .transformer(model)
  }

  @Test(arguments: cases) func figuresAreTheReferences(_ example: Case) throws {
    let reader = try SafetensorsReader(Self.path)
    let model = try example.name.hasPrefix("recurrent/") ? Self.recurrent(reader) : Self.transformer(reader)
    let part = LanguagePart(TokenArray(try reader.integers("ids").map { Int32($0) }))
    let evaluation = try LanguageModelEvaluation(
      of: model.converted(to: .float64), on: part, unknownID: example.unknownID, example.options)
    let summary = evaluation.summary
    let figures = [summary.loss, summary.accuracy, Double(summary.count), Double(summary.unknownCount)]
    let expected = try reader.tensor("\(example.name)/figures").doubles
    let difference = Disagreement(figures, expected, relative: 0, absolute: 1e-10)
    #expect(difference.isSmall, "loss, accuracy, scored, left out: \(difference)")
    let name = "\(example.name)/positions"
    let places = try reader.names.contains(name) ? reader.tensor(name).doubles : []
    let found = evaluation.lossByPosition.map { $0 ?? -1 }
    let distance = Disagreement(found, places, relative: 0, absolute: 1e-10)
    #expect(distance.isSmall, "by position: \(distance)")
  }

  /// In the 32 bits that models compute in.
  @Test func singlePrecisionIsNear() throws {
    let reader = try SafetensorsReader(Self.path)
    let part = LanguagePart(TokenArray(try reader.integers("ids").map { Int32($0) }))
    let evaluation = try LanguageModelEvaluation(of: Self.recurrent(reader), on: part, unknownID: nil)
    let expected = try reader.tensor("recurrent/stream/figures").doubles[0]
    #expect(abs(evaluation.summary.loss - expected) < 2e-6)
  }

  @Test func measuresOfTheTextAreTheReferences() throws {
    let reader = try SafetensorsReader(Self.path)
    let bytes = try reader.integers("text").map { UInt8(truncatingIfNeeded: $0) }
    let loss = try reader.tensor("recurrent/stream/figures").doubles[0]
    let length = TextLength(of: bytes)
    let text = TextMeasure(
      tokenCount: try reader.integers("ids").count, wordCount: length.wordCount,
      characterCount: length.characterCount, byteCount: length.byteCount)
    let summary = LanguageModelSummary(loss: loss, accuracy: 0, count: 59, text: text)
    let found = [
      summary.perplexity, summary.bits, try #require(summary.perplexityPerWord),
      try #require(summary.bitsPerCharacter), try #require(summary.bitsPerByte),
    ]
    let difference = Disagreement(
      found, try reader.tensor("measures").doubles, relative: 1e-10, absolute: 0)
    #expect(difference.isSmall, "\(difference)")
  }
}
