// A sequence model with a regulariser.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A sequence model whose training loss may have a penalty on its recurrent layers.
struct RegularizedModel: SequencePredictor {
  var model: SequenceModel
  let kind: RegularizerKind
  /// β, the weight of a penalty.
  let weight: Double

  mutating func visit(_ visitor: inout ParameterVisitor) { model.visit(&visitor) }

  func answers(to batch: SequenceBatch, _ phase: Phase) -> Tensor { model.answers(to: batch, phase) }

  func losses(on batch: SequenceBatch, _ phase: Phase) -> (task: Tensor, penalty: Tensor?) {
    let input = batch.sequence
    let encoding = model.encoder(input, phase.derived("encoder"), isProbed: kind == .gradientPropagation)
    let loss = batch.loss(of: model.answers(encoding, phase))
    return (loss, penalty(encoding, loss).map { weight * $0 })
  }

  /// What the loss is given on top, before its weight; nil where the regulariser is a part of the model.
  private func penalty(_ encoding: RecurrentEncoding, _ loss: Tensor) -> Tensor? {
    switch kind {
    case .none, .dropout, .variationalDropout, .zoneout, .layerNorm: nil
    case .normStabilizer: encoding.normStabilizer()
    case .gradientPropagation: encoding.gradientPropagation(of: loss, model.encoder)
    }
  }
}
