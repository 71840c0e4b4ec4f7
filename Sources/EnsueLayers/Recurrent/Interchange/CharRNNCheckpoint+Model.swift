// The model of a charRNN's checkpoint. Sizes come from the tensors, and all shapes are checked before the model is made.

import EnsueFiles
import EnsueTensor

extension CharRNNCheckpoint {
  private static let layerLimit = 64
  private static let cells = "rnnlm/multi_rnn_cell/"

  /// The model, in 32 bits.
  /// - Throws: `Failure` of kind `data` when tensors are missing or do not fit together.
  public func makeModel() throws(Failure) -> CharRNN {
    let embedding = try matrix("embedding", rows: symbols.count, why: "one row for each character of vocab.json")
    let weight = try matrix("rnnlm/softmax_w", columns: symbols.count, why: "one column for each character")
    let (inputSize, hiddenSize) = (embedding.shape[1], weight.shape[0])
    guard let bias = tensors["rnnlm/softmax_b"], bias.shape == [symbols.count] else {
      throw wrong("rnnlm/softmax_b", "[\(symbols.count)]")
    }
    let layerCount = try checkedLayerCount(inputSize, hiddenSize)
    var encoder = RecurrentStack(
      RecurrentCellKind.lstm.formula(),
      cell: RecurrentCellConfiguration(
        inputSize: inputSize, hiddenSize: hiddenSize, inputInitializer: .uniform, recurrentInitializer: .uniform),
      RecurrentStackConfiguration(layerCount: layerCount), key: RandomKey(seed: 0))
    try encoder.importWeights(tensors, layout: .tensorflow, RecurrentWeightOptions(prefix: CharRNNCheckpoint.cells))
    var output = Linear(inputSize: hiddenSize, outputSize: symbols.count, key: RandomKey(seed: 0))
    (output.weight, output.bias) = (weight.transposed(), bias)
    return CharRNN(embedding: Embedding(weight: embedding, isTrained: true), encoder: encoder, output: output)
  }

  /// The number of cells that follow one another from 0, each of the size that the model will have: a small file cannot
  /// ask for a large one.
  private func checkedLayerCount(_ inputSize: Int, _ hiddenSize: Int) throws(Failure) -> Int {
    var count = 0
    while count < CharRNNCheckpoint.layerLimit {
      let scope = "\(CharRNNCheckpoint.cells)cell_\(count)/basic_lstm_cell/"
      guard let kernel = tensors["\(scope)kernel"] ?? tensors["\(scope)weights"] else { break }
      let sizes = [(count == 0 ? inputSize : hiddenSize) + hiddenSize, 4 * hiddenSize]
      guard kernel.shape.sizes == sizes else {
        throw Failure(
          .data, at: tensors.source,
          "the kernel of cell \(count) as \(Shape(sizes)) expected, found \(kernel.shape)")
      }
      count += 1
    }
    guard count > 0 else { throw wrong("\(CharRNNCheckpoint.cells)cell_0/basic_lstm_cell/kernel", "") }
    return count
  }

  private func matrix(_ name: String, rows: Int? = nil, columns: Int? = nil, why: String) throws(Failure) -> Tensor {
    guard let tensor = tensors[name], tensor.shape.rank == 2, tensor.shape[0] == rows ?? tensor.shape[0],
      tensor.shape[1] == columns ?? tensor.shape[1]
    else {
      throw wrong(name, "[\(rows.map(String.init) ?? "…"), \(columns.map(String.init) ?? "…")], \(why),")
    }
    return tensor
  }

  private func wrong(_ name: String, _ shape: String) -> Failure {
    let found = tensors[name].map { "\($0.shape)" } ?? "none"
    let expected = shape.isEmpty ? "" : " \(shape)"
    return Failure(.data, at: tensors.source, "tensor \(Failure.shown(name))\(expected) expected, found \(found)")
  }
}
