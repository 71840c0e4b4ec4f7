// What is chosen of a cell's equations: every cell has the choice or refuses it by name.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

@Suite struct RecurrentCellOptionTests {
  private static let withActivation: [RecurrentCellKind] = [.rnn, .outputFeedback, .rnnLeaky, .rnnLayerNorm]
  private static let withPeepholes = RecurrentCellKind.odysseyVariants.filter { $0 != .lstmNoPeepholes }

  @Test func asTheyAreTheyChangeNothing() throws {
    for kind in RecurrentCellKind.allCases {
      #expect(try kind.formula(forgetBias: 0.5, RecurrentCellOptions()) == kind.formula(forgetBias: 0.5), "\(kind)")
    }
  }

  @Test(arguments: RecurrentCellFormulas.ActivationKind.allCases)
  func activations(_ activation: RecurrentCellFormulas.ActivationKind) throws {
    var options = RecurrentCellOptions()
    options.activation = activation
    #expect(
      try RecurrentCellKind.rnn.formula(options).text
        == CellFormula(text: RecurrentCellFormulas.rnn(activation: activation)).text)
    for kind in RecurrentCellKind.allCases {
      guard RecurrentCellOptionTests.withActivation.contains(kind) else {
        let failure = #expect(throws: Failure.self) { try kind.formula(options) }
        #expect(failure?.kind == .configuration && failure?.description.contains("found \(kind.rawValue)") == true)
        #expect(failure?.advice.contains("rnn, output-feedback, rnn-leaky, rnn-layer-norm") == true)
        continue
      }
      let chosen = try kind.formula(options)
      #expect((chosen == kind.formula()) == (activation == .tanh), "\(kind)")
    }
  }

  @Test func peepholesMayBeLeftOut() throws {
    var options = RecurrentCellOptions()
    options.hasPeepholes = false
    for kind in RecurrentCellKind.allCases {
      guard RecurrentCellOptionTests.withPeepholes.contains(kind) else {
        let failure = #expect(throws: Failure.self) { try kind.formula(options) }
        #expect(failure?.kind == .configuration && failure?.description.contains("found \(kind.rawValue)") == true)
        continue
      }
      let chosen = try kind.formula(forgetBias: -2, options)
      #expect(!chosen.parameters.contains { $0.name.hasPrefix("p_") }, "\(kind)")
      #expect(kind.formula().parameters.contains { $0.name.hasPrefix("p_") }, "\(kind)")
      if kind.hasForgetBias { #expect(chosen.text.contains("2"), "\(chosen.text)") }
    }
  }

  /// Only what is not as it is stands in a bundle.
  @Test func storedAndRead() throws {
    var stored: RecurrentCellOptions?
    stored.chosen.activation = nil
    #expect(stored == nil)
    stored.chosen.learnsLeak = true
    stored.chosen.memoryZoneout = 0.5
    let read = try JSONDecoder().decode(RecurrentCellOptions?.self, from: JSONEncoder().encode(stored))
    #expect(read == stored && read?.learnsLeak == true && read?.hasPeepholes == true)
    stored.chosen = RecurrentCellOptions()
    #expect(stored == nil)
  }

  private static func cell(_ formula: CellFormula, _ regularization: RecurrentRegularization) -> RecurrentCell {
    RecurrentCell(
      formula,
      RecurrentCellConfiguration(inputSize: 3, hiddenSize: 60, regularization: regularization),
      key: RandomKey(seed: 1)
    ).converted(to: .float64)
  }

  /// Memory cells with a rate of their own, in use and in training (Krueger et al. 2016, equations 6 and 7).
  @Test func memoryCellsAreZonedOutApart() throws {
    let formula = RecurrentCellKind.lstm.formula()
    let layout = PackedLayout(lengths: [2])
    let input = PackedSequence(layout: layout, values: .normal([2, 3], key: RandomKey(seed: 3), .float64))
    func states(_ cell: RecurrentCell, _ phase: Phase) -> [[Double]] {
      cell(input, from: cell.initialState(batchSize: 1, .float64), phase).states.map(\.values.doubles)
    }
    for (rates, expectation) in [
      (RecurrentRegularization(memoryZoneout: 0.5), ["c": 0.5]),
      (RecurrentRegularization(zoneout: 0.25, memoryZoneout: 0), ["h": 0.25]),
      (RecurrentRegularization(zoneout: 0.25, memoryZoneout: 0.5), ["h": 0.25, "c": 0.5]),
      (RecurrentRegularization(zoneout: 0.25), ["h": 0.25, "c": 0.25]),
    ] {
      let written = try RecurrentCellOptionTests.cell(formula.zoningOut(expectation: expectation), .init())
      let pairs = zip(
        states(RecurrentCellOptionTests.cell(formula, rates), .inference), states(written, .inference))
      for (found, expected) in pairs {
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(rates)")
      }
    }
    // Both states begin at zero, and a unit that keeps its value stays there.
    func kept(_ rates: RecurrentRegularization) -> [Int] {
      states(RecurrentCellOptionTests.cell(formula, rates), .training(RandomKey(seed: 2))).map { values in
        values.prefix(60).count { $0 == 0 }
      }
    }
    let memory = kept(RecurrentRegularization(memoryZoneout: 0.5))
    #expect(memory[0] == 0 && (14...46).contains(memory[1]), "\(memory)")
    let output = kept(RecurrentRegularization(zoneout: 0.5, memoryZoneout: 0))
    #expect((14...46).contains(output[0]) && output[1] == 0, "\(output)")
  }

  @Test func gradientsOfMemoryCellsThatAreZonedOutApart() {
    let layout = PackedLayout(lengths: [4, 2])
    let input = PackedSequence(layout: layout, values: .normal([6, 5], key: RandomKey(seed: 3), .float64))
    var cell = RecurrentCellKind.lstm.makeCell(
      RecurrentCellConfiguration(
        inputSize: 5, hiddenSize: 3, regularization: RecurrentRegularization(zoneout: 0.1, memoryZoneout: 0.4)),
      key: RandomKey(seed: 1))
    CellFixture.randomize(&cell)
    let disagreements = gradientDisagreements(of: cell) { cell in
      let run = cell(input, from: cell.initialState(batchSize: 2, .float64), .training(RandomKey(seed: 8)))
      return run.states.reduce(Tensor.zeros([], .float64)) { $0 + square($1.values).mean() }
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }
}
