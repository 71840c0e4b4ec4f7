// The tensors a layout keeps for one cell: their names and shapes, and how the stacked gates lie in them.

import EnsueTensor

/// One of the tensors of a cell.
struct RecurrentWeightSlot {
  /// Within the cell: `weight_ih`, `kernel`.
  let name: String
  let sizes: [Int]
}

extension RecurrentWeightLayoutKind {
  /// The tensors of a cell, in the order in which `arranged` gives and `stacked` takes them.
  func slots(_ form: RecurrentWeightForm, input: Int, hidden: Int, hasBias: Bool) -> [RecurrentWeightSlot] {
    let width = form.gates.count * hidden
    switch self {
    case .pytorch:
      let weights = [
        RecurrentWeightSlot(name: "weight_ih", sizes: [width, input]),
        RecurrentWeightSlot(name: "weight_hh", sizes: [width, hidden]),
      ]
      return weights + (hasBias ? ["bias_ih", "bias_hh"] : []).map { RecurrentWeightSlot(name: $0, sizes: [width]) }
    case .keras:
      let weights = [
        RecurrentWeightSlot(name: "kernel", sizes: [input, width]),
        RecurrentWeightSlot(name: "recurrent_kernel", sizes: [hidden, width]),
      ]
      let bias = RecurrentWeightSlot(name: "bias", sizes: form.biasCount == 1 ? [width] : [form.biasCount, width])
      return weights + (hasBias ? [bias] : [])
    case .tensorflow:
      return [
        RecurrentWeightSlot(name: "kernel", sizes: [input + hidden, width]),
        RecurrentWeightSlot(name: "bias", sizes: [width]),
      ]
    }
  }

  /// The tensors of a cell from its stacked weights.
  func arranged(_ weights: StackedWeights, hasBias: Bool) -> [Tensor] {
    let biases = hasBias ? weights.biases : []
    switch self {
    case .pytorch: return [weights.input, weights.state] + biases
    case .keras:
      let joined = biases.count > 1 ? [concatenated(biases.map { $0.reshaped([1, $0.count]) }, axis: 0)] : biases
      return [weights.input.transposed(), weights.state.transposed()] + joined
    case .tensorflow: return [concatenated([weights.input.transposed(), weights.state.transposed()], axis: 0)] + biases
    }
  }

  /// The stacked weights from the tensors of a cell, which have the shapes of `slots`.
  func stacked(_ tensors: [Tensor], input: Int) -> StackedWeights {
    switch self {
    case .pytorch: return StackedWeights(input: tensors[0], state: tensors[1], biases: Array(tensors[2...]))
    case .keras:
      let biases = tensors[2...].flatMap { bias in
        let width = bias.shape[-1]
        return (0..<bias.count / width).map { row in
          bias.reshaped([bias.count]).sliced(row * width..<(row + 1) * width)
        }
      }
      return StackedWeights(input: tensors[0].transposed(), state: tensors[1].transposed(), biases: biases)
    case .tensorflow:
      let joined = tensors[0].transposed()
      return StackedWeights(
        input: joined.sliced(0..<input), state: joined.sliced(input..<joined.shape[1]), biases: [tensors[1]])
    }
  }
}
