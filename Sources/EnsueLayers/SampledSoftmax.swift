// Training an output layer of many classes on a few of them (Bengio and Senécal, Adaptive importance sampling to
// accelerate training of a neural probabilistic language model, 2008; Jean et al., On using very large target vocabulary
// for neural machine translation, 2015).

import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The cross-entropy over the targets of a batch and some classes drawn by their frequency.
///
/// Candidates are the classes among n draws from the frequencies q, the batch's targets counted as draws. Class j is one
/// with probability π_j = 1 − (1 − q_j)^n, so that Σ_j e^{s_j}/π_j over the candidates has the expectation of the whole
/// sum: the loss is the cross-entropy of s_j − log π_j. With ever more draws it becomes that of all classes.
///
/// For training only: what a model is judged by needs all classes.
public struct SampledSoftmax: Sendable {
  /// Draws of a batch beside its targets; classes drawn twice count once.
  public let drawCount: Int
  /// q of each class.
  private let frequencies: [Double]
  /// Σ q up to and with each class.
  private let cumulative: [Double]

  /// - Parameters:
  ///   - counts: how often each class is a target in the training data; one is added to each.
  ///   - drawCount: at least 1.
  public init(counts: [Int], drawCount: Int) {
    precondition(drawCount > 0 && !counts.isEmpty, "\(drawCount) draws of \(counts.count) classes")
    let total = Double(counts.reduce(0, +) + counts.count)
    frequencies = counts.map { Double($0 + 1) / total }
    var sum = 0.0
    cumulative = frequencies.map { frequency in
      sum += frequency
      return sum
    }
    self.drawCount = drawCount
  }

  /// The loss as `outputCrossEntropy` has it, of the candidates alone.
  /// - Parameters:
  ///   - targets: the class of each row; a negative one is not scored.
  ///   - key: decides the draws.
  public func crossEntropy(
    _ x: Tensor, weight: Tensor, bias: Tensor?, targets: [Int], labelSmoothing: Double = 0, key: RandomKey
  ) -> Tensor {
    precondition(weight.shape[0] == frequencies.count, "sampled softmax: \(weight.shape[0]) classes were not counted")
    let candidates = candidates(targets: targets, key: key)
    var shift = Tensor(candidates.shifts, shape: [candidates.classes.count]).converted(to: x.elementType)
    if let bias {
      let column = bias.reshaped([bias.count, 1]).gathered(candidates.classes)
      shift = column.reshaped([candidates.classes.count]) + shift
    }
    return outputCrossEntropy(
      x, weight: weight.gathered(candidates.classes), bias: shift, targets: candidates.targets,
      labelSmoothing: labelSmoothing)
  }

  /// The classes of a batch in rising order, the targets as their numbers, and −log π of each.
  package func candidates(targets: [Int], key: RandomKey) -> (classes: [Int32], targets: [Int], shifts: [Double]) {
    var places = [Int32](repeating: -1, count: frequencies.count)
    var draws = drawCount
    for target in targets where target >= 0 {
      places[target] = 0
      draws += 1
    }
    for draw in 0..<drawCount { places[drawn(key.bits(at: draw))] = 0 }
    var classes: [Int32] = []
    for (number, place) in places.enumerated() where place == 0 {
      places[number] = Int32(classes.count)
      classes.append(Int32(number))
    }
    let shifts = classes.map { SampledSoftmax.shift(frequency: frequencies[Int($0)], draws: draws) }
    return (classes, targets.map { $0 < 0 ? $0 : Int(places[$0]) }, shifts)
  }

  /// −log(1 − (1 − q)^n), exact for small q.
  private static func shift(frequency: Double, draws: Int) -> Double {
    guard frequency < 1 else { return 0 }
    return -log(-expm1(Double(draws) * log1p(-frequency)))
  }

  /// The class in whose share of 0 ..< 1 the bits lie.
  private func drawn(_ bits: UInt64) -> Int {
    let place = Double(bits >> 11) / 0x1p53 * cumulative[cumulative.count - 1]
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > place { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// The loss of an output layer: over all classes, or in training over those that `sampling` draws.
public func outputLoss(
  _ x: Tensor, weight: Tensor, bias: Tensor?, targets: [Int], labelSmoothing: Double, _ sampling: SampledSoftmax?,
  _ phase: Phase
) -> Tensor {
  guard let sampling, case .training(let key) = phase else {
    return outputCrossEntropy(x, weight: weight, bias: bias, targets: targets, labelSmoothing: labelSmoothing)
  }
  return sampling.crossEntropy(
    x, weight: weight, bias: bias, targets: targets, labelSmoothing: labelSmoothing, key: key.derived("sampling"))
}
