// A pre-trained encoder with its head, as every sentence classifier.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A model that reads sentences by themselves: all tokens are of the first text.
public struct PretrainedClassifier: TextClassifier {
  public var model: EncoderModel

  public init(_ model: EncoderModel) { self.model = model }

  /// The model's parameters under their own names.
  public mutating func visit(_ visitor: inout ParameterVisitor) { model.visit(&visitor) }

  /// - Precondition: the sequences are as `TextClassifierBundle.read(ids:)` gives them: no longer than the model has
  ///   positions for, of ids that it has vectors for.
  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    do {
      return try model(EncoderInput(tokens: tokens), phase)
    } catch {
      preconditionFailure("a pre-trained classifier was given what its bundle did not read: \(error)")
    }
  }
}
