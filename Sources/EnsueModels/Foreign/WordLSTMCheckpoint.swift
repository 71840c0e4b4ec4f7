// The word LSTM of "Deep Learning from Scratch 2" (Saito 2018), chapter 6, as a safetensors file: `embed.W`, one LSTM
// (`lstm.Wx`, `lstm.Wh`, `lstm.b`; rows are inputs, gates in the order f g i o), `affine.W` and `affine.b`.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// The content of such a file.
public struct WordLSTMCheckpoint: Sendable {
  /// The order of the gates in the file, by the names of the cell's equations.
  private static let gates = ["f", "g", "i", "o"]
  private static let sizeLimit = 1 << 24

  public let configuration: RecurrentLanguageModelConfiguration
  public let model: RecurrentLanguageModel

  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(contentsOf path: String) throws {
    let reader = try SafetensorsReader(path)
    configuration = try WordLSTMCheckpoint.configuration(reader, path: path)
    let hidden = configuration.hiddenSize
    var tensors = try NamedTensors(source: path)
    try tensors.append("embedding.weight", reader.tensor("embed.W").converted(to: .float32))
    for (name, parameter, isVector) in [("lstm.Wx", "W", false), ("lstm.Wh", "U", false), ("lstm.b", "b", true)] {
      let tensor = try reader.tensor(name).converted(to: .float32)
      for (index, gate) in WordLSTMCheckpoint.gates.enumerated() {
        let part = tensor.sliced(index * hidden..<(index + 1) * hidden)
        try tensors.append("encoder.layers.0.forward.\(parameter)_\(gate)", isVector ? part : part.transposed())
      }
    }
    try tensors.append("output.weight", reader.tensor("affine.W").converted(to: .float32).transposed())
    try tensors.append("output.bias", reader.tensor("affine.b").converted(to: .float32))
    var model = try RecurrentLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.take(tensors)
    self.model = model
  }

  /// Sizes from the shapes in the header, all of them checked before a number is read.
  private static func configuration(
    _ reader: borrowing SafetensorsReader, path: String
  ) throws(Failure) -> RecurrentLanguageModelConfiguration {
    let table = reader.sizes("embed.W") ?? [], state = reader.sizes("lstm.Wh") ?? []
    guard table.count == 2, state.count == 2, (table + state).allSatisfy({ (1...sizeLimit).contains($0) }) else {
      throw Failure(
        .data, at: path, "embed.W and lstm.Wh of two axes expected, found \(Shape.text(table)) and \(Shape.text(state))"
      )
    }
    let (symbols, features, hidden) = (table[0], table[1], state[0])
    let expected = [
      ("embed.W", [symbols, features]), ("lstm.Wx", [features, 4 * hidden]), ("lstm.Wh", [hidden, 4 * hidden]),
      ("lstm.b", [4 * hidden]), ("affine.W", [hidden, symbols]), ("affine.b", [symbols]),
    ]
    for (name, sizes) in expected where reader.sizes(name) != sizes {
      let found = reader.sizes(name).map { Shape.text($0) } ?? "none"
      throw Failure(.data, at: path, "\(name) of shape \(Shape.text(sizes)) expected, found \(found)")
    }
    let names = Set(expected.map(\.0))
    if let other = reader.names.first(where: { !names.contains($0) }) {
      throw Failure(.data, at: path, "no tensor but those of one LSTM expected, found \(Failure.shown(other))")
    }
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (symbols, features)
    (configuration.hiddenSize, configuration.layerCount) = (hidden, 1)
    (configuration.inputInitializer, configuration.recurrentInitializer) = (.uniform, .uniform)
    return configuration
  }
}
