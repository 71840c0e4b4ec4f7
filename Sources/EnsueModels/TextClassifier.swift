// What every sentence classifier is.

import EnsueLayers
import EnsueTensor

/// From the tokens of a batch to a score for each class, or to a number.
public protocol TextClassifier: Module {
  /// - Returns: logits, [batch, classes], in the caller's order.
  func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor

  /// The same of texts and pairs of texts. A classifier that reads no pairs does not look at whose token is whose.
  func callAsFunction(_ input: EncoderInput, _ phase: Phase) -> Tensor

  /// What training needs: the logits, and what is added to the loss.
  func output(_ input: EncoderInput, _ phase: Phase) -> ClassifierOutput
}

/// A classifier's scores with what its regularisers cost.
public struct ClassifierOutput: Sendable {
  /// [batch, classes], in the caller's order.
  public let logits: Tensor
  /// A number; nil for none.
  public let penalty: Tensor?
  /// What else is added, from the loss; nil for nothing.
  private let penaltyOfLoss: (@Sendable (Tensor) -> Tensor)?
  /// What hard attention drew in training; nil where nothing is drawn.
  public let draw: HardAttentionOutput?

  public init(
    logits: Tensor, penalty: Tensor? = nil, penaltyOfLoss: (@Sendable (Tensor) -> Tensor)? = nil,
    draw: HardAttentionOutput? = nil
  ) {
    (self.logits, self.penalty, self.penaltyOfLoss, self.draw) = (logits, penalty, penaltyOfLoss, draw)
  }

  /// The loss with what the regularisers cost.
  /// - Parameter loss: of the logits.
  public func regularized(_ loss: Tensor) -> Tensor {
    let sum = penalty.map { loss + $0 } ?? loss
    return penaltyOfLoss.map { sum + $0(loss) } ?? sum
  }
}

extension TextClassifier {
  public func callAsFunction(_ input: EncoderInput, _ phase: Phase) -> Tensor { self(input.tokens, phase) }

  public func output(_ input: EncoderInput, _ phase: Phase) -> ClassifierOutput {
    ClassifierOutput(logits: self(input, phase))
  }
}

extension PackedLayout {
  /// Rows that stand longest first, in the caller's order.
  func inCallersOrder(_ rows: Tensor) -> Tensor { rows.gathered(positions) }
}
