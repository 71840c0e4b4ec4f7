// How large the gradient of a loss at the end is at each distance before it.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// log₁₀ ‖∂L/∂s_{T−d}‖ / ‖∂L/∂s_T‖ for d = 0, 1, …, T − 1, averaged over sequences; s joins all states of the cell (of
/// an LSTM h and c). L is the loss after the last step.
public struct GradientProfile: Sendable, Equatable {
  /// By distance; NaN where the gradient of every sequence was zero.
  public let logarithms: [Double]

  /// Of a model of one layer that answers after the last step, in double precision.
  init(of model: SequenceModel, on task: any SequenceTask, sequenceCount: Int) {
    let batch = task.batch(Array(0..<sequenceCount), of: .validation)
    let model = model.converted(to: .float64)
    let cell = model.encoder.layers[0].forward
    let input = batch.sequence.replacingValues(batch.sequence.values.converted(to: .float64))
    let state = cell.initialState(batchSize: batch.layout.batchSize, .float64)
    let run = cell(input, from: state)
    let gradients = StateGradients(
      of: { GradientProfile.squaredError(model.output($0.last()), batch) }, through: run, of: cell, input: input,
      from: state)
    logarithms = GradientProfile.logarithms(gradients.states, batch.layout)
  }

  private static func squaredError(_ answers: Tensor, _ batch: SequenceBatch) -> Tensor {
    guard case .numbers(let numbers) = batch.targets else { preconditionFailure("a task with a number at the end") }
    return meanSquaredError(answers, Tensor(numbers.map(Double.init), shape: [numbers.count, 1]))
  }

  private static func logarithms(_ states: [PackedSequence], _ layout: PackedLayout) -> [Double] {
    let (values, width) = (states.map { $0.values.doubles }, states[0].featureCount)
    func norm(_ step: Int, _ position: Int) -> Double {
      let row = layout.row(step: step, position: position)
      let squares = values.reduce(0.0) { sum, part in
        part[row * width..<(row + 1) * width].reduce(sum) { $0 + $1 * $1 }
      }
      return squares.squareRoot()
    }
    var sums = [Double](repeating: 0, count: layout.stepCount)
    var counts = [Int](repeating: 0, count: layout.stepCount)
    for (position, length) in layout.lengths.enumerated() {
      let last = norm(length - 1, position)
      for distance in 0..<length {
        let ratio = norm(length - 1 - distance, position) / last
        guard ratio > 0, ratio.isFinite else { continue }
        sums[distance] += log10(ratio)
        counts[distance] += 1
      }
    }
    return zip(sums, counts).map { $1 == 0 ? .nan : $0 / Double($1) }
  }

  /// By how much the norm changes at a step on the way back: 10 to the slope of the line of least squares.
  public var factorPerStep: Double {
    let points = logarithms.enumerated().filter { $0.element.isFinite }.map { (x: Double($0.offset), y: $0.element) }
    let (meanX, meanY) = (
      points.reduce(0) { $0 + $1.x } / Double(points.count), points.reduce(0) { $0 + $1.y } / Double(points.count)
    )
    let covariance = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    let variance = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    return exp10(covariance / variance)
  }

  private func exp10(_ exponent: Double) -> Double { exp(exponent * log(10)) }
}
