// Pieces as a model of piano rolls takes them.

import EnsueData
import EnsueTensor

/// Several pieces, packed: every step but the last of each, and the notes of the step after it.
struct RollBatch: Sendable {
  /// [rows, 88]
  let notes: PackedSequence
  /// [rows, 88]
  let targets: Tensor

  /// - Precondition: there is a piece.
  init(_ pieces: [PianoRoll]) {
    let batch = SequenceBatch(pieces.map(\.nextStepExample))
    let shape: Shape = [batch.layout.rowCount, PianoKeys.count]
    notes = PackedSequence(layout: batch.layout, values: Tensor(batch.inputs, shape: shape))
    guard case .multiHot(let values) = batch.targets else { preconditionFailure("a piece's steps are sets of notes") }
    targets = Tensor(values, shape: shape)
  }

  /// The steps that are predicted.
  var stepCount: Int { notes.layout.rowCount }
}
