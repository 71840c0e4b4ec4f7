// A decoder that remembers what it wrote last and nothing else (Jordan, Serial order: a parallel distributed processing
// approach, 1986): the source is its plan, the same at every step, and its output is fed back. What is fed back under
// teacher forcing is the vector of the true symbol, so that no step waits for another.

import EnsueLayers
import EnsueTensor

/// o_t = cell(c, e(y_{t-1})), c = tanh(V s + b), s the encoder's outputs at the ends of both directions; the cell's one
/// state is its output.
public struct FedTargetDecoder: Module {
  public var cell: RecurrentCell
  /// V and b, [hidden, encoder width]
  public private(set) var summary: Projection

  init(_ cell: RecurrentCell, summary: Projection) { (self.cell, self.summary) = (cell, summary) }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("cell", &cell)
    visitor.module("summary", &summary)
  }

  func prepared() -> FedTargetDecoder { FedTargetDecoder(cell.prepared(), summary: summary.prepared()) }

  /// c of each sequence: [batch, hidden]
  /// - Parameter ends: s, [batch, encoder width].
  func context(_ ends: Tensor) -> Tensor { tanh(summary(ends)) }

  /// All steps at once, or one of each sequence: a row is a sequence of one step, that begins at what is fed back.
  /// - Parameters:
  ///   - vectors: e(y_{t-1}), [rows, hidden].
  ///   - contexts: c of every row.
  func callAsFunction(_ vectors: Tensor, contexts: Tensor, _ phase: Phase = .inference) -> DecoderReading {
    let rows = PackedLayout(lengths: [Int](repeating: 1, count: vectors.shape[0]))
    let run = cell(PackedSequence(layout: rows, values: contexts), from: RecurrentState([vectors]), phase)
    return DecoderReading(state: run.output.values, context: contexts)
  }
}
