// The laws of models of piano rolls: the loss as its formula says, derivatives, carried states, learning.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Foundation
import Testing

@Suite struct RollModelTests {
  private static func model(_ change: (inout RollModelConfiguration) -> Void = { _ in }) throws -> RollModel {
    var configuration = RollModelConfiguration()
    (configuration.lowestNote, configuration.noteCount, configuration.hiddenSize) = (60, 5, 4)
    change(&configuration)
    return try RollModel(configuration, key: RandomKey(seed: 2))
  }

  /// Notes of two pieces of 4 and 3 steps, and those that follow.
  private static func batch() -> (notes: PackedSequence, targets: Tensor) {
    let layout = PackedLayout(lengths: [4, 3])
    let key = RandomKey(seed: 9)
    func bits(_ offset: Int) -> Tensor {
      Tensor((0..<35).map { Double(key.bits(at: offset + $0) & 1) }, shape: [7, 5])
    }
    return (PackedSequence(layout: layout, values: bits(0)), bits(100))
  }

  @Test func lossIsTheNegativeLogLikelihoodOfAStep() throws {
    let model = try RollModelTests.model().converted(to: .float64)
    let (notes, targets) = RollModelTests.batch()
    let expected = zip(model(notes).logits.doubles, targets.doubles).reduce(0) { sum, pair in
      let p = 1 / (1 + exp(-pair.0))
      return sum - log(pair.1 > 0 ? p : 1 - p)
    }
    #expect(abs(model.loss(notes, targets: targets).scalar - expected / 7) < 1e-12)
  }

  @Test(arguments: [RecurrentCellKind.lstm, .gru, .rnn], [1, 2])
  func derivatives(_ cell: RecurrentCellKind, _ layers: Int) throws {
    let model = try RollModelTests.model { ($0.cell, $0.layerCount) = (cell, layers) }
    let (notes, targets) = RollModelTests.batch()
    for (parameter, disagreement) in gradientDisagreements(of: model, loss: { $0.loss(notes, targets: targets) }) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  /// The penalties are of training alone, and each is what its weight times its equation says.
  @Test func regularisers() throws {
    let (notes, targets) = RollModelTests.batch()
    let training = Phase.training(RandomKey(seed: 4))
    let plain = try RollModelTests.model().converted(to: .float64)
    let loss = plain.loss(notes, targets: targets, training).scalar
    for (stabilizer, propagation) in [(0.5, 0.0), (0, 0.25), (0.5, 0.25)] {
      let model = try RollModelTests.model {
        ($0.normStabilizer, $0.gradientPropagation) = (stabilizer, propagation)
      }.converted(to: .float64)
      #expect(model.loss(notes, targets: targets).scalar == plain.loss(notes, targets: targets).scalar)
      let encoding = plain.encoder(notes, training.derived("encoder"), isProbed: true)
      let scores = plain.output(encoding.output.values)
      let crossEntropy = (softplus(scores) - scores * targets).sum() / 7
      let penalty =
        stabilizer * encoding.normStabilizer().scalar
        + propagation * encoding.gradientPropagation(of: crossEntropy, plain.encoder).scalar
      #expect(penalty > 0)
      #expect(abs(model.loss(notes, targets: targets, training).scalar - loss - penalty) < 1e-9)
    }
    #expect(throws: Failure.self) {
      try RollModelTests.model { ($0.gradientPropagation, $0.zoneout) = (0.5, 0.1) }
    }
  }

  @Test func aPieceInPartsIsTheWhole() throws {
    let model = try RollModelTests.model { $0.layerCount = 2 }
    let values = RollModelTests.batch().notes.values.converted(to: .float32).sliced(0..<6, axis: 0)
    func piece(_ steps: Range<Int>) -> PackedSequence {
      PackedSequence(layout: PackedLayout(lengths: [steps.count]), values: values.sliced(steps, axis: 0))
    }
    let whole = model.prepared()(piece(0..<6)).logits.doubles
    let first = model(piece(0..<2))
    let second = model(piece(2..<6), from: first.states)
    #expect(first.logits.doubles + second.logits.doubles == whole)
  }

  /// Two chords in turn, one after silence: learned by heart.
  @Test func learns() throws {
    let model = try RollModelTests.model { $0.hiddenSize = 16 }
    let chords: [[Float]] = [[1, 0, 1, 0, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 0]]
    let steps = (0..<13).map { chords[$0 % 3] }
    let notes = PackedSequence(
      layout: PackedLayout(lengths: [12]), values: Tensor(Array(steps.dropLast().joined()), shape: [12, 5]))
    let targets = Tensor(Array(steps.dropFirst().joined()), shape: [12, 5])
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 0.02
    var trainer = Trainer(model: model, optimizer: Optimizer(optimizer), key: RandomKey(seed: 1))
    for _ in 0..<200 {
      _ = try trainer.step(on: [((), 12)]) { model, _, phase in model.loss(notes, targets: targets, phase) }
    }
    #expect(trainer.model.loss(notes, targets: targets).scalar < 0.05)
  }

  @Test func leastWeightsAreNeverMoreThanThereAre() throws {
    for layers in 1...3 {
      var configuration = RollModelConfiguration()
      (configuration.hiddenSize, configuration.layerCount) = (12, layers)
      let count = Double(try RollModel(configuration, key: RandomKey(seed: 0)).parameterCount)
      #expect(configuration.leastWeightCount <= count && configuration.leastWeightCount > 0.8 * count)
    }
  }
}
