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
    let encoding = model.encoder(input, phase.derived("encoder"))
    return (batch.loss(of: model.answers(encoding, phase)), penalty(encoding, input, batch).map { weight * $0 })
  }

  /// What the loss is given on top, before its weight; nil where the regulariser is a part of the model.
  private func penalty(_ encoding: RecurrentEncoding, _ input: PackedSequence, _ batch: SequenceBatch) -> Tensor? {
    switch kind {
    case .none, .dropout, .variationalDropout, .zoneout, .layerNorm: nil
    case .normStabilizer: encoding.normStabilizer()
    case .gradientPropagation: propagationPenalty(encoding, input, batch)
    }
  }

  /// Ω of the last layer, through which alone its output reaches the loss.
  private func propagationPenalty(_ encoding: RecurrentEncoding, _ input: PackedSequence, _ batch: SequenceBatch)
    -> Tensor
  {
    precondition(model.encoder.layers.count == 1, "gradient propagation is tried on one layer")
    let cell = model.encoder.layers[0].forward
    let state = cell.initialState(batchSize: batch.layout.batchSize, input.values.elementType)
    let output = model.output.detached
    let propagation = GradientPropagation(encoding.runs[0][0], of: cell, input: input, from: state) { states in
      batch.loss(of: output(model.readout == .everyStep ? states.values : states.last()))
    }
    return propagation.penalty(cell)
  }
}

extension Module {
  /// The same module without the history of its parameters.
  fileprivate var detached: Self {
    var copy = self
    copy.forEachParameter { _, tensor, _ in tensor = tensor.detached }
    return copy
  }
}
