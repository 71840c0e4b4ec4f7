// Several examples as a model takes them: time-major, longest first, no padding. Making tensors of it is left to the
// trainer.

import EnsueTensor

/// Examples of one task, packed.
public struct SequenceBatch: Sendable {
  /// The answers of a batch in the order in which a model gives them.
  public enum Targets: Sendable, Equatable {
    /// One number for each sequence, longest first, as `PackedSequence.last()` is.
    case numbers([Float])
    /// One class for each sequence, longest first.
    case classes([Int32])
    /// One symbol for each packed row.
    case symbols([Int32])
    /// [rows, outputSize]
    case multiHot([Float])
  }

  public let layout: PackedLayout
  public let inputSize: Int
  /// [rows, inputSize], packed.
  public let inputs: [Float]
  public let targets: Targets
  /// The packed rows whose answers are judged, ascending; see `SequenceExample.judged`.
  public let judgedRows: [Int32]

  /// - Precondition: there is an example, and all have the same input size and kind of target.
  public init(_ examples: [SequenceExample]) {
    precondition(!examples.isEmpty, "SequenceBatch: no examples")
    let (size, kind) = (examples[0].inputSize, examples[0].target.kind)
    precondition(
      examples.allSatisfy { $0.inputSize == size && $0.target.kind == kind },
      "SequenceBatch: examples of different tasks")
    let layout = PackedLayout(lengths: examples.map(\.length))
    let sorted = layout.order.map { examples[$0] }
    var inputs: [Float] = []
    inputs.reserveCapacity(layout.rowCount * size)
    var judged: [Int32] = []
    SequenceBatch.forRows(of: layout) { row, step, position in
      inputs += sorted[position].input(at: step)
      if sorted[position].judged.contains(step) { judged.append(Int32(row)) }
    }
    (self.layout, self.inputSize, self.inputs, judgedRows) = (layout, size, inputs, judged)
    targets = SequenceBatch.packed(sorted, kind, layout)
  }

  /// The lengths, longest first.
  public var lengths: [Int] { layout.lengths }
  /// For each sequence, longest first, its place in the caller's order.
  public var order: [Int] { layout.order }

  private static func forRows(of layout: PackedLayout, _ body: (Int, Int, Int) -> Void) {
    for step in 0..<layout.stepCount {
      for position in 0..<layout.aliveCount(at: step) {
        body(layout.row(step: step, position: position), step, position)
      }
    }
  }

  private static func packed(_ sorted: [SequenceExample], _ kind: SequenceTargetKind, _ layout: PackedLayout)
    -> Targets
  {
    switch kind {
    case .numberAtEnd:
      return .numbers(sorted.compactMap { if case .number(let number) = $0.target { number } else { nil } })
    case .classAtEnd:
      return .classes(sorted.compactMap { if case .classIndex(let index) = $0.target { index } else { nil } })
    case .symbolAtEveryStep:
      let symbols = sorted.map { if case .symbols(let symbols) = $0.target { symbols } else { [Int32]() } }
      var rows: [Int32] = []
      rows.reserveCapacity(layout.rowCount)
      forRows(of: layout) { rows.append(symbols[$2][$1]) }
      return .symbols(rows)
    case .multiHotAtEveryStep:
      let values = sorted.map { if case .multiHot(let values) = $0.target { values } else { [Float]() } }
      let width = values[0].count / sorted[0].length
      var rows: [Float] = []
      rows.reserveCapacity(layout.rowCount * width)
      forRows(of: layout) { rows += values[$2][($1 * width)..<(($1 + 1) * width)] }
      return .multiHot(rows)
    }
  }
}
