// Gates and states over a text, from the command line, against the same LSTM computed here from its weights.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import Foundation
import Testing

/// A layer of torch.nn.LSTM, one step after another.
private struct PlainLSTM {
  let input: [[Double]]
  let recurrent: [[Double]]
  let bias: [Double]
  private var h: [Double]
  private var c: [Double]

  init(_ tensors: NamedTensors, hidden: Int) throws {
    func matrix(_ name: String) throws -> [[Double]] {
      let tensor = try #require(tensors[name])
      let width = tensor.shape[1]
      let numbers = tensor.doubles
      return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }
    input = try matrix("weight_ih_l0")
    recurrent = try matrix("weight_hh_l0")
    let biases = try ["bias_ih_l0", "bias_hh_l0"].map { try #require(tensors[$0]).doubles }
    bias = zip(biases[0], biases[1]).map { $0 + $1 }
    (h, c) = (.init(repeating: 0, count: hidden), .init(repeating: 0, count: hidden))
  }

  /// The gates i f g o, then c' and h'.
  mutating func step(_ x: [Double]) -> [String: [Double]] {
    func dot(_ row: [Double], _ vector: [Double]) -> Double { zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    let hidden = h.count
    func sum(_ gate: Int, _ unit: Int) -> Double {
      let row = gate * hidden + unit
      return dot(input[row], x) + dot(recurrent[row], h) + bias[row]
    }
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    let units = 0..<hidden
    let (i, f) = (units.map { sigmoid(sum(0, $0)) }, units.map { sigmoid(sum(1, $0)) })
    let (g, o) = (units.map { tanh(sum(2, $0)) }, units.map { sigmoid(sum(3, $0)) })
    c = units.map { f[$0] * c[$0] + i[$0] * g[$0] }
    h = units.map { o[$0] * tanh(c[$0]) }
    return ["i": i, "f": f, "g": g, "o": o, "c'": c, "h'": h]
  }
}

@Suite struct CellsTraceTests {
  private static let text = "the food was nowhere good"

  /// The vectors of the text's words, from the bundle.
  private static func vectors(_ sandbox: borrowing Sandbox, _ tokens: [String]) throws -> [[Double]] {
    let words = try sandbox.text("run/bundle/vocabulary.txt").split(separator: "\n").map(String.init)
    let table = try SafetensorsReader(sandbox.place("run/bundle/model.safetensors")).tensor("embedding.weight")
    let (numbers, width) = (table.doubles, table.shape[1])
    return tokens.map { token in
      // Padding, then the unknown word, then the words.
      let id = words.firstIndex(of: token) ?? 1
      return Array(numbers[id * width..<(id + 1) * width])
    }
  }

  @Test(arguments: [[], ["--values", "i,c'"], ["--values", "h',f"]])
  func valuesAreThoseOfTheWeights(_ options: [String]) throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let exported = try Program.run("weights export run --layout pytorch --out lstm.safetensors", in: sandbox.path)
      try #require(exported.code == 0, "\(exported)")
      let file = sandbox.place("lstm.safetensors")
      var lstm = try PlainLSTM(NamedTensors(SafetensorsReader(file), path: file), hidden: 4)
      let traced = try Program.run(
        ["cells", "trace", "run", CellsTraceTests.text, "--json"] + options, in: sandbox.path)
      try #require(traced.code == 0 && traced.error.isEmpty, "\(traced)")
      let object = try #require(try MainJobTests.json(traced).objectValue)
      let tokens = try #require(object["tokens"]?.arrayValue).compactMap(\.stringValue)
      #expect(tokens.joined(separator: " ") == CellsTraceTests.text)
      #expect(object["unknown"]?.arrayValue?.compactMap(\.integerValue) == [3])
      let values = try #require(object["values"]?.objectValue)
      let names = options.last?.split(separator: ",").map(String.init) ?? ["i", "f", "g", "o", "c'", "h'"]
      #expect(values.keys.sorted() == names.sorted())
      for (step, vector) in try CellsTraceTests.vectors(sandbox, tokens).enumerated() {
        let expected = lstm.step(vector)
        for name in names {
          let rows = try #require(values[name]?.arrayValue)
          let row = try #require(rows[step].arrayValue).compactMap(\.doubleValue)
          let wanted = try #require(expected[name])
          #expect(row.count == wanted.count, "\(name)")
          for (a, b) in zip(row, wanted) { #expect(abs(a - b) < 1e-5, "\(name) at \(step): \(a), \(b)") }
        }
      }
    }
  }

  @Test func bothDirectionsAndLayersAreShown() throws {
    try Sandbox.with { sandbox in
      let command = TrainedRun.command.replacingOccurrences(of: "--model lstm", with: "--model bilstm --layers 2")
      let trained = try Program.run("\(command) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      func shown(_ options: String) throws -> String {
        let result = try Program.run(
          ["cells", "trace", "run", "good food"] + Program.words(options), in: sandbox.path)
        try #require(result.code == 0, "\(result)")
        return result.outputText
      }
      let forward = try shown("--values f,h' --layer 2")
      let lines = forward.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines[0].hasSuffix(", layer 2") && lines[2] == "f, in per cent", "\(forward)")
      #expect(lines[3].contains("good") && lines[3].contains("food") && lines[4].hasPrefix("1 "), "\(forward)")
      #expect(lines.contains("h', in per cent") && lines.count == 1 + 2 * 7 + 1, "\(forward)")
      let backward = try shown("--values f --layer 2 --backward --svg gates.svg")
      #expect(backward.hasPrefix(lines[0] + ", backward\n") && backward != forward, "\(backward)")
      #expect(try sandbox.text("gates.svg").contains("<svg"))
      // Read from its end, the last token is the first.
      let whole = try MainJobTests.json(
        Program.run(["cells", "trace", "run", "good food", "--backward", "--json"], in: sandbox.path))
      let alone = try MainJobTests.json(
        Program.run(["cells", "trace", "run", "food", "--backward", "--json"], in: sandbox.path))
      let last = whole.objectValue?["values"]?.objectValue?["h'"]?.arrayValue?.last
      #expect(last != nil && last == alone.objectValue?["values"]?.objectValue?["h'"]?.arrayValue?.first)
    }
  }

  @Test func aLanguageModelIsShown() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let result = try Program.run(["cells", "trace", "run", "the?", "--values", "o", "--json"], in: sandbox.path)
      let object = try #require(try MainJobTests.json(result).objectValue)
      #expect(object["tokens"]?.arrayValue?.count == 4 && object["unknown"]?.arrayValue?.count == 1, "\(result)")
      #expect(object["values"]?.objectValue?["o"]?.arrayValue?.first?.arrayValue?.count == 8, "\(result)")
    }
  }

  @Test func whatIsNotThereIsRefused() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      try sandbox.addTranslatingRun(as: "translator")
      let translator = try Program.run("cells trace translator a", in: sandbox.path)
      #expect(translator.code == 64 && translator.errorText.contains("found a translation model"), "\(translator)")
      for (options, words) in [
        ("--values i,ff", "--values: a value of the formula expected, found 'ff'. Did you mean f?"),
        ("--values forgetfulness", "Its values are i, f, g, o, c', h'."),
        ("--layer 2", "--layer: a layer from 1 to 1 expected, found 2"),
        ("--backward", "--backward: a model that reads backwards too expected"),
      ] {
        let result = try Program.run(["cells", "trace", "run", "good"] + Program.words(options), in: sandbox.path)
        #expect(result.code == 64 && result.output.isEmpty && result.errorLines.count == 1, "\(result)")
        #expect(result.errorText.contains(words), "\(result)")
      }
    }
  }
}
