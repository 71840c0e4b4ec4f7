// Weights of other libraries give the other libraries' outputs, and go back as they came.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct InterchangeTests {
  @Test func theGoldenFileHasEveryLayout() {
    #expect(InterchangeGolden.all.count == 34)
    for layout in RecurrentWeightLayoutKind.allCases {
      #expect(InterchangeGolden.all.contains { $0.library == layout }, "\(layout)")
    }
  }

  @Test(arguments: InterchangeGolden.all) func importedWeightsGiveTheSameOutputs(_ golden: InterchangeGolden) throws {
    let tensors = try golden.tensors()
    var stack = golden.stack().converted(to: .float64)
    let report = try stack.importWeights(tensors, layout: golden.library, golden.options)
    #expect(report.unused == (golden.options.allowsUnused ? ["\(golden.name)/input", "\(golden.name)/output"] : []))
    #expect(report.used.count + report.unused.count + report.otherCount == tensors.elements.count)
    let output = try stack(golden.input(tensors)).output.values
    let disagreement = try Disagreement(output, golden.output(tensors), relative: 1e-12, absolute: 1e-12)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  @Test(arguments: InterchangeGolden.all) func in32BitsTheyAreClose(_ golden: InterchangeGolden) throws {
    let tensors = try golden.tensors()
    var stack = golden.stack()
    try stack.importWeights(tensors, layout: golden.library, golden.options)
    #expect(stack.parameters.allSatisfy { $0.tensor.elementType == .float32 })
    let input = try golden.input(tensors)
    let output = stack(input.replacingValues(input.values.converted(to: .float32))).output.values
    let disagreement = try Disagreement(
      output.doubles, golden.output(tensors).doubles, relative: 5e-6, absolute: 5e-6)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  /// Names and shapes are the other library's own; numbers too, but for what is joined.
  @Test(arguments: InterchangeGolden.all) func exportGivesBackWhatWasImported(_ golden: InterchangeGolden) throws {
    let tensors = try golden.tensors()
    var stack = golden.stack().converted(to: .float64)
    try stack.importWeights(tensors, layout: golden.library, golden.options)
    let exported = try stack.exportWeights(layout: golden.library, golden.options)
    let expected = tensors.names.filter { !$0.hasSuffix("/input") && !$0.hasSuffix("/output") }
    #expect(exported.names.sorted() == expected.sorted())
    for (name, tensor) in exported.elements {
      let original = try #require(tensors[name])
      if golden.joinsBiases, golden.isBias(name) { continue }
      if golden.library == .tensorflow {
        #expect(Disagreement(tensor, original, relative: 0, absolute: 1e-15).isSmall, "\(name)")
      } else {
        #expect(tensor.isIdentical(to: original), "\(name)")
      }
    }
    if golden.joinsBiases { try expectSameBiases(golden, exported, tensors) }
    var again = golden.stack(seed: 2).converted(to: .float64)
    try again.importWeights(exported, layout: golden.library, golden.options)
    if golden.library != .tensorflow { #expect(haveSameParameters(again, stack)) }
  }

  /// Two biases that act as one come back as their sum and zero; the two of the GRU's candidate as they were.
  private func expectSameBiases(
    _ golden: InterchangeGolden, _ exported: NamedTensors, _ original: NamedTensors
  ) throws {
    for name in exported.names where golden.isBias(name) && !name.contains("bias_hh") {
      let (found, given) = (try biases(name, of: exported), try biases(name, of: original))
      let width = found.count / 2
      #expect(found.count == given.count && width > 0)
      for (first, second) in zip(0..<width, width..<2 * width) {
        if golden.kind == .gruResetAfter, first >= 2 * InterchangeGolden.hiddenSize {
          #expect(found[first] == given[first] && found[second] == given[second])
        } else {
          #expect(found[first] == given[first] + given[second] && found[second] == 0)
        }
      }
    }
  }

  /// Both biases of a cell, one after the other: two tensors in PyTorch, two rows in Keras.
  private func biases(_ name: String, of tensors: NamedTensors) throws -> [Double] {
    let first = try #require(tensors[name]).doubles
    let second = name.replacing("bias_ih", with: "bias_hh")
    return second == name ? first : first + (try #require(tensors[second]).doubles)
  }
}

/// A layout with a kind of cell.
struct LayoutAndCell: Sendable, CustomTestStringConvertible {
  let layout: RecurrentWeightLayoutKind
  let kind: RecurrentCellKind
  var testDescription: String { "\(layout.rawValue), \(kind.rawValue)" }

  static let all = RecurrentWeightLayoutKind.allCases.flatMap { layout in
    RecurrentCellKind.allCases.map { LayoutAndCell(layout: layout, kind: $0) }
  }

  /// What Documentation/Weights.md says.
  var isPossible: Bool {
    switch layout {
    case .pytorch: [.lstm, .lstmNoPeepholes, .gruResetAfter, .rnn, .rnnReLU].contains(kind)
    case .keras: [.lstm, .lstmNoPeepholes, .gru, .gruResetAfter, .rnn, .rnnReLU].contains(kind)
    case .tensorflow: [.lstm, .lstmNoPeepholes].contains(kind)
    }
  }
}

@Suite struct InterchangeRoundTripTests {
  @Test(arguments: LayoutAndCell.all) func exportThenImportIsTheIdentityOrRefused(_ subject: LayoutAndCell) throws {
    for (layerCount, isBidirectional) in [(1, false), (2, true), (3, false)] {
      let stack = randomized(
        InterchangeGolden.stack(subject.kind, layerCount: layerCount, isBidirectional: isBidirectional), seed: 7)
      guard subject.isPossible else {
        let failure = #expect(throws: Failure.self) { try stack.exportWeights(layout: subject.layout) }
        #expect(failure?.kind == .usage && failure?.problem.contains(subject.kind.rawValue) == true)
        #expect(failure?.advice.hasSuffix(".") == true)
        continue
      }
      let tensors = try stack.exportWeights(layout: subject.layout, RecurrentWeightOptions(prefix: "a."))
      #expect(tensors.names.allSatisfy { $0.hasPrefix("a.") })
      var other = InterchangeGolden.stack(
        subject.kind, layerCount: layerCount, isBidirectional: isBidirectional, seed: 3)
      let report = try other.importWeights(tensors, layout: subject.layout, RecurrentWeightOptions(prefix: "a."))
      #expect(report.used == tensors.names && report.unused.isEmpty && report.otherCount == 0)
      if subject.layout == .tensorflow {
        // One taken off and added again: the forget gate's bias is rounded once.
        for (left, right) in zip(other.parameters, stack.parameters) {
          let isForgetBias = left.name.hasSuffix("b_f")
          #expect(isForgetBias || left.tensor.isIdentical(to: right.tensor), "\(left.name)")
          #expect(Disagreement(left.tensor, right.tensor, relative: 2e-7, absolute: 2e-7).isSmall, "\(left.name)")
        }
      } else {
        #expect(haveSameParameters(other, stack))
      }
    }
  }

  /// The names of `nn.LSTMCell` and of the cells of the others have no layer.
  @Test func aCellByItselfHasNamesWithoutLayers() throws {
    let expected: [RecurrentWeightLayoutKind: [String]] = [
      .pytorch: ["weight_ih", "weight_hh", "bias_ih", "bias_hh"], .keras: ["kernel", "recurrent_kernel", "bias"],
      .tensorflow: ["kernel", "bias"],
    ]
    for layout in RecurrentWeightLayoutKind.allCases {
      let cell = randomized(InterchangeGolden.stack(.lstm).layers[0].forward, seed: 4).converted(to: .float64)
      let tensors = try cell.exportWeights(layout: layout)
      #expect(tensors.names == expected[layout])
      var other = InterchangeGolden.stack(.lstm, seed: 8).layers[0].forward.converted(to: .float64)
      try other.importWeights(tensors, layout: layout)
      for (left, right) in zip(other.parameters, cell.parameters) {
        #expect(Disagreement(left.tensor, right.tensor, relative: 0, absolute: 1e-15).isSmall, "\(left.name)")
      }
    }
  }

  @Test func aForgetBiasOfAnotherSizeIsTakenAndGivenBack() throws {
    let cell = randomized(InterchangeGolden.stack(.lstm).layers[0].forward, seed: 5).converted(to: .float64)
    let (none, five) = (RecurrentWeightOptions(forgetBias: 0), RecurrentWeightOptions(forgetBias: 5))
    let (left, right) = (
      try cell.exportWeights(layout: .tensorflow, none), try cell.exportWeights(layout: .tensorflow, five)
    )
    let difference = try #require(left["bias"]) - #require(right["bias"])
    let expected = (0..<16).map { (8..<12).contains($0) ? 5.0 : 0 }
    #expect(Disagreement(difference.doubles, expected, relative: 0, absolute: 1e-14).isSmall)
  }

  /// Versions of a library spell the same variable differently.
  @Test(arguments: [
    (RecurrentWeightLayoutKind.keras, "lstm_cell/", ""), (.keras, "kernel", "kernel:0"),
    (.keras, "lstm_1/lstm_cell/", "lstm_1/lstm_cell_4/"), (.tensorflow, "kernel", "weights"),
    (.tensorflow, "bias", "biases:0"), (.tensorflow, "basic_lstm_cell", "lstm_cell"),
  ])
  func spellingsAreRead(_ layout: RecurrentWeightLayoutKind, _ part: String, _ replacement: String) throws {
    let stack = randomized(InterchangeGolden.stack(.lstm, layerCount: 2), seed: 6)
    let tensors = try stack.exportWeights(layout: layout)
    var renamed = try NamedTensors()
    for (name, tensor) in tensors.elements { try renamed.append(name.replacing(part, with: replacement), tensor) }
    #expect(renamed.names != tensors.names)
    var (first, second) = (InterchangeGolden.stack(.lstm, layerCount: 2), InterchangeGolden.stack(.lstm, layerCount: 2))
    try first.importWeights(tensors, layout: layout)
    try second.importWeights(renamed, layout: layout)
    #expect(haveSameParameters(first, second))
  }

  @Test func layersOfKerasHaveTheNamesOneGives() throws {
    let stack = InterchangeGolden.stack(.gru, layerCount: 2, isBidirectional: true)
    let options = RecurrentWeightOptions(layerNames: ["reader/gru_7", "top"])
    let names = try stack.exportWeights(layout: .keras, options).names
    #expect(names[0] == "reader/forward_gru_7/gru_cell/kernel" && names[3] == "reader/backward_gru_7/gru_cell/kernel")
    #expect(names[6] == "forward_top/gru_cell/kernel")
  }

  /// What a cell's biases start at, and training options, do not make it another cell.
  @Test func cellsAreRecognizedByTheirEquations() throws {
    for kind in RecurrentCellKind.allCases {
      let expected = kind == .lstmNoPeepholes ? .lstm : kind
      #expect(RecurrentCellKind(of: kind.formula(forgetBias: 3)) == expected)
    }
    let other = try CellFormula(text: "state h\nh' = tanh(W_h x + U_h h)\noutput h'")
    #expect(RecurrentCellKind(of: other) == nil)
  }
}
