// From sequences of vectors to answers at their ends or at every step: recurrent layers and a linear layer. What the
// answers mean, and the loss, is the task's.

import EnsueLayers
import EnsueTensor

/// Vectors → recurrent layers → linear layer.
public struct SequenceModel: Module {
  public var encoder: RecurrentStack
  public var output: Linear
  public let readout: SequenceReadoutKind
  private let dropout: SequenceDropout

  public init(_ configuration: SequenceModelConfiguration, key: RandomKey) {
    let stack = configuration.stack
    encoder = RecurrentStack(
      configuration.formula, cell: configuration.cell, stack, key: key.derived("encoder"))
    output = Linear(
      inputSize: encoder.outputSize, outputSize: configuration.outputSize, key: key.derived("output"))
    readout = configuration.readout
    dropout = SequenceDropout(rate: stack.dropout, dropsWholeSequences: stack.dropsWholeSequences)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  /// The answers: [batch, outputSize], longest sequence first, or [rows, outputSize].
  public func callAsFunction(_ input: PackedSequence, _ phase: Phase = .inference) -> Tensor {
    answers(encoder(input, phase.derived("encoder")), phase)
  }

  /// The answers from what the recurrent layers made of the input.
  public func answers(_ encoding: RecurrentEncoding, _ phase: Phase = .inference) -> Tensor {
    switch readout {
    case .last:
      let ends = encoding.finalOutput
      // One row a sequence: a mask for each step and a mask for each sequence are the same.
      let rows = PackedSequence(layout: PackedLayout(lengths: .init(repeating: 1, count: ends.shape[0])), values: ends)
      return output(dropout(rows, phase.derived("output")).values)
    case .everyStep:
      return output(dropout(encoding.output, phase.derived("output")).values)
    }
  }
}
