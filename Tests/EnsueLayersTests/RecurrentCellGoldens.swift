// Every built-in cell and every rewrite against an independent reference in double precision
// (Tests/Goldens/formula-cells.py).

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// One cell of the golden file.
struct CellGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let inputSize: Int
  let states: [String]
  let parameters: [String]
  let formula: CellFormula
  var testDescription: String { name }

  static func all() throws -> [CellGolden] {
    let path = TestFiles.golden("formula-cells.json")
    let file = try JSONValue.contents(of: path)
    return try #require(file.arrayValue).map(CellGolden.init)
  }

  private init(_ entry: JSONValue) throws {
    let object = try #require(entry.objectValue)
    func texts(_ name: String) throws -> [String] {
      try #require(object[name]?.arrayValue).compactMap(\.stringValue)
    }
    name = try #require(object["name"]?.stringValue)
    inputSize = try #require(object["inputSize"]?.integerValue)
    (states, parameters) = (try texts("states"), try texts("parameters"))
    let kind = try #require(object["kind"]?.stringValue.flatMap { RecurrentCellKind(rawValue: $0) })
    let options = try #require(object["options"]?.objectValue)
    let rewrite = object["rewrite"]?.stringValue
    formula =
      try rewrite.map { try CellGolden.rewritten(kind.formula(), $0, share: options["share"]?.doubleValue ?? 0) }
      ?? CellGolden.formula(kind, options)
  }

  private static func rewritten(_ formula: CellFormula, _ rewrite: String, share: Double) throws -> CellFormula {
    switch rewrite {
    case "layer-normalised": return try formula.layerNormalised()
    case "leaky": return try formula.leaky(.fixed(share))
    case "zoned-out":
      let states = formula.states.map { ($0, share) }
      return try formula.zoningOut(expectation: Dictionary(uniqueKeysWithValues: states))
    case "dropped-out":
      // A mask is drawn; as a state k that stays as it is it can be given.
      var lines = try formula.droppingRecurrence().text.replacing("m_h", with: "k").split(separator: "\n")
        .map(String.init)
      lines[0] += ", k"
      lines.insert("k' = k", at: 1)
      return try CellFormula(text: lines.joined(separator: "\n"))
    default: throw Failure(.data, at: "formula-cells.json", "a known rewrite expected, found \(rewrite)")
    }
  }

  private static func formula(_ kind: RecurrentCellKind, _ options: JSONObject) throws -> CellFormula {
    guard let (name, value) = options.members.first else { return kind.formula() }
    let activation = value.stringValue.flatMap { RecurrentCellFormulas.ActivationKind(rawValue: $0) } ?? .tanh
    let text: String
    switch (kind, name) {
    case (.rnn, "activation"): text = RecurrentCellFormulas.rnn(activation: activation)
    case (.outputFeedback, "outputActivation"):
      text = RecurrentCellFormulas.outputFeedback(outputActivation: activation)
    case (.rnnLeaky, "leak"): text = RecurrentCellFormulas.rnnLeaky(leak: value.doubleValue)
    case (.lstmCoupledGates, "peepholes"):
      text = RecurrentCellFormulas.lstmCoupledGates(peepholes: value == .boolean(true))
    default: throw Failure(.data, at: "formula-cells.json", "a known option expected, found \(name)")
    }
    return try CellFormula(text: text)
  }
}

@Suite struct RecurrentCellGoldens {
  private let layout = PackedLayout(lengths: [6, 4, 4, 2, 1])

  @Test func everyKindHasAGolden() throws {
    let names = Set(try CellGolden.all().map(\.name))
    for kind in RecurrentCellKind.allCases { #expect(names.contains(kind.rawValue)) }
  }

  @Test(arguments: Direction.allCases) func equalsTheReferenceElementByElement(_ direction: Direction) throws {
    let reader = try SafetensorsReader(TestFiles.golden("formula-cells.safetensors"))
    for golden in try CellGolden.all() { try compare(golden, direction, reader) }
  }

  private func compare(_ golden: CellGolden, _ direction: Direction, _ reader: borrowing SafetensorsReader) throws {
    var cell = RecurrentCell(
      golden.formula, RecurrentCellConfiguration(inputSize: golden.inputSize, hiddenSize: 3), key: RandomKey(seed: 0))
    #expect(Set(cell.parameters.map(\.name)) == Set(golden.parameters), "\(golden.name)")
    var loaded: [String: Tensor] = [:]
    for name in golden.parameters { loaded[name] = try reader.tensor("\(golden.name)/\(name)") }
    cell.forEachParameter { name, tensor, _ in tensor = loaded[name] ?? tensor }
    let initial = try golden.states.map { try reader.tensor("\(golden.name)/initial/\($0)") }
    let input = try reader.tensor("input/\(golden.inputSize)")
    let weights = try golden.states.map { try reader.tensor("lossWeight/\($0)") }
    let system = CellSystem(cell: cell, tensors: TensorList([input] + initial))
    var run: RecurrentRun?
    let (loss, gradients) = valueAndGradient(of: system) { system in
      let result = system.cell(
        PackedSequence(layout: layout, values: system.tensors.tensors[0]),
        from: RecurrentState(Array(system.tensors.tensors[1...])), direction: direction)
      run = result
      return zip(result.states, weights).reduce(Tensor.zeros([], .float64)) {
        $0 + (square($1.0.values) * $1.1).mean()
      }
    }
    let result = try #require(run)
    let prefix = "\(golden.name)/\(direction.rawValue)/"
    func expectEqual(_ tensor: Tensor?, _ name: String, _ reader: borrowing SafetensorsReader) throws {
      let disagreement = try Disagreement(
        #require(tensor), reader.tensor(prefix + name), relative: 1e-10, absolute: 1e-12)
      #expect(disagreement.isSmall, "\(prefix)\(name): \(disagreement)")
    }
    try expectEqual(loss, "loss", reader)
    try expectEqual(gradients["inputs.input0"]?.dense, "gradient/input", reader)
    for (index, state) in golden.states.enumerated() {
      try expectEqual(result.states[index].values, "state/\(state)", reader)
      try expectEqual(result.finalState.tensors[index], "final/\(state)", reader)
      try expectEqual(gradients["inputs.input\(index + 1)"]?.dense, "gradient/initial/\(state)", reader)
    }
    for name in golden.parameters { try expectEqual(gradients["cell.\(name)"]?.dense, "gradient/\(name)", reader) }
  }
}
