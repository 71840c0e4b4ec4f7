// What every language model does when it reads step by step.

/// A distribution of the next symbol of a text given all before it.
public protocol LanguageModel: StepwiseModel {
  /// The memory of sequences before their first symbol.
  func makeMemory(batchSize: Int) -> Memory
}
