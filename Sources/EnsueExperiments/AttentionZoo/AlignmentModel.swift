// The smallest model that has to look in the right place: one attention between queries that know their own step and
// keys that know symbol and step.

import EnsueData
import EnsueLayers
import EnsueTensor

/// Learned queries, one a step; keys of symbol and place; values of the symbol alone → attention → a linear layer.
///
/// As the values say nothing of places, an answer is right only if the weights are on the right step.
struct AlignmentModel: SequencePredictor {
  /// [symbols, width]
  var symbols: Tensor
  /// [steps, width], added to the symbols' vectors to make keys.
  var places: Tensor
  /// [steps, width]
  var queries: Tensor
  var attention: Attention
  var output: Linear

  init(_ configuration: AttentionConfiguration, for task: any SequenceTask, longest: Int, key: RandomKey) {
    let width = configuration.keySize
    func table(_ rows: Int, _ columns: Int, _ name: String) -> Tensor {
      .normal([rows, columns], deviation: 1 / Double(columns).squareRoot(), key: key.derived(name))
    }
    symbols = table(task.inputSize, width, "symbols")
    places = table(longest, width, "places")
    queries = table(longest, configuration.querySize, "queries")
    attention = Attention(configuration, key: key.derived("attention"))
    output = Linear(inputSize: width, outputSize: task.outputSize, key: key.derived("output"))
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("symbols", &symbols)
    visitor.parameter("places", &places)
    visitor.parameter("queries", &queries)
    visitor.module("attention", &attention)
    visitor.module("output", &output)
  }

  func answers(to batch: SequenceBatch, _ phase: Phase) -> Tensor { output(attended(batch).values) }

  /// What every step attends to.
  func attended(_ batch: SequenceBatch) -> AttentionOutput {
    let steps = batch.layout.steps
    let values = matmul(batch.sequence.values, symbols)
    func sequence(_ values: Tensor) -> PackedSequence { PackedSequence(layout: batch.layout, values: values) }
    return attention(
      queries: sequence(queries.gathered(steps)), keys: sequence(values + places.gathered(steps)),
      values: sequence(values))
  }
}
