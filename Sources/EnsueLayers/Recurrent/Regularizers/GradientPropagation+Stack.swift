// The regulariser of gradients for whole stacks: zeros that are added to each cell's output take the loss's gradient
// there, however the layers are connected.

import EnsueFiles
import EnsueTensor

extension RecurrentRegularization {
  /// Refuses masks and noise beside the regulariser of gradients: the step that it differentiates has none.
  /// - Parameter weight: of `RecurrentEncoding.gradientPropagation`.
  /// - Throws: `Failure` of kind `configuration`.
  package func check(gradientPropagation weight: Double) throws(Failure) {
    guard weight == 0 || drawsNothing else {
      throw Failure(
        .configuration, at: "model.gradientPropagation",
        "a recurrence without randomness expected, found recurrent dropout \(dropout) and zoneout \(zoneout)"
          + (memoryZoneout.map { ", of memory cells \($0)" } ?? ""),
        advice: "Leave out --gradient-propagation, or --recurrent-dropout and --zoneout.")
    }
  }
}

/// What is kept of a layer whose outputs' gradients will be asked for.
struct LayerProbe: Sendable {
  /// What the layer read.
  let input: PackedSequence
  /// [rows, H] of each direction: the gradient of these zeros is that of the output they were added to, without what
  /// goes through later steps of the same cell.
  let zeros: [Tensor]

  init(input: PackedSequence, zerosLike outputs: [Tensor]) {
    self.input = input
    zeros = outputs.map { Tensor.zeros($0.shape, $0.elementType).asLeaf }
  }
}

extension RecurrentEncoding {
  /// Ω of all layers and directions (`GradientPropagation`; Pascanu et al. 2013), added up: a tensor of shape [].
  ///
  /// It costs a backward pass of the loss, each cell's steps once more one by one, and the derivatives of a step.
  /// - Parameters:
  ///   - loss: E, made of this encoding.
  ///   - stack: whose encoding this is.
  /// - Precondition: the stack was called with `isProbed`, and its cells draw no masks and no noise.
  public func gradientPropagation(of loss: Tensor, _ stack: RecurrentStack) -> Tensor {
    precondition(probes.count == stack.layers.count, "gradientPropagation: the stack's encoding was not probed")
    let direct = loss.gradients(of: probes.flatMap(\.zeros))
    var sum: Tensor?
    for (index, layer) in stack.layers.enumerated() {
      let (probe, cells) = (probes[index], [layer.forward] + (layer.reverse.map { [$0] } ?? []))
      for (direction, cell) in cells.enumerated() {
        let run = runs[index][direction]
        let outer = direct[index * cells.count + direction]?.dense ?? probe.zeros[direction].detached
        let gradients = StateGradients(
          direct: outer, through: run, of: cell, input: probe.input, from: run.initialState)
        let propagation = GradientPropagation(gradients, run, input: probe.input, from: run.initialState)
        let penalty = propagation.penalty(cell)
        sum = sum.map { $0 + penalty } ?? penalty
      }
    }
    guard let sum else { preconditionFailure("a stack has at least one layer") }
    return sum
  }
}
