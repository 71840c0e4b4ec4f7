// A language model over piano rolls: which notes sound next, given all steps before. A step is not one symbol but any
// set of notes. Boulanger-Lewandowski, Bengio and Vincent, "Modeling temporal dependencies in high-dimensional
// sequences: application to polyphonic music generation and transcription", ICML 2012, section 2 (the plain RNN).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Notes that sound → recurrent layers → dropout → a linear layer to a score of every note at the next step.
///
/// Given the steps before, notes are independent: p(note k sounds) = σ(z_k).
public struct RollModel: Module {
  public var encoder: RecurrentStack
  public var output: Linear
  private let dropout: SequenceDropout
  private let normStabilizer: Double
  private let gradientPropagation: Double

  /// - Throws: `Failure` where the user's equations of a cell are in error, or regularisers do not go together.
  public init(_ configuration: RollModelConfiguration, key: RandomKey) throws(Failure) {
    (normStabilizer, gradientPropagation) = (configuration.normStabilizer, configuration.gradientPropagation)
    try configuration.cellConfiguration.regularization.check(gradientPropagation: gradientPropagation)
    let stack = configuration.stackConfiguration
    encoder = RecurrentStack(
      try configuration.formula(), cell: configuration.cellConfiguration, stack, key: key.derived("encoder"))
    output = Linear(inputSize: encoder.outputSize, outputSize: configuration.noteCount, key: key.derived("output"))
    dropout = SequenceDropout(rate: stack.dropout, dropsWholeSequences: stack.dropsWholeSequences)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  /// The same model with its recurrent weights laid out once, for many runs without a change of weights.
  public func prepared() -> RollModel {
    var copy = self
    copy.encoder = encoder.prepared()
    return copy
  }

  /// Reads steps.
  /// - Parameters:
  ///   - notes: [rows, noteCount], 1 for the notes that sound.
  ///   - states: after the steps before, longest piece first; nil at the beginning of pieces.
  /// - Returns: [rows, noteCount], the scores z of the notes of the step after each, and the states after the last.
  public func callAsFunction(
    _ notes: PackedSequence, from states: [[RecurrentState]]? = nil, _ phase: Phase = .inference
  ) -> LanguageModelOutput {
    let encoding = encoder(notes, from: states, phase.derived("encoder"))
    return LanguageModelOutput(logits: scores(of: encoding, phase), states: encoding.finalStates)
  }

  private func scores(of encoding: RecurrentEncoding, _ phase: Phase) -> Tensor {
    output(dropout(encoding.output, phase.derived("output")).values)
  }

  /// −ln p of the notes that follow, in nats, summed over notes and averaged over steps:
  /// (1 / rows) Σ_rows Σ_k ln(1 + e^z_k) − y_k z_k; in training with the penalties of its regularisers.
  /// - Parameter targets: [rows, noteCount], 1 for the notes that sound at the step after each.
  public func loss(_ notes: PackedSequence, targets: Tensor, _ phase: Phase = .inference) -> Tensor {
    let isProbed = gradientPropagation > 0 && phase.isTraining
    let encoding = encoder(notes, phase.derived("encoder"), isProbed: isProbed)
    let scores = scores(of: encoding, phase)
    precondition(targets.shape == scores.shape, "RollModel: targets \(targets.shape) for scores \(scores.shape)")
    let crossEntropy = (softplus(scores) - scores * targets).sum() / Double(notes.layout.rowCount)
    var loss = crossEntropy
    if normStabilizer > 0, phase.isTraining { loss = loss + encoding.normStabilizer() * normStabilizer }
    if isProbed { loss = loss + encoding.gradientPropagation(of: crossEntropy, encoder) * gradientPropagation }
    return loss
  }
}
