// A pre-trained classifier while it is trained.

import EnsueBundle
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A pre-trained model of which a plan says what is trained.
struct TunedClassifier: TextClassifier {
  var base: PretrainedClassifier
  let plan: TuningPlan

  /// The parameters under the model's own names.
  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.part(&base) { [plan] in plan.trains($0) } }

  func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor { base(tokens, phase) }

  func callAsFunction(_ input: EncoderInput, _ phase: Phase) -> Tensor { base(input, phase) }
}
