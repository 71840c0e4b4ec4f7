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

  /// Whether a gradient would flow back through any of them.
  var isTracked: Bool {
    x.isTracked || matrices.contains(where: \.isTracked) || vectors.contains(where: \.isTracked)
      || initial.contains(where: \.isTracked)
  }

  /// `differentiable` where a gradient would flow, else nothing: a single sentence should not pay for lists.
  var trackedDifferentiable: [Tensor] { isTracked ? differentiable : [] }

  var detached: RecurrenceInputs {
    guard isTracked || forced.contains(where: \.isTracked) else { return self }
    var copy = self
    copy.x = x.detached
    copy.matrices = matrices.map(\.detached)
    copy.vectors = vectors.map(\.detached)
    copy.initial = initial.map(\.detached)
    copy.forced = forced.map(\.detached)
    return copy
  }

  func check(against program: CellProgram, _ layout: PackedLayout) {
    check(against: program, layout, x: [layout.rowCount, program.inputSize])
  }

  /// - Parameter shape: that of x.
  func check(against program: CellProgram, _ layout: PackedLayout, x shape: Shape) {
    let (rows, batch, hidden) = (layout.rowCount, layout.batchSize, program.hiddenSize)
    let type = x.elementType
    func are(_ tensors: [Tensor], _ count: Int, _ shape: Shape) -> Bool {
      tensors.count == count && tensors.allSatisfy { $0.shape == shape && $0.elementType == type }
    }
    let matricesFit = zip(matrices, program.matrixShapes).allSatisfy { $0.shape == $1 && $0.elementType == type }
    precondition(
      x.shape == shape && matrices.count == program.matrixShapes.count && matricesFit
        && are(vectors, program.vectorCount, [hidden]) && are(initial, program.stateCount, [batch, hidden])
        && are(masks, program.maskCount, [batch, hidden]) && are(noises, program.noiseCount, [rows, hidden])
        && are(forced, program.forcedStates.count, [rows, hidden]),
      """
      recurrence: an input of shape \(x.shape), matrices \(matrices.map(\.shape)), vectors \(vectors.map(\.shape)) and \
      states \(initial.map(\.shape)) do not fit a cell of \(program.inputSize) → \(hidden) over \(rows) rows of \
      \(batch) sequences
      """)
  }
}
