// A hundred steps of every optimiser against PyTorch's (Tests/Goldens/optimizers.py), in double precision, number by
// number after every step.

import EnsueLayers
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

struct OptimizerGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let kind: OptimizerKind
  var change: @Sendable (inout OptimizerConfiguration) -> Void = { _ in }
  var schedule = ScheduleConfiguration()
  var testDescription: String { name }

  static let all: [OptimizerGolden] = [
    .init(name: "sgd", kind: .sgd), .init(name: "sgd-decay", kind: .sgd, change: { $0.weightDecay = 0.1 }),
    .init(name: "momentum", kind: .momentum),
    .init(name: "momentum-decay", kind: .momentum, change: { $0.weightDecay = 0.1 }),
    .init(name: "nesterov", kind: .nesterov, change: { $0.momentum = 0.8 }),
    .init(name: "nesterov-decay", kind: .nesterov, change: { ($0.momentum, $0.weightDecay) = (0.8, 0.1) }),
    .init(name: "rmsprop", kind: .rmsprop, change: { $0.squareDecay = 0.95 }),
    .init(name: "rmsprop-decay", kind: .rmsprop, change: { ($0.squareDecay, $0.weightDecay) = (0.95, 0.1) }),
    .init(name: "rmsprop-momentum", kind: .rmsprop, change: { ($0.squareDecay, $0.normalizedMomentum) = (0.95, 0.9) }),
    .init(name: "adagrad", kind: .adagrad),
    .init(name: "adagrad-decay", kind: .adagrad, change: { $0.weightDecay = 0.1 }),
    .init(name: "adam", kind: .adam), .init(name: "adam-decay", kind: .adam, change: { $0.weightDecay = 0.1 }),
    .init(name: "adamw", kind: .adamw, change: { $0.weightDecay = 0.1 }),
    .init(name: "radam", kind: .radam), .init(name: "radam-decay", kind: .radam, change: { $0.weightDecay = 0.1 }),
    .init(name: "radam-short", kind: .radam, change: { ($0.beta1, $0.beta2) = (0.8, 0.99) }),
    .init(name: "adam-cosine", kind: .adam, schedule: .warmedCosine),
  ]

  var configuration: OptimizerConfiguration {
    var configuration = OptimizerConfiguration()
    (configuration.kind, configuration.learningRate) = (kind, 0.05)
    change(&configuration)
    return configuration
  }
}

extension ScheduleConfiguration {
  fileprivate static var warmedCosine: ScheduleConfiguration {
    var schedule = ScheduleConfiguration()
    (schedule.kind, schedule.warmUpSteps, schedule.decaySteps, schedule.minimumShare) = (.cosine, 10, 90, 0.1)
    return schedule
  }
}

/// Two rows, of which some may have no gradient.
private struct Rows: Module {
  var weight: Tensor
  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.parameter("weight", &weight) }

  /// The gradient of Σ w ⊙ g is g.
  func gradients(_ g: Tensor) -> Gradients { valueAndGradient(of: self) { ($0.weight * g).sum() }.gradients }
}

@Suite struct OptimizerGoldenTests {
  @Test(arguments: OptimizerGolden.all) func aHundredStepsEqualPyTorch(_ golden: OptimizerGolden) throws {
    let reader = try SafetensorsReader(TestFiles.golden("optimizers.safetensors"))
    let gradients = try reader.tensor("gradients")
    let expected = try reader.tensor("optimizer/\(golden.name)").doubles
    let schedule = try golden.schedule.schedule(totalSteps: 100, beta2: 0.999)
    var rows = Rows(weight: try reader.tensor("initial"))
    #expect(rows.weight.elementType == .float64)
    var optimizer = Optimizer(golden.configuration)
    for step in 1...100 {
      let gradient = gradients.sliced(step - 1..<step, axis: 0).reshaped([2, 4])
      optimizer.update(&rows, rows.gradients(gradient), rateFactor: schedule.factor(at: step))
      let found = Disagreement(
        rows.weight.doubles, Array(expected[(step - 1) * 8..<step * 8]), relative: 1e-11, absolute: 1e-12)
      #expect(found.isSmall, "step \(step): \(found)")
    }
  }

  @Test func everyKindHasAGolden() {
    #expect(Set(OptimizerGolden.all.map(\.kind)) == Set(OptimizerKind.allCases))
  }

  @Test func clippingScalesTheGradient() throws {
    let reader = try SafetensorsReader(TestFiles.golden("optimizers.safetensors"))
    let gradient = try reader.tensor("gradients").sliced(0..<1, axis: 0).reshaped([2, 4])
    for kind in OptimizerKind.allCases {
      var configuration = OptimizerConfiguration()
      (configuration.kind, configuration.weightDecay) = (kind, 0.1)
      var (scaled, plain) = (Rows(weight: try reader.tensor("initial")), Rows(weight: try reader.tensor("initial")))
      var (first, second) = (Optimizer(configuration), Optimizer(configuration))
      first.update(&scaled, scaled.gradients(gradient), scale: 0.25)
      second.update(&plain, plain.gradients(gradient * 0.25))
      #expect(Disagreement(scaled.weight, plain.weight).isSmall, "\(kind)")
    }
  }

  @Test(arguments: OptimizerKind.allCases) func vectorsMayBeLeftWithoutDecay(_ kind: OptimizerKind) {
    let start = TensorList([.ones([3]), .ones([3, 1]), .ones([1])])
    func stepped(decay: Double, decaysVectors: Bool) -> [Tensor] {
      var configuration = OptimizerConfiguration()
      (configuration.kind, configuration.weightDecay, configuration.decaysVectors) = (kind, decay, decaysVectors)
      var (model, optimizer) = (start, Optimizer(configuration))
      // Gradients that change their sign: one alone would be divided by itself, with decay and without.
      for factor in [0.5, -0.2, 0.1] {
        let (_, gradients) = valueAndGradient(of: model) { model in
          model.tensors.reduce(Tensor.zeros([])) { $0 + ($1 * factor).sum() }
        }
        optimizer.update(&model, gradients)
      }
      return model.tensors
    }
    let (none, all) = (stepped(decay: 0, decaysVectors: true), stepped(decay: 0.5, decaysVectors: true))
    let some = stepped(decay: 0.5, decaysVectors: false)
    for index in 0..<3 {
      let isVector = index != 1
      #expect(some[index].isIdentical(to: isVector ? none[index] : all[index]))
      // Where decay changes nothing the test would be empty.
      #expect(!all[index].isIdentical(to: none[index]))
    }
  }

  /// Refused is what changes nothing, and nothing else.
  @Test(arguments: OptimizerKind.allCases) func constantsThatDoNothingAreRefused(_ kind: OptimizerKind) throws {
    let reader = try SafetensorsReader(TestFiles.golden("optimizers.safetensors"))
    let (initial, gradients) = (try reader.tensor("initial"), try reader.tensor("gradients"))
    func stepped(_ configuration: OptimizerConfiguration) -> Tensor {
      var (rows, optimizer) = (Rows(weight: initial), Optimizer(configuration))
      for step in 0..<10 {
        optimizer.update(&rows, rows.gradients(gradients.sliced(step..<step + 1, axis: 0).reshaped([2, 4])))
      }
      return rows.weight
    }
    func isTaken(_ optimizer: OptimizerConfiguration, _ schedule: ScheduleConfiguration = .init()) -> Bool {
      var run = RollConfiguration()
      (run.optimizer, run.schedule) = (optimizer, schedule)
      return (try? RollConfiguration.settings.refuseUnread(run)) != nil
    }
    var usual = OptimizerConfiguration()
    usual.kind = kind
    #expect(isTaken(usual))
    let leaves: [WritableKeyPath<OptimizerConfiguration, Double>] = [
      \.momentum, \.squareDecay, \.normalizedMomentum, \.beta1, \.beta2, \.epsilon,
    ]
    for leaf in leaves {
      var changed = usual
      changed[keyPath: leaf] = 0.3
      #expect(isTaken(changed) == !stepped(changed).isIdentical(to: stepped(usual)), "\(leaf)")
    }
    // The untuned warm-ups read β₂ for any optimiser.
    var schedule = ScheduleConfiguration()
    (schedule.kind, usual.beta2) = (.untunedLinear, 0.99)
    #expect(isTaken(usual, schedule))
  }

  @Test func rectificationBeginsWhereTheVarianceIsTractable() throws {
    // ρ of β₂ = 0.999: 4.99 at step 5, 5.98 at step 6.
    #expect((1...5).allSatisfy { UpdateStep.rectification(beta2: 0.999, stepCount: $0) == nil })
    let factors = try (6...20_000).map { try #require(UpdateStep.rectification(beta2: 0.999, stepCount: $0)) }
    #expect(zip(factors, factors.dropFirst()).allSatisfy { $0 <= $1 * (1 + 1e-12) })
    #expect(abs(factors[factors.count - 1] - 1) < 1e-3)
    #expect((1...1000).allSatisfy { UpdateStep.rectification(beta2: 0.5, stepCount: $0) == nil })
  }
}
