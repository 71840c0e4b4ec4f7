// Hard attention: its draws, and REINFORCE against the exact derivative.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One query with three keys, each worth something: small enough for the exact derivative.
private struct TinyProblem {
  let query = Tensor([0.8, -0.4], shape: [1, 2])
  let keys = Tensor([0.5, 1.0, -1.2, 0.3, 0.1, -0.7], shape: [3, 2])
  let rewards = [3.0, 4.5, 5.0]
  var hard: HardAttention

  init() {
    let configuration = AttentionConfiguration(score: .general, querySize: 2)
    hard = HardAttention(configuration, key: RandomKey(seed: 3)).converted(to: .float64)
  }

  /// The same problem many times, each a sequence of its own.
  func output(_ hard: HardAttention, count: Int, _ phase: Phase) -> HardAttentionOutput {
    let queryLayout = PackedLayout(lengths: .init(repeating: 1, count: count))
    let keyLayout = PackedLayout(lengths: .init(repeating: 3, count: count))
    let repeated = PackedSequence(
      layout: keyLayout, values: keys.gathered((0..<3 * count).map { Int32($0 / count) }))
    let asked = PackedSequence(layout: queryLayout, values: query.gathered(.init(repeating: 0, count: count)))
    return hard(queries: asked, keys: repeated, values: repeated, phase)
  }

  func loss(_ output: HardAttentionOutput) -> ReinforceLoss {
    let values = output.steps.map { step in step.map { rewards[$0] } ?? 0 }
    return output.reinforceLoss(reward: Tensor(values, shape: [values.count, 1]))
  }

  static let weight = "attention.score.weight"

  /// ∂ log a_j / ∂W for each key.
  var scoreGradients: [[Double]] {
    (0..<3).map { index in
      let (_, gradients) = valueAndGradient(of: hard) {
        log(output($0, count: 1, .inference).soft.weights.gathered([Int32(index)])).sum()
      }
      return gradients[Self.weight]?.dense.doubles ?? []
    }
  }

  var probabilities: [Double] { output(hard, count: 1, .inference).soft.weights.doubles }

  /// The mean and the variance, element by element, of (R - b) ∂ log a_s / ∂W over the draws of s.
  func moments(baseline: Double) -> (mean: [Double], variance: [Double]) {
    let (a, g) = (probabilities, scoreGradients)
    let samples = (0..<3).map { j in g[j].map { (rewards[j] - baseline) * $0 } }
    let mean = g[0].indices.map { i in (0..<3).reduce(0) { $0 + a[$1] * samples[$1][i] } }
    let square = g[0].indices.map { i in (0..<3).reduce(0) { $0 + a[$1] * samples[$1][i] * samples[$1][i] } }
    return (mean, zip(square, mean).map { $0 - $1 * $1 })
  }
}

@Suite struct AttentionHardTests {
  @Test func theGradientInExpectationIsTheExactOne() {
    let problem = TinyProblem()
    // The exact derivative of -Σ_j a_j R_j.
    let rewards = Tensor(problem.rewards, shape: [3, 1])
    let (_, exact) = valueAndGradient(of: problem.hard) {
      -(problem.output($0, count: 1, .inference).soft.weights * rewards).sum()
    }
    let expected = exact[TinyProblem.weight]?.dense.doubles ?? []
    let count = 40_000
    for seed in 0..<3 {
      let (_, found) = valueAndGradient(of: problem.hard) {
        problem.loss(problem.output($0, count: count, .training(RandomKey(seed: UInt64(seed))))).loss
      }
      let baseline = problem.output(problem.hard, count: 1, .inference).baselines.scalar
      let variance = problem.moments(baseline: baseline).variance
      for (index, mean) in (found[TinyProblem.weight]?.dense.doubles ?? []).enumerated() {
        let error = (variance[index] / Double(count)).squareRoot()
        #expect(abs(mean - expected[index]) < 4.5 * error, "\(mean) against \(expected[index]) ± \(error)")
      }
    }
    #expect(expected.count == 4 && expected.contains { abs($0) > 0.05 })
    #expect(
      Disagreement(problem.moments(baseline: 0).mean.map { -$0 }, expected, relative: 1e-9, absolute: 1e-9).isSmall)
  }

  @Test func aLearnedBaselineTakesVarianceAway() {
    var problem = TinyProblem()
    let before = problem.loss(problem.output(problem.hard, count: 2000, .training(RandomKey(seed: 9))))
    for step in 0..<60 {
      let (_, gradients) = valueAndGradient(of: problem.hard) {
        problem.loss(problem.output($0, count: 200, .training(RandomKey(seed: UInt64(step))))).loss
      }
      problem.hard.forEachParameter { name, tensor, _ in
        // The baseline alone learns: the draws stay what they are.
        if name.hasPrefix("baseline"), let gradient = gradients[name] { tensor = tensor - gradient.dense * 0.2 }
      }
    }
    let learned = problem.output(problem.hard, count: 1, .inference).baselines.scalar
    let expected = zip(problem.probabilities, problem.rewards).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(learned - expected) < 0.2, "the baseline is the expected reward")
    let after = problem.loss(problem.output(problem.hard, count: 2000, .training(RandomKey(seed: 9))))
    let (without, with) = (problem.moments(baseline: 0).variance, problem.moments(baseline: learned).variance)
    print("REINFORCE: variance of the gradient \(without.reduce(0, +)) without a baseline, \(with.reduce(0, +)) with")
    print("second moment in the scores \(after.secondMomentWithoutBaseline) without, \(after.secondMoment) with")
    #expect(with.reduce(0, +) < 0.2 * without.reduce(0, +))
    #expect(after.secondMoment < 0.2 * after.secondMomentWithoutBaseline && after.secondMoment < before.secondMoment)
  }

  @Test func trainingFindsTheBestKey() {
    var problem = TinyProblem()
    func expectedReward() -> Double { zip(problem.probabilities, problem.rewards).reduce(0) { $0 + $1.0 * $1.1 } }
    let before = expectedReward()
    for step in 0..<300 {
      let (_, gradients) = valueAndGradient(of: problem.hard) {
        problem.loss(problem.output($0, count: 50, .training(RandomKey(seed: UInt64(step))))).loss
      }
      problem.hard.forEachParameter { name, tensor, _ in
        if let gradient = gradients[name] { tensor = tensor - gradient.dense * 0.3 }
      }
    }
    #expect(before < 4.6 && expectedReward() > 4.9, "\(before) before, \(expectedReward()) after")
  }

  @Test func everyParameterIsVisited() {
    let hard = TinyProblem().hard
    #expect(tensorCount(in: hard) == hard.parameters.count && hard.parameters.count == 3)
  }

  /// The report is what it says: E‖(R - b)(1_s - a)‖².
  @Test func theReportedSecondMomentIsThatOfTheDraws() {
    let problem = TinyProblem()
    let (a, b) = (
      problem.probabilities, problem.output(problem.hard, count: 1, .inference).baselines.scalar
    )
    func exact(_ b: Double) -> Double {
      (0..<3).reduce(0) { sum, s in
        let norm = (0..<3).reduce(0.0) { $0 + ($1 == s ? (1 - a[s]) * (1 - a[s]) : a[$1] * a[$1]) }
        return sum + a[s] * (problem.rewards[s] - b) * (problem.rewards[s] - b) * norm
      }
    }
    let report = problem.loss(problem.output(problem.hard, count: 50_000, .training(RandomKey(seed: 1))))
    #expect(abs(report.secondMoment / exact(b) - 1) < 0.03)
    #expect(abs(report.secondMomentWithoutBaseline / exact(0) - 1) < 0.03)
  }

  /// E‖g - E g‖² with g = (R - b)(1_s - a), against two draws for each of many queries.
  @Test func theReportedVarianceIsThatOfTheDraws() {
    var problem = TinyProblem()
    // Near the expected reward, where the variance is a small part of the second moment.
    problem.hard.forEachParameter { name, tensor, _ in if name == "baseline.bias" { tensor = tensor + 4 } }
    let (a, b) = (
      problem.probabilities, problem.output(problem.hard, count: 1, .inference).baselines.scalar
    )
    func exact(_ b: Double) -> Double {
      let samples = (0..<3).map { s -> [Double] in
        (0..<3).map { j -> Double in (problem.rewards[s] - b) * ((j == s ? 1 : 0) - a[j]) }
      }
      let mean = (0..<3).map { j in (0..<3).reduce(0.0) { $0 + a[$1] * samples[$1][j] } }
      return (0..<3).reduce(0.0) { sum, s in
        let distances = (0..<3).map { j -> Double in samples[s][j] - mean[j] }
        return sum + a[s] * distances.reduce(0) { $0 + $1 * $1 }
      }
    }
    let draws = (1...2).map { seed -> (output: HardAttentionOutput, reward: Tensor) in
      let output = problem.output(problem.hard, count: 20_000, .training(RandomKey(seed: UInt64(seed))))
      let rewards = output.steps.map { step in step.map { problem.rewards[$0] } ?? 0 }
      return (output: output, reward: Tensor(rewards, shape: [rewards.count, 1]))
    }
    let report = ReinforceVariance(draws)
    #expect(abs(report.variance / exact(b) - 1) < 0.08)
    #expect(abs(report.varianceWithoutBaseline / exact(0) - 1) < 0.08)
    let loss = draws[0].output.reinforceLoss(reward: draws[0].reward)
    #expect(loss.secondMoment > 1.1 * exact(b), "the second moment has the square of the exact gradient in it")
  }

  /// The gradient that is reported is that of the distribution: with a query of 1 the keys are the scores.
  @Test(arguments: [AttentionDistributionKind.softmax, .sparsemax, .entmax])
  func theSecondMomentIsThatOfTheDistribution(_ distribution: AttentionDistributionKind) {
    var configuration = AttentionConfiguration(score: .dot, distribution: distribution, querySize: 1)
    configuration.alpha = 1.7
    let hard = HardAttention(configuration, key: RandomKey(seed: 3)).converted(to: .float64)
    let query = PackedSequence(layout: PackedLayout(lengths: [1]), values: Tensor([1] as [Double], shape: [1, 1]))
    let scores = TensorList([Tensor([0.5, 0.3, 0, -4] as [Double], shape: [4, 1])])
    func draw(_ scores: TensorList) -> HardAttentionOutput {
      let keys = PackedSequence(layout: PackedLayout(lengths: [4]), values: scores.tensors[0])
      return hard(queries: query, keys: keys, values: keys, .inference)
    }
    let (_, gradients) = valueAndGradient(of: scores) { draw($0).logProbabilities.sum() }
    let expected = (gradients["input0"]?.dense.doubles ?? []).reduce(0) { $0 + $1 * $1 }
    let report = draw(scores).reinforceLoss(reward: Tensor([3] as [Double], shape: [1, 1]))
    #expect(expected > 0.01 && abs(report.secondMomentWithoutBaseline / (9 * expected) - 1) < 1e-9)
  }

  @Test func positionsAreDrawnWithTheirProbabilities() {
    let problem = TinyProblem()
    let count = 40_000
    let output = problem.output(problem.hard, count: count, .training(RandomKey(seed: 4)))
    for (position, probability) in problem.probabilities.enumerated() {
      let found = Double(output.steps.count { $0 == position }) / Double(count)
      #expect(abs(found - probability) < 4.5 * (probability * (1 - probability) / Double(count)).squareRoot())
    }
    let likeliest = problem.probabilities.indices.max { problem.probabilities[$0] < problem.probabilities[$1] }
    #expect(problem.output(problem.hard, count: 2, .inference).steps == [likeliest, likeliest])
  }

  private let queries = AttentionBatch.queries
  private let keys = AttentionBatch.keys

  private func unequal(_ phase: Phase) -> (HardAttentionOutput, PackedSequence) {
    let inputs = ArrangementInputs(queries.layout, keys.layout)
    let configuration = AttentionConfiguration(score: .additive, distribution: .entmax, querySize: 5, keySize: 4)
    let hard = HardAttention(configuration, key: RandomKey(seed: 5)).randomized()
    let output = hard(
      queries: inputs.wideQueries, keys: inputs.keys, values: inputs.values, mask: AttentionBatch.mask, phase)
    return (output, inputs.values)
  }

  @Test(arguments: [Phase.inference, .training(RandomKey(seed: 6))])
  func whatIsGivenBelongsToTheChosenKey(_ phase: Phase) {
    let (output, values) = unequal(phase)
    for index in 0..<3 {
      let alignment = output.soft.alignment(of: index)
      let rows = alignment.indices.map { step in
        queries.layout.row(step: step, position: Int(queries.layout.positions[index]))
      }
      for (step, row) in rows.enumerated() {
        let value = output.values.values.gathered([Int32(row)])
        let logProbability = output.logProbabilities.doubles[row]
        let weights = alignment[step].filter { $0 > 0 }
        let entropy = weights.reduce(0) { $0 - $1 * log($1) }
        #expect(abs(output.entropies.doubles[row] - entropy) < 1e-12)
        guard let chosen = output.steps[row] else {
          #expect(index == 1 && value.doubles.allSatisfy { $0 == 0 } && logProbability == 0)
          continue
        }
        #expect(value.isIdentical(to: keys.sequence(index, of: values.values).sliced(chosen..<chosen + 1, axis: 0)))
        #expect(alignment[step][chosen] > 0 && abs(logProbability - log(alignment[step][chosen])) < 1e-12)
      }
    }
  }

  /// The draw is fixed, so that the loss is a function: its derivative by differences, the baseline's part included.
  @Test func theLossHasTheGradientOfItsFormula() {
    let inputs = ArrangementInputs(queries.layout, keys.layout)
    let configuration = AttentionConfiguration(score: .additive, querySize: 5, keySize: 4, hiddenSize: 3)
    let hard = HardAttention(configuration, key: RandomKey(seed: 5)).randomized()
    let reward = Tensor.normal([6, 1], key: RandomKey(seed: 8), .float64)
    func output(_ hard: HardAttention) -> HardAttentionOutput {
      hard(
        queries: inputs.wideQueries, keys: inputs.keys, values: inputs.values, mask: AttentionBatch.mask,
        .training(RandomKey(seed: 6)))
    }
    let fixed = output(hard).baselines
    let (_, gradients) = valueAndGradient(of: hard) {
      output($0).reinforceLoss(reward: reward, entropyWeight: 0.3).loss
    }
    let (_, expected) = valueAndGradient(of: hard) { hard in
      let found = output(hard)
      let policy = (reward - fixed) * found.logProbabilities + found.entropies * 0.3
      return (square(reward - found.baselines) - policy).mean()
    }
    for name in expected.names {
      let disagreement = Disagreement(gradients[name]?.dense ?? .zeros([]), expected[name]?.dense ?? .zeros([]))
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
    let disagreements = gradientDisagreements(of: hard) { hard in
      let found = output(hard)
      return ((reward - fixed) * found.logProbabilities + found.entropies * 0.3).mean() + square(found.baselines).mean()
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test func drawsDoNotDependOnThreads() {
    let problem = TinyProblem()
    let steps = [1, 3].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        problem.output(problem.hard, count: 500, .training(RandomKey(seed: 2))).steps
      }
    }
    #expect(steps[0] == steps[1])
    #expect(steps[0] != problem.output(problem.hard, count: 500, .training(RandomKey(seed: 3))).steps)
  }
}
