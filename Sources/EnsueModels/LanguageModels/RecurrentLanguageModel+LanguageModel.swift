// A recurrent language model step by step: its memory is its states, and the weights as a step reads them.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What a recurrent language model keeps between symbols. It does not grow.
public struct RecurrentLanguageModelMemory: Sendable {
  fileprivate var stepper: RecurrentStepper
  fileprivate let output: PackedMatrix

  /// For each layer and direction, as `LanguageModelOutput.states` gives them, in the order of the sequences.
  public var states: [[RecurrentState]] { stepper.states }
}

extension RecurrentLanguageModel: LanguageModel {
  public var vocabularySize: Int { output.weight.shape[0] }

  /// There is no end.
  public var contextLength: Int? { nil }

  /// Lays the weights out for many steps.
  public func makeMemory(batchSize: Int) -> RecurrentLanguageModelMemory {
    RecurrentLanguageModelMemory(
      stepper: RecurrentStepper(encoder, batchSize: batchSize),
      output: PackedMatrix(output.weight.detached, transposed: true))
  }

  public func next(
    _ tokens: PackedTokens, _ memory: inout RecurrentLanguageModelMemory
  ) throws(Failure) -> Tensor {
    precondition(
      tokens.layout.batchSize == memory.stepper.batchSize,
      "symbols of \(tokens.layout.batchSize) sequences for a memory of \(memory.stepper.batchSize)")
    let read =
      tokens.layout.stepCount == 1
      ? memory.stepper.step(embedding.weight.detached.gathered(tokens.ids)) : whole(tokens, &memory)
    return memory.output.multiplied(byRowsOf: read, bias: output.bias.detached)
  }

  /// Reads several steps at once, and gives what stands after the last of each sequence, in the caller's order.
  private func whole(_ tokens: PackedTokens, _ memory: inout RecurrentLanguageModelMemory) -> Tensor {
    let layout = tokens.layout
    // Packed sequences stand longest first.
    let order = layout.order.map(Int32.init)
    let before = memory.stepper.states.map { $0.map { RecurrentState($0.tensors.map { $0.gathered(order) }) } }
    let encoding = encoder(embedding(tokens), from: before)
    memory.stepper.states = encoding.finalStates.map { directions in
      directions.map { RecurrentState($0.tensors.map { layout.inCallersOrder($0.detached) }) }
    }
    return layout.inCallersOrder(encoding.output.last()).detached
  }

  public func select(_ sequences: [Int], in memory: inout RecurrentLanguageModelMemory) {
    memory.stepper = memory.stepper.selecting(sequences)
  }
}
