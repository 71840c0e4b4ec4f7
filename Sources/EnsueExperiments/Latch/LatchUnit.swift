// The single unit of Bengio, Simard and Frasconi (1994, section II.B): x_t = tanh(w x_{t−1} + h_t).

import EnsueData
import EnsueLayers
import EnsueTensor

/// One tanh unit with a weight w on itself. While the class k is shown its input is a learned number h_t^k, one for each
/// class and step; afterwards the noise, with weight 1. Its state after the last step is the answer.
struct LatchUnit: SequencePredictor {
  /// h' = tanh(x + w h): the input is used as it is.
  private var cell: RecurrentCell
  /// [1, 2 L]: the learned inputs.
  private var cue: Tensor

  /// - Parameter weight: w at first; above 1 the unit has two stable states.
  init(cueLength: Int, weight: Double, key: RandomKey) throws {
    let formula = try CellFormula(text: "state h\nh' = tanh(x + U_w h)\noutput h'", name: "latch unit")
    cell = RecurrentCell(formula, RecurrentCellConfiguration(inputSize: 1, hiddenSize: 1), key: key)
    cell.forEachParameter { _, tensor, _ in tensor = Tensor(repeating: weight, shape: tensor.shape) }
    cue = .uniform([1, 2 * cueLength], in: -0.1...0.1, key: key.derived("cue"))
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("cell", &cell)
    visitor.parameter("cue", &cue)
  }

  func answers(to batch: SequenceBatch, _ phase: Phase) -> Tensor {
    let input = batch.sequence
    let (noise, shown) = (input.values.sliced(0..<1), input.values.sliced(1..<input.featureCount))
    let driven = input.replacingValues(noise + matmul(shown, cue, transposingRight: true))
    let initial = cell.initialState(batchSize: batch.layout.batchSize, input.values.elementType)
    return cell(driven, from: initial, phase).output.last()
  }
}
