// What a cell's program is run on.

/// The numbers a recurrent layer reads, in the order of its program's parameters.
package struct RecurrenceInputs: Sendable {
  /// [rows, input]
  package var x: Tensor
  /// [H, input] or [H, H]
  package var matrices: [Tensor]
  /// [H]
  package var vectors: [Tensor]
  /// Each state before the first step: [batch, H], longest sequence first.
  package var initial: [Tensor]
  /// [batch, H], longest first.
  package var masks: [Tensor] = []
  /// [rows, H]
  package var noises: [Tensor] = []
  /// The states that are given at every step, in place of those of the step before: [rows, H].
  package var forced: [Tensor] = []

  package init(x: Tensor, matrices: [Tensor], vectors: [Tensor], initial: [Tensor]) {
    (self.x, self.matrices, self.vectors, self.initial) = (x, matrices, vectors, initial)
  }

  /// Those through which gradients flow.
  var differentiable: [Tensor] { [x] + matrices + vectors + initial }

  var detached: RecurrenceInputs {
    var copy = self
    copy.x = x.detached
    copy.matrices = matrices.map(\.detached)
    copy.vectors = vectors.map(\.detached)
    copy.initial = initial.map(\.detached)
    copy.masks = masks.map(\.detached)
    copy.noises = noises.map(\.detached)
    copy.forced = forced.map(\.detached)
    return copy
  }

  func check(against program: CellProgram, _ layout: PackedLayout) {
    let (rows, batch, hidden) = (layout.rowCount, layout.batchSize, program.hiddenSize)
    let others = masks + noises + forced
    precondition(
      x.shape == [rows, program.inputSize] && matrices.map(\.shape) == program.matrixShapes
        && vectors.count == program.vectorCount && vectors.allSatisfy { $0.shape == [hidden] }
        && initial.count == program.stateCount && initial.allSatisfy { $0.shape == [batch, hidden] }
        && masks.count == program.maskCount && masks.allSatisfy { $0.shape == [batch, hidden] }
        && noises.count == program.noiseCount && noises.allSatisfy { $0.shape == [rows, hidden] }
        && forced.count == program.forcedStates.count && forced.allSatisfy { $0.shape == [rows, hidden] }
        && (differentiable + others).allSatisfy { $0.elementType == x.elementType },
      """
      recurrence: an input of shape \(x.shape), matrices \(matrices.map(\.shape)), vectors \(vectors.map(\.shape)) and \
      states \(initial.map(\.shape)) do not fit a cell of \(program.inputSize) → \(hidden) over \(rows) rows of \
      \(batch) sequences
      """)
  }
}
