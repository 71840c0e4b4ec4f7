// A Transformer's encoder that answers at every step.

import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Symbols + learned positions → encoder blocks → a linear layer at every step.
struct SequenceTransformer: SequencePredictor {
  /// [symbols, width]
  var symbols: Tensor
  /// [longest sequence, width]
  var places: Tensor
  var encoder: TransformerEncoder
  var output: Linear

  /// - Throws: `Failure` of kind `configuration` where the sizes make no Transformer.
  init(
    _ configuration: TransformerConfiguration, for task: any SequenceTask, longest: Int, key: RandomKey
  ) throws(Failure) {
    func table(_ rows: Int, _ name: String) -> Tensor {
      configuration.initializer.embedding(
        rows: rows, width: configuration.width, layerCount: configuration.layerCount, key: key.derived(name))
    }
    (symbols, places) = (table(task.inputSize, "symbols"), table(longest, "places"))
    encoder = try TransformerEncoder(configuration, key: key.derived("encoder"))
    output = Linear(inputSize: configuration.width, outputSize: task.outputSize, key: key.derived("output"))
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("symbols", &symbols)
    visitor.parameter("places", &places)
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  func answers(to batch: SequenceBatch, _ phase: Phase) -> Tensor {
    let vectors = matmul(batch.sequence.values, symbols) + places.gathered(batch.layout.steps)
    return output(encoder(PackedSequence(layout: batch.layout, values: vectors), phase).values)
  }
}

extension PackedLayout {
  /// The step of each packed row.
  var steps: [Int32] {
    (0..<stepCount).flatMap { Array(repeating: Int32($0), count: aliveCount(at: $0)) }
  }
}
