// What the trainer trains.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A model that answers a batch of a sequence task.
public protocol SequencePredictor: Module {
  /// - Returns: the answers in the order of `batch.targets`: [batch or rows, outputSize].
  func answers(to batch: SequenceBatch, _ phase: Phase) -> Tensor

  /// What training minimises the sum of: the task's loss, and by default nothing else.
  func losses(on batch: SequenceBatch, _ phase: Phase) -> (task: Tensor, penalty: Tensor?)
}

extension SequencePredictor {
  public func losses(on batch: SequenceBatch, _ phase: Phase) -> (task: Tensor, penalty: Tensor?) {
    (batch.loss(of: answers(to: batch, phase)), nil)
  }
}

extension SequenceModel: SequencePredictor {
  public func answers(to batch: SequenceBatch, _ phase: Phase) -> Tensor { self(batch.sequence, phase) }

  /// A model of one size for any task.
  public init(
    _ kind: RecurrentCellKind, for task: any SequenceTask, hiddenSize: Int, forgetBias: Double = 1,
    stack: RecurrentStackConfiguration = .init(), regularization: RecurrentRegularization = .init(), key: RandomKey
  ) {
    self.init(
      SequenceModelConfiguration(
        formula: kind.formula(forgetBias: forgetBias),
        cell: RecurrentCellConfiguration(
          inputSize: task.inputSize, hiddenSize: hiddenSize, regularization: regularization),
        stack: stack, outputSize: task.outputSize,
        readout: task.targetKind.isAtEveryStep ? .everyStep : .last), key: key)
  }
}
