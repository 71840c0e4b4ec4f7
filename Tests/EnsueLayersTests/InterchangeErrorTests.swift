// What cannot be taken or given is said whole, and nothing is changed by it.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A change to good weights and what must be said of it.
struct InterchangeFault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var layout = RecurrentWeightLayoutKind.pytorch
  var kind = RecurrentCellKind.lstm
  var options = RecurrentWeightOptions()
  var removed: [String] = []
  /// Tensors of other shapes, or others.
  var changed: [String: [Int]] = [:]
  let words: [String]

  static let all: [InterchangeFault] = [
    InterchangeFault(
      testDescription: "missing, mis-shaped and unused together",
      removed: ["weight_ih_l0"], changed: ["weight_hh_l0": [16, 5], "weight_ih_l2": [16, 4]],
      words: [
        "weights: weights of lstm [3 → 4], 1 layer in the layout of PyTorch expected",
        "'weight_ih_l0' [16, 3] is missing", "'weight_hh_l0' is [16, 5], not [16, 4]", "'weight_ih_l2' is not used",
      ]),
    InterchangeFault(
      testDescription: "a second layer", changed: ["weight_ih_l1": [16, 4]],
      words: ["'weight_ih_l1' is not used", "or allow tensors that are not used."]),
    InterchangeFault(
      testDescription: "a layer in both directions", changed: ["weight_ih_l0_reverse": [16, 3]],
      words: ["'weight_ih_l0_reverse' is not used"]),
    InterchangeFault(
      testDescription: "no biases", removed: ["bias_ih_l0", "bias_hh_l0"],
      words: ["'bias_ih_l0' [16] is missing", "'bias_hh_l0' [16] is missing", "without biases, say so."]),
    InterchangeFault(
      testDescription: "biases where none were said", options: RecurrentWeightOptions(hasBias: false),
      words: ["'bias_ih_l0' is not used; 'bias_hh_l0' is not used"]),
    InterchangeFault(
      testDescription: "a projection", changed: ["weight_hr_l0": [2, 4], "weight_hh_l0": [16, 2]],
      words: ["without projection (proj_size=0) expected, found 'weight_hr_l0' [2, 4]"]),
    InterchangeFault(
      testDescription: "another prefix", options: RecurrentWeightOptions(prefix: "encoder."),
      words: ["'encoder.weight_ih_l0' [16, 3] is missing", "No tensor of this layout has the prefix 'encoder.'."]),
    InterchangeFault(
      testDescription: "a GRU's weights for an LSTM", changed: ["weight_ih_l0": [12, 3]],
      words: ["'weight_ih_l0' is [12, 3], not [16, 3]"]),
    InterchangeFault(
      testDescription: "a transposed kernel", layout: .keras, changed: ["lstm/lstm_cell/kernel": [16, 3]],
      words: ["'lstm/lstm_cell/kernel' is [16, 3], not [3, 16]"]),
    InterchangeFault(
      testDescription: "reset_after's bias without reset_after", layout: .keras, kind: .gru,
      changed: ["gru/gru_cell/bias": [2, 12]], words: ["'gru/gru_cell/bias' is [2, 12], not [12]"]),
    InterchangeFault(
      testDescription: "a bias without reset_after's second row", layout: .keras, kind: .gruResetAfter,
      changed: ["gru/gru_cell/bias": [12]], words: ["'gru/gru_cell/bias' is [12], not [2, 12]"]),
    InterchangeFault(
      testDescription: "two spellings of one tensor", layout: .keras, changed: ["lstm/kernel": [3, 16]],
      words: ["one tensor for each weight expected, found 'lstm/lstm_cell/kernel' and 'lstm/kernel'"]),
    InterchangeFault(
      testDescription: "weights and kernel", layout: .tensorflow,
      changed: ["cell_0/basic_lstm_cell/weights": [7, 16]],
      words: ["one tensor for each weight expected, found 'cell_0/basic_lstm_cell/kernel'"]),
    InterchangeFault(
      testDescription: "an input of another width", layout: .tensorflow,
      changed: ["cell_0/basic_lstm_cell/kernel": [8, 16]],
      words: ["'cell_0/basic_lstm_cell/kernel' is [8, 16], not [7, 16]"]),
  ]
}

@Suite struct InterchangeErrorTests {
  @Test(arguments: InterchangeFault.all) func faultsAreNamedTogether(_ fault: InterchangeFault) throws {
    let good = try InterchangeGolden.stack(fault.kind).exportWeights(layout: fault.layout)
    var tensors = try NamedTensors()
    for (name, tensor) in good.elements where !fault.removed.contains(name) {
      try tensors.append(name, fault.changed[name].map { .zeros(Shape($0)) } ?? tensor)
    }
    for (name, sizes) in fault.changed.sorted(by: { $0.key < $1.key }) where good[name] == nil {
      try tensors.append(name, .zeros(Shape(sizes)))
    }
    let before = InterchangeGolden.stack(fault.kind, seed: 9)
    var stack = before
    let failure = try #require(
      #expect(throws: Failure.self) { try stack.importWeights(tensors, layout: fault.layout, fault.options) })
    #expect(failure.kind == .data)
    for word in fault.words { #expect(failure.description.contains(word), "\(failure)") }
    #expect(!failure.description.contains("\n"))
    #expect(haveSameParameters(stack, before), "a failed import changes nothing")
  }

  @Test func ofManyFaultsTheFirstAreShown() throws {
    var stack = InterchangeGolden.stack(.lstm, layerCount: 4, isBidirectional: true)
    let failure = #expect(throws: Failure.self) { try stack.importWeights(NamedTensors(), layout: .pytorch) }
    #expect(failure?.problem.contains("; and 20 more") == true)
    #expect(failure?.problem.contains("4 layers, both directions") == true)
  }

  /// A number that a 32-bit cell cannot hold is not finite there.
  @Test(arguments: [Double.nan, .infinity, 1e300]) func numbersThatAreNotFinite(_ number: Double) throws {
    let before = InterchangeGolden.stack(.lstm)
    var stack = before
    var tensors = try NamedTensors()
    for (name, tensor) in try before.exportWeights(layout: .pytorch).elements {
      let isBroken = name == "weight_hh_l0"
      try tensors.append(name, isBroken ? Tensor([Double](repeating: number, count: 64), shape: [16, 4]) : tensor)
    }
    let failure = #expect(throws: Failure.self) { try stack.importWeights(tensors, layout: .pytorch) }
    #expect(failure?.kind == .data && failure?.problem.contains("'weight_hh_l0' has numbers that are not") == true)
    #expect(haveSameParameters(stack, before))
  }

  /// Requests that no file can meet.
  @Test func refusalsSayWhy() throws {
    func refusal(_ body: () throws -> Void) -> String {
      let failure = #expect(throws: Failure.self) { try body() }
      #expect(failure?.kind == .usage)
      return failure?.description ?? ""
    }
    let (lstm, gru) = (InterchangeGolden.stack(.lstm), InterchangeGolden.stack(.gru))
    #expect(refusal { _ = try gru.exportWeights(layout: .pytorch) }.contains("gru-reset-after is PyTorch's."))
    #expect(refusal { _ = try gru.exportWeights(layout: .tensorflow) }.contains("a BasicLSTMCell is an LSTM"))
    let bare = RecurrentWeightOptions(hasBias: false)
    #expect(refusal { _ = try lstm.exportWeights(layout: .pytorch, bare) }.contains("its biases are not zero"))
    #expect(refusal { _ = try lstm.exportWeights(layout: .tensorflow, bare) }.contains("always has a bias"))
    let named = RecurrentWeightOptions(layerNames: ["a", "b"])
    #expect(refusal { _ = try lstm.exportWeights(layout: .pytorch, named) }.contains("only where Keras has them"))
    #expect(refusal { _ = try lstm.exportWeights(layout: .keras, named) }.contains("1 names of layers expected"))
    let endless = RecurrentWeightOptions(forgetBias: .infinity)
    #expect(refusal { _ = try lstm.exportWeights(layout: .tensorflow, endless) }.contains("a finite number"))
    let residual = RecurrentStack(
      RecurrentCellKind.lstm.formula(), cell: RecurrentCellConfiguration(inputSize: 3, hiddenSize: 4),
      RecurrentStackConfiguration(layerCount: 2, connection: .residual), key: RandomKey(seed: 1))
    #expect(refusal { _ = try residual.exportWeights(layout: .pytorch) }.contains("found residual connections"))
    _ = try residual.exportWeights(layout: .keras)
    let learned = RecurrentCell(
      RecurrentCellKind.lstm.formula(),
      RecurrentCellConfiguration(inputSize: 3, hiddenSize: 4, learnsInitialState: true), key: RandomKey(seed: 1))
    #expect(refusal { _ = try learned.exportWeights(layout: .pytorch) }.contains("it learns its first state"))
    let zoned = RecurrentCell(
      RecurrentCellKind.lstm.formula(),
      RecurrentCellConfiguration(
        inputSize: 3, hiddenSize: 4, regularization: RecurrentRegularization(zoneout: 0.1)), key: RandomKey(seed: 1))
    #expect(refusal { _ = try zoned.exportWeights(layout: .pytorch) }.contains("with zoneout its states keep"))
    // What was trained without may go on with it.
    var further = zoned
    try further.importWeights(lstm.layers[0].forward.exportWeights(layout: .pytorch), layout: .pytorch)
    let own = RecurrentCell(
      try CellFormula(text: "state h\nh' = tanh(W_h x + U_h h)\noutput h'"),
      RecurrentCellConfiguration(inputSize: 3, hiddenSize: 4), key: RandomKey(seed: 1))
    #expect(refusal { _ = try own.exportWeights(layout: .pytorch) }.contains("one with other equations"))
  }

  /// Where the biases are zero, a module without them is the same function.
  @Test func zeroBiasesMayBeLeftOut() throws {
    let bare = RecurrentWeightOptions(hasBias: false)
    var cell = InterchangeGolden.stack(.gruResetAfter).layers[0].forward
    #expect(try cell.exportWeights(layout: .pytorch, bare).names == ["weight_ih", "weight_hh"])
    let tensors = try cell.exportWeights(layout: .pytorch, bare)
    cell = randomized(cell, seed: 2)
    try cell.importWeights(tensors, layout: .pytorch, bare)
    for parameter in cell.parameters where parameter.name.hasPrefix("b_") {
      #expect(parameter.tensor.doubles.allSatisfy { $0 == 0 }, "\(parameter.name)")
    }
  }

  @Test func summedBiasesAreCounted() throws {
    for (kind, count) in [(RecurrentCellKind.lstm, 4), (.gruResetAfter, 2), (.rnn, 1)] {
      var stack = InterchangeGolden.stack(kind)
      let tensors = try stack.exportWeights(layout: .pytorch)
      #expect(try stack.importWeights(tensors, layout: .pytorch).summedBiasCount == count)
    }
  }

  @Test func aNameTwiceIsRefused() {
    #expect(throws: Failure.self) { try NamedTensors([("a", .zeros([1])), ("a", .zeros([1]))]) }
    // The same letter to a reader, other bytes.
    #expect(throws: Never.self) { try NamedTensors([("\u{e9}", .zeros([1])), ("e\u{301}", .zeros([1]))]) }
  }
}
