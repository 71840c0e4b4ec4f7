// What an attentive decoder draws in training.

import EnsueTensor

/// The random numbers of a run: within the cells, and of what a layer reads of the one below.
struct AttentiveDraws: Sendable {
  var cells: [RecurrentDraws]
  /// For each layer but the first [rows, H]; nil where nothing is dropped.
  var masks: [Tensor?]

  /// - Parameter dropsWholeSequences: whether a sequence has one mask, the same at every step.
  init(
    _ cells: [RecurrentCell], dropout: Double, dropsWholeSequences: Bool = false, _ layout: PackedLayout,
    _ phase: Phase, _ type: ElementType
  ) {
    self.cells = cells.enumerated().map { $1.draws(layout, phase.derived("layer").derived($0), type) }
    masks = cells.enumerated().dropFirst().map { layer, cell in
      guard dropout > 0, case .training = phase else { return nil }
      let ones = PackedSequence(layout: layout, values: .ones([layout.rowCount, cell.hiddenSize], type))
      return SequenceDropout(rate: dropout, dropsWholeSequences: dropsWholeSequences)(ones, phase.derived(layer)).values
    }
  }

  /// Of one step: the packed row of each sequence, and its position longest first.
  func step(rows: [Int32], positions: [Int32]) -> AttentiveDraws {
    var copy = self
    for index in cells.indices {
      copy.cells[index].masks = cells[index].masks.map { $0.gathered(positions) }
      copy.cells[index].noises = cells[index].noises.map { $0.gathered(rows) }
    }
    copy.masks = masks.map { $0?.gathered(rows) }
    return copy
  }
}
