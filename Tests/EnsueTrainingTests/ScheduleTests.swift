// Every schedule against PyTorch's or its paper's formula (Tests/Goldens/optimizers.py), and what holds for all.

import EnsueFiles
import EnsueLayers
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

struct ScheduleGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let kind: ScheduleKind
  var change: @Sendable (inout ScheduleConfiguration) -> Void = { _ in }
  var testDescription: String { name }

  static let all: [ScheduleGolden] = plain + warmed

  /// Ten steps are an epoch.
  private static let plain: [ScheduleGolden] = [
    .init(name: "constant", kind: .constant),
    .init(name: "epoch-decay", kind: .epochDecay, change: { ($0.holdEpochs, $0.ratio) = (4, 0.5) }),
    .init(name: "cosine", kind: .cosine, change: { ($0.decaySteps, $0.minimumShare) = (150, 0.05) }),
    .init(name: "cosine-warm-up", kind: .cosine, change: { $0.warmUpSteps = 20 }),
    .init(name: "linear-decay", kind: .linearDecay, change: { ($0.decaySteps, $0.minimumShare) = (120, 0.1) }),
    .init(name: "step", kind: .step, change: { ($0.decaySteps, $0.ratio) = (40, 0.3) }),
    .init(name: "inverse-square-root", kind: .inverseSquareRoot, change: { $0.warmUpSteps = 30 }),
    .init(name: "linear-warm-up", kind: .linearWarmUp, change: { $0.warmUpSteps = 50 }),
    .init(name: "exponential-warm-up", kind: .exponentialWarmUp, change: { $0.warmUpSteps = 50 }),
    .init(name: "untuned-linear", kind: .untunedLinear), .init(name: "untuned-exponential", kind: .untunedExponential),
    .init(name: "noam", kind: .noam, change: { ($0.warmUpSteps, $0.width) = (50, 64) }),
  ]

  private static let warmed: [ScheduleGolden] = [
    .init(
      name: "linear-epoch-decay", kind: .epochDecay,
      change: { ($0.warmUpSteps, $0.holdEpochs, $0.ratio) = (50, 4, 0.5) }),
    .init(
      name: "untuned-exponential-cosine", kind: .cosine,
      change: { ($0.warmUp, $0.decaySteps, $0.minimumShare) = (.exponential, 150, 0.05) }),
    .exponential(.cosine) { ($0.decaySteps, $0.minimumShare) = (150, 0.05) },
    .exponential(.linearDecay) { ($0.decaySteps, $0.minimumShare) = (120, 0.1) },
    .exponential(.step) { ($0.decaySteps, $0.ratio) = (40, 0.3) }, .exponential(.inverseSquareRoot) { _ in },
    .exponential(.epochDecay) { ($0.holdEpochs, $0.ratio) = (4, 0.5) },
  ]

  private static func exponential(
    _ kind: ScheduleKind, _ change: @escaping @Sendable (inout ScheduleConfiguration) -> Void
  ) -> ScheduleGolden {
    ScheduleGolden(name: "exponential-\(kind.rawValue)", kind: kind) {
      ($0.warmUp, $0.warmUpSteps) = (.exponential, 25)
      change(&$0)
    }
  }
}

private func configured(
  _ kind: ScheduleKind, _ change: (inout ScheduleConfiguration) -> Void = { _ in }
) -> ScheduleConfiguration {
  var configuration = ScheduleConfiguration()
  configuration.kind = kind
  change(&configuration)
  return configuration
}

@Suite struct ScheduleTests {
  @Test(arguments: ScheduleGolden.all) func equalsTheGolden(_ golden: ScheduleGolden) throws {
    let reader = try SafetensorsReader(TestFiles.golden("optimizers.safetensors"))
    let schedule = try configured(golden.kind, golden.change).schedule(totalSteps: 200, stepsPerEpoch: 10, beta2: 0.99)
    let found = Disagreement(
      (1...200).map { schedule.factor(at: $0) }, try reader.tensor("schedule/\(golden.name)").doubles,
      relative: 1e-12, absolute: 1e-13)
    #expect(found.isSmall, "\(found)")
  }

  @Test func everyKindIsTested() {
    // What validation says has goldens of its own.
    #expect(Set(ScheduleGolden.all.map(\.kind)).union([.reduceOnPlateau]) == Set(ScheduleKind.allCases))
  }

  @Test(arguments: [("values", "factors", false), ("accuracies", "accuracyFactors", true)])
  func plateausEqualPyTorch(_ values: String, _ factors: String, _ higherIsBetter: Bool) throws {
    let reader = try SafetensorsReader(TestFiles.golden("optimizers.safetensors"))
    // PyTorch reduces at the epoch after its patience.
    let configuration = configured(.reduceOnPlateau) { ($0.patience, $0.ratio, $0.minimumShare) = (3, 0.5, 0.1) }
    var schedule = try configuration.schedule(totalSteps: 200, beta2: 0.999, higherIsBetter: higherIsBetter)
    let expected = try reader.tensor("plateau/\(factors)").doubles
    #expect(expected.count == 200 && Set(expected).count >= 4, "the golden must reduce")
    for (epoch, value) in try reader.tensor("plateau/\(values)").doubles.enumerated() {
      schedule.take(value)
      #expect(schedule.factor(at: epoch + 1) == expected[epoch], "epoch \(epoch)")
    }
  }

  @Test func aPlateauIsTakenUpWhereItStood() throws {
    let configuration = configured(.reduceOnPlateau) { $0.patience = 2 }
    var straight = try configuration.schedule(totalSteps: 60, beta2: 0.999)
    for value in [1, 2, 3, 4, 0.5, 0.6, .nan] { straight.take(value) }
    var resumed = try configuration.schedule(totalSteps: 60, beta2: 0.999)
    resumed.restore(straight.plateau?.memory)
    #expect(resumed.plateau == straight.plateau)
    #expect(resumed.plateau?.memory == .init(factor: 0.1 * 0.1, best: 0.5, stalledEpochs: 0))
  }

  @Test(arguments: ScheduleKind.allCases) func factorsAreSharesAndLate(_ kind: ScheduleKind) throws {
    let schedule = try configured(kind).schedule(totalSteps: 500, beta2: 0.99)
    for step in Array(1...600) + [1 << 20, 1 << 40, Int.max] {
      let factor = schedule.factor(at: step)
      #expect(factor.isFinite && (0...1).contains(factor), "step \(step): \(factor)")
    }
    #expect(schedule.factor(at: 1) > 0)
  }

  @Test(arguments: ScheduleKind.allCases.filter(\.takesMinimum)) func noneFallsBelowItsMinimum(_ kind: ScheduleKind)
    throws
  {
    var schedule = try configured(kind) { $0.minimumShare = 0.25 }.schedule(totalSteps: 5000, beta2: 0.99)
    for _ in 0..<20 { schedule.take(1) }
    let last = schedule.factor(at: 1 << 30)
    #expect(abs(last - 0.25) < 1e-12, "\(last)")
  }

  /// Zaremba et al. (2014): the whole rate for four epochs, then half of it more after each.
  @Test func epochsHalveTheRate() throws {
    let configuration = configured(.epochDecay) { ($0.holdEpochs, $0.ratio) = (4, 0.5) }
    let schedule = try configuration.schedule(totalSteps: 70, stepsPerEpoch: 10, beta2: 0.999)
    let factors = (1...70).map { schedule.factor(at: $0) }
    let rates: [Double] = [1, 1, 1, 1, 0.5, 0.25, 0.125]
    let expected = rates.flatMap { [Double](repeating: $0, count: 10) }
    #expect(factors == expected)
  }

  @Test func warmUpThenDecay() throws {
    let schedule = try configured(.linearDecay) { $0.warmUpSteps = 4 }.schedule(totalSteps: 14, beta2: 0.999)
    let factors = (1...15).map { schedule.factor(at: $0) }
    let expected = [0.25, 0.5, 0.75, 1] + (0...10).map { 1 - Double($0) / 10 }
    #expect(Disagreement(factors, expected, relative: 0, absolute: 1e-15).isSmall)
  }

  @Test(arguments: ScheduleKind.allCases) func constantsThatDoNothingAreRefused(_ kind: ScheduleKind) throws {
    let changes: [(isTaken: Bool, change: (inout ScheduleConfiguration) -> Void)] = [
      (kind.takesWarmUp, { $0.warmUpSteps = 5 }), (kind.takesWarmUp, { $0.warmUpShare = 0.3 }),
      (kind.takesWarmUpShape, { $0.warmUp = .exponential }), (kind.takesDecay, { $0.decaySteps = 5 }),
      (kind.takesMinimum, { $0.minimumShare = 0.5 }), (kind.takesRatio, { $0.ratio = 0.5 }),
      (kind == .epochDecay, { $0.holdEpochs = 3 }), (kind == .reduceOnPlateau, { $0.patience = 5 }),
      (kind == .noam, { $0.width = 64 }),
    ]
    func factors(_ configuration: ScheduleConfiguration) throws -> [Double] {
      var schedule = try configuration.schedule(totalSteps: 100, beta2: 0.9)
      for _ in 0..<3 { schedule.take(1) }
      return (Array(1...200) + [1 << 14, 1 << 20]).map { schedule.factor(at: $0) }
    }
    for (isTaken, change) in changes {
      var run = RollConfiguration()
      run.schedule = configured(kind, change)
      #expect(try (factors(run.schedule) != factors(configured(kind))) == isTaken, "whether it does something")
      let restricted = try RollConfiguration.settings.withoutRefused(run)
      if isTaken {
        try RollConfiguration.settings.refuseUnread(run)
        #expect(restricted == run)
      } else {
        let failure = #expect(throws: Failure.self) { try RollConfiguration.settings.refuseUnread(run) }
        #expect(failure?.kind == .configuration)
        #expect(failure?.problem.contains("for the schedule \(kind.rawValue)") == true)
        #expect(restricted.schedule == configured(kind))
      }
    }
  }

  @Test(arguments: ScheduleKind.allCases.filter(\.takesWarmUpShape))
  func anyWarmUpStandsBeforeADecay(_ kind: ScheduleKind) throws {
    func factors(_ change: (inout ScheduleConfiguration) -> Void) throws -> [Double] {
      let schedule = try configured(kind, change).schedule(totalSteps: 300, stepsPerEpoch: 150, beta2: 0.98)
      return (1...300).map { schedule.factor(at: $0) }
    }
    // Untuned, τ is 1 / (1 - β₂) for the exponential warm-up, 2 / (1 - β₂) for the line.
    for (steps, constant) in [(nil, 50), (20, 20)] as [(Int?, Double)] {
      let found = try factors { ($0.warmUp, $0.warmUpSteps) = (.exponential, steps) }
      // The root falls from the warm-up's w on.
      let root = InverseSquareRootDecay(start: Int(constant))
      let plain = try kind == .inverseSquareRoot ? (1...300).map { root.factor(at: $0) } : factors { _ in }
      let expected = plain.enumerated().map { $1 * ExponentialWarmUp(steps: constant).factor(at: $0 + 1) }
      #expect(Disagreement(found, expected, relative: 1e-12, absolute: 1e-14).isSmall, "\(kind), \(constant)")
    }
    let line = try factors { $0.warmUpSteps = 100 }
    #expect(line[49] == 0.5 && line[99] == 1)
    #expect(try factors { $0.warmUp = .linear } == line)
    #expect(try factors { ($0.warmUp, $0.warmUpSteps) = (.linear, 100) } == line)
  }

  /// Where a warm-up has no steps of its own, they follow from β₂; and β₂ is taken only where they do.
  @Test(arguments: ScheduleKind.allCases) func warmUpsWithoutStepsReadBeta2(_ kind: ScheduleKind) throws {
    let shapes: [WarmUpShapeKind?] = [nil, .linear, .exponential]
    for (shape, steps) in shapes.flatMap({ [($0, nil), ($0, 5)] as [(WarmUpShapeKind?, Int?)] }) {
      let configuration = configured(kind) { ($0.warmUp, $0.warmUpSteps) = (shape, steps) }
      let factors = try [0.9, 0.99].map { beta2 in
        let schedule = try configuration.schedule(totalSteps: 300, stepsPerEpoch: 100, beta2: beta2)
        return (1...300).map { schedule.factor(at: $0) }
      }
      #expect((factors[0] != factors[1]) == configuration.readsBeta2, "\(String(describing: shape)), \(steps ?? 0)")
    }
  }

  /// Epochs are those of the training: a warm-up does not move the falls between them.
  @Test func epochsFallAfterAWarmUpWhereTheyEnd() throws {
    let configuration = configured(.epochDecay) { ($0.warmUpSteps, $0.ratio) = (4, 0.5) }
    let schedule = try configuration.schedule(totalSteps: 9, stepsPerEpoch: 3, beta2: 0.999)
    let factors = (1...9).map { schedule.factor(at: $0) }
    #expect(factors == [0.25, 0.5, 0.75, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
  }

  @Test func noamHasTheWidthOfTheModelUnlessToldAnother() throws {
    for (width, modelWidth, expected) in [(nil, 64, 64), (nil, nil, 512), (32, 64, 32)] as [(Int?, Int?, Int)] {
      let schedule = try configured(.noam) { $0.width = width }
        .schedule(totalSteps: 10, beta2: 0.9, modelWidth: modelWidth)
      #expect(schedule.factor(at: 7) == NoamSchedule(width: expected, warmUpSteps: 4000).factor(at: 7))
    }
  }

  @Test(arguments: [ScheduleKind.cosine, .linearDecay, .step]) func aWarmUpMustLeaveSteps(_ kind: ScheduleKind) throws {
    for (warmUp, isGood) in [(99, true), (100, false), (1000, false)] {
      let configuration = configured(kind) { $0.warmUpSteps = warmUp }
      let isTaken = (try? configuration.schedule(totalSteps: 100, beta2: 0.9)) != nil
      #expect(isTaken == isGood)
      _ = try configured(kind) { ($0.warmUpSteps, $0.decaySteps) = (warmUp, 7) }.schedule(totalSteps: 100, beta2: 0.9)
    }
  }

  @Test func theTrainerFollowsItsScheduleAndSaysTheRate() throws {
    let start = TensorList([Tensor([1, 2] as [Double], shape: [2, 1])])
    var configuration = OptimizerConfiguration()
    (configuration.kind, configuration.learningRate) = (.sgd, 0.5)
    let schedule = RateSchedule(
      SequenceSchedule(LinearWarmUp(steps: 4), steps: 4, then: StepDecay(interval: 1, ratio: 0.5)))
    var trainer = Trainer(
      model: start, optimizer: Optimizer(configuration), schedule: schedule, key: RandomKey(seed: 0))
    #expect(trainer.learningRate == 0.125)
    var expected = 1.0
    for rate in [0.125, 0.25, 0.375, 0.5, 0.5, 0.25, 0.125] {
      let report = try trainer.step(on: [(batch: (), count: 1)]) { model, _, _ in model.tensors[0].sum() }
      expected -= rate
      #expect(report.learningRate == rate && trainer.learningRate == rate)
      #expect(abs(trainer.model.tensors[0].doubles[0] - expected) < 1e-12)
    }
  }
}
