// Classifiers with hard attention: what their draws cost in training, and how much that varies.

import EnsueLayers
import EnsueTensor

/// A classifier that can draw which states it reads.
public protocol DrawingClassifier: TextClassifier {
  /// The same sentences read several times, each with draws of its own; everything else is as in inference.
  func draws(of input: EncoderInput, count: Int, key: RandomKey) -> [ClassifierOutput]
}

extension DrawingClassifier {
  /// The variance of REINFORCE's gradient in the scores, from two draws for each sentence; the reward is minus the
  /// sentence's loss, as in training. nil where nothing is drawn.
  public func reinforceVariance(
    _ input: EncoderInput, _ targets: EncoderTargets, labelSmoothing: Double = 0, key: RandomKey
  ) -> ReinforceVariance? {
    var found: [(output: HardAttentionOutput, reward: Tensor)] = []
    for output in draws(of: input, count: 2, key: key) {
      guard let draw = output.draw else { return nil }
      found.append((output: draw, reward: -targets.losses(of: output.logits, labelSmoothing: labelSmoothing)))
    }
    return ReinforceVariance(found)
  }
}

extension RecurrentClassifier: DrawingClassifier {
  public func draws(of input: EncoderInput, count: Int, key: RandomKey) -> [ClassifierOutput] {
    let states = encoder(embedding(input.tokens))
    return (0..<count).map { number in
      let pooled = pooling.pooled(states, .training(key.derived(number)))
      return ClassifierOutput(
        logits: input.tokens.layout.inCallersOrder(output(pooled.vectors)), draw: pooled.draw)
    }
  }
}

extension ClassifierOutput {
  /// What training makes smaller: the loss with what the regularisers cost. Where states were drawn its gradient is also
  /// REINFORCE's, whose reward is minus a sentence's loss, so that both are the gradient of the expected loss; its value
  /// is the loss alone, for what REINFORCE differentiates is no loss of the model.
  public func trainingLoss(_ targets: EncoderTargets, labelSmoothing: Double = 0) -> Tensor {
    let loss = regularized(targets.loss(of: logits, labelSmoothing: labelSmoothing))
    guard let draw else { return loss }
    let drawn = draw.reinforceLoss(reward: -targets.losses(of: logits, labelSmoothing: labelSmoothing)).loss
    return loss + (drawn - drawn.detached)
  }
}

extension EncoderTargets {
  /// The loss of each sequence, [sequences, 1]: numbers without a gradient, whose mean is `loss`.
  public func losses(of outputs: Tensor, labelSmoothing: Double = 0) -> Tensor {
    let fixed = outputs.detached
    let losses = (0..<outputs.shape[0]).map { row in
      target(row).loss(of: fixed.sliced(row..<row + 1, axis: 0), labelSmoothing: labelSmoothing).scalar
    }
    return Tensor(losses, shape: [losses.count, 1]).converted(to: outputs.elementType)
  }

  private func target(_ row: Int) -> EncoderTargets {
    switch self {
    case .classes(let classes): .classes([classes[row]])
    case .numbers(let numbers): .numbers([numbers[row]])
    }
  }
}
