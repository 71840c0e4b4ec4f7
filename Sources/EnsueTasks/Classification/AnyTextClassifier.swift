// A classifier whose type is known only at run time, as one type.

import EnsueLayers
import EnsueModels
import EnsueTensor

/// A box for any classifier.
public struct AnyTextClassifier: TextClassifier {
  public private(set) var base: any TextClassifier

  public init(_ base: any TextClassifier) { self.base = base }

  public mutating func visit(_ visitor: inout ParameterVisitor) { base.visit(&visitor) }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor { base(tokens, phase) }

  public func callAsFunction(_ input: EncoderInput, _ phase: Phase) -> Tensor { base(input, phase) }

  public func output(_ input: EncoderInput, _ phase: Phase) -> ClassifierOutput { base.output(input, phase) }
}
