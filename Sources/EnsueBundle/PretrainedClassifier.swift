// A pre-trained encoder with its head, as every sentence classifier.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A model that reads texts and pairs of texts.
public struct PretrainedClassifier: TextClassifier {
  public var model: EncoderModel

  public init(_ model: EncoderModel) { self.model = model }

  /// The model's parameters under their own names.
  public mutating func visit(_ visitor: inout ParameterVisitor) { model.visit(&visitor) }

  /// - Precondition: as of texts and pairs.
  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    self(EncoderInput(tokens: tokens), phase)
  }

  /// - Precondition: the sequences are as `TextClassifierBundle.read` gives them: no longer than the model has positions
  ///   for, of ids that it has vectors for.
  public func callAsFunction(_ input: EncoderInput, _ phase: Phase) -> Tensor {
    do {
      return try model(input, phase)
    } catch {
      preconditionFailure("a pre-trained classifier was given what its bundle did not read: \(error)")
    }
  }
}
