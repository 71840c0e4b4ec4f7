// Values into configurations and back.

import EnsueFiles
import EnsueTasks
import Testing

/// SplitMix64 (Steele, Lea, Flood 2014), so that a failure comes again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

struct SettingsTests {
  let table = SampleConfiguration.settings

  @Test func jsonIsNestedInOrder() {
    let expected =
      #"{"data":{"training":null,"labels":[],"validation":{"share":0.2}},"#
      + #""model":{"kind":"bilstm","hiddenSize":128,"dropout":0.3,"leak":0},"embedding":{"file":null,"isTrained":false},"#
      + #""optimizer":{"learningRate":0.001,"clipNorm":5,"schedule":null},"#
      + #""training":{"seed":1,"epochs":20,"stepLimit":null,"note":""}}"#
    #expect(table.json(of: SampleConfiguration()).description == expected)
  }

  @Test func roundTripIsTheIdentity() throws {
    var random = SeededGenerator(state: 1)
    for _ in 0..<500 {
      let configuration = randomConfiguration(&random)
      let json = table.json(of: configuration)
      let text = json.indented
      var other = randomConfiguration(&random)
      try table.apply(json: JSONValue.parse(Array(text.utf8), name: "c"), to: &other, file: "c")
      #expect(table.json(of: other) == json)
      #expect(other.model.dropout == configuration.model.dropout)
      #expect(other.optimizer.learningRate == configuration.optimizer.learningRate)
      #expect(other.training.seed == configuration.training.seed)
      #expect(other.data.labels == configuration.data.labels)
      #expect(other.optimizer.schedule == configuration.optimizer.schedule)
    }
  }

  private func randomConfiguration(_ random: inout SeededGenerator) -> SampleConfiguration {
    var result = SampleConfiguration()
    result.model.kind = SampleModelKind.allCases.randomElement(using: &random) ?? .lstm
    result.model.hiddenSize = .random(in: 1...8192, using: &random)
    result.model.dropout =
      .random(in: 0..<1, using: &random) * Float(sign: .plus, exponent: -.random(in: 0...99), significand: 1)
    result.model.leak = .random(in: 0...1, using: &random)
    result.embedding.isTrained = .random(using: &random)
    result.embedding.file = .random(using: &random) ? "" : "vectors \"x\"\n\u{301}.txt"
    result.optimizer.learningRate = .random(in: 0...10, using: &random)
    result.optimizer.clipNorm = .random(using: &random) ? nil : .random(in: 1e-300...1e300, using: &random)
    result.optimizer.schedule = .random(using: &random) ? nil : .noam
    result.training.seed = .random(in: 0...UInt64(Int.max), using: &random)
    result.training.stepLimit = .random(using: &random) ? nil : .random(in: 1...Int.max, using: &random)
    result.data.labels = (0..<Int.random(in: 0...3, using: &random)).map { "label, \($0)" }
    return result
  }

  @Test(arguments: [
    ("model.hiddenSize=64", "model.hiddenSize", "64"), ("model.hiddenSize=007", "model.hiddenSize", "7"),
    ("model.dropout=.5", "model.dropout", "0.5"), ("model.dropout=5.e-1", "model.dropout", "0.5"),
    ("optimizer.learningRate=1e-3", "optimizer.learningRate", "0.001"),
    ("optimizer.learningRate=+2", "optimizer.learningRate", "2"), ("model.kind=lstm", "model.kind", "\"lstm\""),
    ("optimizer.clipNorm=none", "optimizer.clipNorm", "null"),
    ("optimizer.clipNorm=1e300", "optimizer.clipNorm", "1e+300"),
    ("optimizer.schedule=noam", "optimizer.schedule", "\"noam\""),
    ("optimizer.schedule=null", "optimizer.schedule", "null"),
    ("training.stepLimit=9223372036854775807", "training.stepLimit", "9223372036854775807"),
    ("training.note=a=b", "training.note", "\"a=b\""), ("training.note=", "training.note", "\"\""),
    ("data.training=none", "data.training", "null"), ("data.training=./none", "data.training", "\"./none\""),
    ("data.labels=neg,pos", "data.labels", "[\"neg\",\"pos\"]"), ("data.labels=", "data.labels", "[]"),
    ("data.labels=[\"a,b\"]", "data.labels", "[\"a,b\"]"), ("embedding.isTrained=true", "embedding.isTrained", "true"),
  ])
  func assignment(_ text: String, _ path: String, _ expected: String) throws {
    var configuration = SampleConfiguration()
    configuration.optimizer.schedule = .cosine
    configuration.data.labels = ["x"]
    try table.apply(text, to: &configuration)
    #expect(table.setting(at: path)?.get(configuration).description == expected)
  }

  @Test func optionsByName() throws {
    var configuration = SampleConfiguration()
    try table.apply(option: "train-embeddings", value: "true", to: &configuration)
    try table.apply(option: "model", value: "transformer", to: &configuration)
    #expect(configuration.embedding.isTrained && configuration.model.kind == .transformer)
    let failure = #expect(throws: Failure.self) {
      try table.apply(option: "hiden", value: "3", to: &configuration)
    }
    #expect(failure?.kind == .usage && failure?.advice == "Perhaps --hidden was meant.")
    #expect(throws: Failure.self) { try table.apply(option: "hidden", value: "-3", to: &configuration) }
  }

  @Test func numbersOutsideOfFloatAreRefused() throws {
    struct Small: Sendable { var value: Float = 1 }
    let table = SettingsTable<Small>([.number("value", \.value, .above(0), "a value")], defaults: Small())
    var small = Small()
    try table.apply("value=1e-40", to: &small)
    #expect(small.value > 0)
    for text in ["value=1e39", "value=1e-60"] {
      #expect(throws: Failure.self) { try table.apply(text, to: &small) }
    }
    #expect(small.value > 0 && small.value.isFinite)
  }

  @Test func keysOfTheCallerAreIgnored() throws {
    var configuration = SampleConfiguration()
    let json = try JSONValue.parse(Array(#"{"task":"classify","training":{"seed":9}}"#.utf8), name: "c")
    try table.apply(json: json, to: &configuration, file: "c", ignoring: ["task"])
    #expect(configuration.training.seed == 9)
    #expect(throws: Failure.self) { try table.apply(json: json, to: &configuration, file: "c") }
  }

  static let ranges: [(range: NumberRange, words: String, inside: [Double], outside: [Double])] = [
    (NumberRange(0...1), "from 0 to 1", [0, 0.5, 1], [-0.1, 1.1]),
    (NumberRange(0..<1), "at least 0 and below 1", [0, 0.99], [1, -1]),
    (NumberRange.above(0), "above 0", [1e-300, 1e300], [0, .infinity]),
    (NumberRange.above(0, through: 1), "above 0 and at most 1", [1], [0, 2]),
    (NumberRange.above(0, below: 1), "above 0 and below 1", [0.5], [0, 1]),
    (NumberRange.atLeast(-2.5), "at least -2.5", [-2.5], [-3, .nan]),
    (NumberRange.all, "", [0, -1e300], [.infinity, -.infinity, .nan]),
  ]

  @Test(arguments: ranges.indices)
  func range(_ index: Int) {
    let (range, words, inside, outside) = SettingsTests.ranges[index]
    #expect(range.description == words)
    #expect(inside.allSatisfy { range.contains($0) })
    #expect(!outside.contains { range.contains($0) })
  }
}
