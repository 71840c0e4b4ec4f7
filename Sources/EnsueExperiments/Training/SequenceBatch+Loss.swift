// Batches as tensors, and the losses by kind of target.

import EnsueData
import EnsueTensor

extension SequenceBatch {
  /// The inputs.
  var sequence: PackedSequence {
    PackedSequence(layout: layout, values: Tensor(inputs, shape: [layout.rowCount, inputSize]))
  }

  /// What the mean of the loss is taken over: sequences, or steps where every step has an answer.
  var answerCount: Int {
    switch targets {
    case .numbers, .classes: layout.batchSize
    case .symbols, .multiHot: layout.rowCount
    }
  }

  /// The loss in the unit of the task's `SequenceTargetKind.lossName`, averaged over sequences or steps: the squared
  /// error, the cross-entropy, or the sum over the independent answers of log(1 + eᶻ) − y z (Bernoulli, z the logit).
  func loss(of answers: Tensor) -> Tensor {
    switch targets {
    case .numbers(let numbers):
      return meanSquaredError(answers, Tensor(numbers, shape: [numbers.count, 1]))
    case .classes(let classes), .symbols(let classes):
      return crossEntropy(logits: answers, targets: classes.map { Int($0) })
    case .multiHot(let values):
      return (softplus(answers) - answers * Tensor(values, shape: answers.shape)).sum() / Double(answerCount)
    }
  }

  /// How many of the judged answers are right; nil where answers are not right or wrong.
  /// - Parameter tolerance: how far a number may be from the right one.
  func judged(_ answers: Tensor, tolerance: Double) -> (right: Int, count: Int)? {
    switch targets {
    case .numbers(let numbers):
      let right = zip(answers.doubles, numbers).count { abs($0 - Double($1)) < tolerance }
      return (right, numbers.count)
    case .classes(let classes):
      return (zip(answers.argmax(), classes).count { $0 == Int($1) }, classes.count)
    case .symbols(let symbols):
      let found = answers.argmax()
      return (judgedRows.count { found[Int($0)] == Int(symbols[Int($0)]) }, judgedRows.count)
    case .multiHot: return nil
    }
  }
}
