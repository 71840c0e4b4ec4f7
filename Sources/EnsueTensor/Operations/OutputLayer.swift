// The last layer of a language model and its loss as one operation. The scores of a large vocabulary are the largest
// tensor of a training step; here they exist for some rows at a time, and their derivative takes their place.

/// The mean cross-entropy of softmax(x Wᵀ + b) against target classes:
/// -1/N Σₙ [(1 - ε) log p(targetₙ) + ε/C Σ_c log p(c)] over the N rows that are scored.
///
/// The gradients of x, W and b are made with the loss, from each block of scores while it is there.
///
/// - Parameters:
///   - x: [rows, features]
///   - weight: [classes, features]
///   - bias: [classes]
///   - targets: the class of each row; a negative one is not scored.
///   - labelSmoothing: ε in 0 ..< 1 (Szegedy et al. 2016).
/// - Returns: a tensor of shape []; 0 where no row is scored.
public func outputCrossEntropy(
  _ x: Tensor, weight: Tensor, bias: Tensor?, targets: [Int], labelSmoothing: Double = 0
) -> Tensor {
  // 64 MiB of scores in 32 bits, and rows enough for products at full speed.
  let blockRows = max(64, (1 << 24) / max(1, weight.shape[0]))
  return outputCrossEntropy(
    x, weight: weight, bias: bias, targets: targets, labelSmoothing: labelSmoothing, blockRows: blockRows)
}

/// - Parameter blockRows: rows whose scores exist at a time.
package func outputCrossEntropy(
  _ x: Tensor, weight: Tensor, bias: Tensor?, targets: [Int], labelSmoothing: Double, blockRows: Int
) -> Tensor {
  let layer = OutputLayer(x, weight, bias, targets, labelSmoothing, blockRows)
  let needs = (x: x.isTracked, weight: weight.isTracked, bias: bias?.isTracked ?? false)
  let (loss, gradients) = layer.computed(needs)
  return loss.recorded("outputCrossEntropy", [x, weight] + (bias.map { [$0] } ?? [])) { gradient in
    gradients.map { $0.map { .dense($0.times(gradient.scalar)) } }
  }
}

/// An output layer over a batch.
private struct OutputLayer {
  let x: Tensor
  let weight: Tensor
  let bias: Tensor?
  let targets: [Int32]
  let labelSmoothing: Double
  let blockRows: Int

  init(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ targets: [Int], _ labelSmoothing: Double, _ blockRows: Int
  ) {
    let classes = weight.shape[0]
    precondition(
      x.shape.rank == 2 && weight.shape.rank == 2 && x.shape[1] == weight.shape[1] && targets.count == x.shape[0]
        && bias.map { $0.shape == [classes] } ?? true,
      "outputCrossEntropy: \(targets.count) targets, x \(x.shape), weight \(weight.shape), bias \(bias?.shape ?? [])")
    precondition(targets.allSatisfy { $0 < classes }, "outputCrossEntropy: a target lies outside 0..<\(classes)")
    (self.x, self.weight, self.bias) = (x.detached, weight.detached, bias?.detached)
    (self.targets, self.labelSmoothing, self.blockRows) = (targets.map { Int32($0) }, labelSmoothing, blockRows)
  }

  /// The loss, and the gradients of x, weight and bias that are wanted.
  func computed(_ needs: (x: Bool, weight: Bool, bias: Bool)) -> (Tensor, [Tensor?]) {
    let (rows, type) = (x.shape[0], x.elementType)
    let scored = targets.count { $0 >= 0 }
    let forward = PackedMatrix(weight, transposed: true)
    let backward = needs.x ? PackedMatrix(weight, transposed: false) : nil
    var sum = 0.0
    var (inputs, weights, shifts): ([Tensor], Tensor?, Tensor?) = ([], nil, nil)
    for start in stride(from: 0, to: rows, by: blockRows) {
      let range = start..<min(rows, start + blockRows)
      let block = range == 0..<rows ? x : x.sliced(range, axis: 0)
      let scores = Tensor(uninitialized: [range.count, forward.columns], type)
      forward.multiply(block, bias: bias, into: scores)
      sum += rowLosses(
        scores, Array(targets[range]), labelSmoothing, scale: 1 / Double(max(1, scored)), gradient: scores
      ).reduce(0, +)
      if let backward {
        let gradient = Tensor(uninitialized: block.shape, type)
        backward.multiply(scores, into: gradient)
        inputs.append(gradient)
      }
      if needs.weight { OutputLayer.add(MatrixProduct(scores, block, true, false).computed(), to: &weights) }
      if needs.bias { OutputLayer.add(scores.sumValues(axis: 0), to: &shifts) }
    }
    let loss = Tensor([sum / Double(max(1, scored))], shape: []).converted(to: type)
    let input = needs.x ? (inputs.count == 1 ? inputs[0] : concatenated(inputs, axis: 0)) : nil
    return (loss, [input, weights] + (bias == nil ? [] : [shifts]))
  }

  private static func add(_ part: Tensor, to sum: inout Tensor?) {
    if sum == nil { sum = part } else { sum?.accumulate(part) }
  }
}
