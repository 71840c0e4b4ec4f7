// A recurrent decoder that is told of the source once: by its first states (Sutskever, Vinyals and Le, Sequence to
// sequence learning with neural networks, 2014), or also by one vector at every step (Cho et al., Learning phrase
// representations using RNN encoder–decoder for statistical machine translation, 2014).

import EnsueLayers
import EnsueTensor

/// h_t = cell(x_t, h_{t-1}), or h_t = cell([x_t; c], h_{t-1}) with c = tanh(V s + b), s the encoder's outputs at the
/// ends of both directions.
public struct FixedContextDecoder: Module {
  public var stack: RecurrentStack
  /// V and b, [hidden, encoder width]; nil where no context is read.
  public private(set) var summary: Projection?

  init(_ stack: RecurrentStack, summary: Projection?) { (self.stack, self.summary) = (stack, summary) }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("stack", &stack)
    if var part = summary {
      visitor.module("summary", &part)
      summary = part
    }
  }

  func prepared() -> FixedContextDecoder { FixedContextDecoder(stack.prepared(), summary: summary?.prepared()) }

  /// c of each sequence; nil where none is read.
  /// - Parameter ends: s, [batch, encoder width].
  func context(_ ends: Tensor) -> Tensor? { summary.map { tanh($0(ends)) } }

  /// All steps at once.
  /// - Parameter context: c of each sequence, in the order of `vectors`.
  func callAsFunction(
    _ vectors: PackedSequence, context: Tensor?, from states: [[RecurrentState]]?, _ phase: Phase
  ) -> DecoderReading {
    guard let context else {
      return DecoderReading(state: stack(vectors, from: states, phase).output.values, context: nil)
    }
    let contexts = PackedSequence.repeating(context, layout: vectors.layout).values
    let input = vectors.replacingValues(concatenated([vectors.values, contexts]))
    return DecoderReading(state: stack(input, from: states, phase).output.values, context: contexts)
  }

  /// A step at a time.
  /// - Parameters:
  ///   - context: c of each sequence, in the caller's order.
  ///   - states: in the caller's order; nil for the cells' own.
  func makeStepper(batchSize: Int, context: Tensor?, from states: [[RecurrentState]]?) -> FixedContextStepper {
    var stepper = RecurrentStepper(stack, batchSize: batchSize)
    if let states { stepper.states = states }
    return FixedContextStepper(stepper: stepper, context: context)
  }
}

/// What a decoder has for its readout, at every row.
struct DecoderReading {
  /// h: [rows, units]
  let state: Tensor
  /// c: [rows, context width]; nil where there is none.
  let context: Tensor?
}

/// A decoder with a fixed context between two steps.
struct FixedContextStepper: Sendable {
  private(set) var stepper: RecurrentStepper
  private(set) var context: Tensor?

  mutating func step(_ x: Tensor) -> DecoderReading {
    let state = stepper.step(context.map { concatenated([x, $0]) } ?? x)
    return DecoderReading(state: state, context: context)
  }

  func selecting(_ sequences: [Int]) -> FixedContextStepper {
    FixedContextStepper(
      stepper: stepper.selecting(sequences), context: context.map { $0.gathered(sequences.map(Int32.init)) })
  }
}
