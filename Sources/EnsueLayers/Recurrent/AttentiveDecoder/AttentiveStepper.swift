// An attentive decoder that takes one step after another, as one does that reads what it has just written.

import EnsueTensor

/// Hypotheses between two steps. A value; each hypothesis has a source, which several may share: keys are prepared once,
/// and choosing hypotheses copies none where the steps are fused.
public struct AttentiveStepper: Sendable {
  private var base: any AttentiveStepping
  private var last: StepWeights?

  init(_ base: any AttentiveStepping) { self.base = base }

  /// The number of hypotheses.
  public var batchSize: Int { base.batchSize }

  /// Takes a step.
  /// - Parameter x: [batch, inputSize], a row for each hypothesis.
  /// - Returns: [batch, outputSize]
  public mutating func step(_ x: Tensor) -> Tensor { stepWithContexts(x).output }

  /// The same with c_t, [batch, key width].
  public mutating func stepWithContexts(_ x: Tensor) -> (output: Tensor, contexts: Tensor) {
    precondition(x.shape.rank == 2 && x.shape[0] == batchSize, "a step of \(batchSize) hypotheses: found \(x.shape)")
    let result = base.take(x)
    last = result.weights
    return (result.output, result.contexts)
  }

  /// The hypotheses of these numbers, in this order; one may be there several times.
  public func selecting(_ hypotheses: [Int]) -> AttentiveStepper {
    precondition(
      !hypotheses.isEmpty && hypotheses.allSatisfy((0..<batchSize).contains), "\(hypotheses) of \(batchSize)")
    var copy = self
    copy.base = base.selecting(hypotheses)
    copy.last?.select(hypotheses)
    return copy
  }

  /// Of the last step: for each hypothesis the weight of each source step; empty before the first.
  public var weights: [[Float]] { last?.ofHypotheses ?? [] }
}

/// The steps of a decoder in one of its ways.
protocol AttentiveStepping: Sendable {
  var batchSize: Int { get }
  mutating func take(_ x: Tensor) -> SteppedResult
  func selecting(_ hypotheses: [Int]) -> any AttentiveStepping
}

/// What a step gives.
struct SteppedResult {
  let output: Tensor
  let contexts: Tensor
  let weights: StepWeights
}

/// The weights of a step.
struct StepWeights: Sendable {
  /// [pairs, 1]
  let values: Tensor
  /// The pairs of each hypothesis.
  var pairs: [Range<Int>]

  mutating func select(_ hypotheses: [Int]) { pairs = hypotheses.map { pairs[$0] } }

  var ofHypotheses: [[Float]] {
    let all = values.floats
    return pairs.map { Array(all[$0]) }
  }
}

/// Steps by operations that exist for other purposes too.
struct ComposedStepping: AttentiveStepping {
  private var step: ComposedStep
  private let draws: AttentiveDraws

  init(_ step: ComposedStep, _ draws: AttentiveDraws) { (self.step, self.draws) = (step, draws) }

  var batchSize: Int { step.reading.sources.count }

  mutating func take(_ x: Tensor) -> SteppedResult {
    let result = step.take(x, draws)
    let pairs = step.reading.rows.map { step.reading.layout.pairs(ofQueryRow: Int($0)) }
    return SteppedResult(
      output: result.output, contexts: result.contexts, weights: StepWeights(values: result.weights, pairs: pairs))
  }

  func selecting(_ hypotheses: [Int]) -> any AttentiveStepping {
    ComposedStepping(step.selecting(hypotheses), draws)
  }
}
