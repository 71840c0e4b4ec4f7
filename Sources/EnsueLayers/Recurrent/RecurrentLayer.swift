// One layer of a stack: a cell for each direction it is read in.

import EnsueTensor

/// A recurrent layer in one or both directions.
public struct RecurrentLayer: Module {
  public var forward: RecurrentCell
  public var reverse: RecurrentCell?

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("forward", &forward)
    if var cell = reverse {
      visitor.module("reverse", &cell)
      reverse = cell
    }
  }

  public var outputSize: Int { forward.hiddenSize + (reverse?.hiddenSize ?? 0) }

  /// The same layer with its weights laid out for many runs.
  func prepared() -> RecurrentLayer { RecurrentLayer(forward: forward.prepared(), reverse: reverse?.prepared()) }

  /// The runs of each direction, together.
  /// - Parameter states: for each direction; nil for the cells' own initial states.
  func runs(_ input: PackedSequence, from states: [RecurrentState]?, _ phase: Phase) -> [RecurrentRun] {
    let (batch, type) = (input.layout.batchSize, input.values.elementType)
    let cells = [(forward, Direction.forward)] + (reverse.map { [($0, .reverse)] } ?? [])
    return RecurrentCell.runs(
      cells.enumerated().map { index, cell in
        RecurrentCellCall(
          cell: cell.0, input: input, state: states?[index] ?? cell.0.initialState(batchSize: batch, type),
          direction: cell.1, phase: phase.derived(cell.1.rawValue))
      })
  }
}
