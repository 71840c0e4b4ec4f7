// What the trained translation models have in common: they read all steps of a batch at once, and end in one layer.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// The last layer of a translation model: scores = x Wᵀ + b.
public struct OutputScores: Sendable {
  /// [vocabulary, features]
  public let weight: Tensor
  /// [vocabulary]; nil for none.
  public let bias: Tensor?

  /// [rows, features] → [rows, vocabulary]
  func callAsFunction(_ x: Tensor) -> Tensor {
    let products = matmul(x, weight, transposingRight: true)
    return bias.map { products + $0 } ?? products
  }
}

/// A translation model that is trained by gradients, teacher forced: at every step it reads the true symbol before.
public protocol Translator: Module, TranslationModel {
  /// What the last layer reads at every packed row of `inputs`: [rows, features].
  /// - Parameters:
  ///   - sources: one sequence for each of `inputs`, in the caller's order.
  ///   - inputs: targets as they are read, the beginning's symbol first.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the model has places for.
  func read(sources: PackedTokens, inputs: PackedTokens, _ phase: Phase) throws(Failure) -> Tensor

  var output: OutputScores { get }

  /// The attention of every step of forced targets: for each head as in `alignments(in:)`, each pair in the caller's
  /// order and each step of its input a weight for each step of its source.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the model has places for.
  func attention(sources: PackedTokens, inputs: PackedTokens) throws(Failure) -> [[[SourceWeights]]]
}

extension Translator {
  public var vocabularySize: Int { output.weight.shape[0] }

  /// Scores of the symbol after every packed row of `inputs`: [rows, vocabulary].
  public func logits(
    sources: PackedTokens, inputs: PackedTokens, _ phase: Phase = .inference
  ) throws(Failure) -> Tensor {
    output(try read(sources: sources, inputs: inputs, phase))
  }

  /// The same scores in blocks of rows, one after another, so that a long target of a large vocabulary fits memory.
  /// - Parameters:
  ///   - rowLimit: rows whose scores exist at a time.
  ///   - body: gets the scores of the next rows, [rows, vocabulary].
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the model has places for; what `body` throws.
  public func forEachBlock(
    sources: PackedTokens, inputs: PackedTokens, rowLimit: Int, _ body: (Tensor) throws -> Void
  ) throws {
    let rows = try read(sources: sources, inputs: inputs, .inference).detached
    for start in stride(from: 0, to: inputs.layout.rowCount, by: rowLimit) {
      try body(output(rows.sliced(start..<min(start + rowLimit, inputs.layout.rowCount), axis: 0)))
    }
  }

  /// The mean cross-entropy of the symbols that follow.
  /// - Parameters:
  ///   - inputs: the beginning's symbol and the target.
  ///   - targets: of every packed row of `inputs`, the symbol after it, at last the end's; a negative one is not scored.
  public func loss(
    sources: PackedTokens, inputs: PackedTokens, targets: [Int], labelSmoothing: Double = 0, _ phase: Phase
  ) throws(Failure) -> Tensor {
    outputCrossEntropy(
      try read(sources: sources, inputs: inputs, phase), weight: output.weight, bias: output.bias, targets: targets,
      labelSmoothing: labelSmoothing)
  }
}
