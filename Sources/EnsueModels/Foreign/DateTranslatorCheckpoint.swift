// The date translator of "Deep Learning from Scratch 2" (Saito 2018), chapter 8, as a safetensors file: an LSTM that
// reads a date from its end, and one that writes it anew and attends by dot products. `encoder.` and `decoder.` each have
// `embed.W` and one LSTM (`lstm.Wx`, `lstm.Wh`, `lstm.b`; rows are inputs, gates in the order f g i o);
// `decoder.affine.W` and `decoder.affine.b` read [context; state].

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// The content of such a file.
public struct DateTranslatorCheckpoint: Sendable {
  /// The order of the gates in the file, by the names of the cell's equations.
  private static let gates = ["f", "g", "i", "o"]
  private static let sizeLimit = 1 << 24

  public let configuration: RecurrentTranslatorConfiguration
  public let model: RecurrentTranslator

  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(contentsOf path: String) throws {
    let reader = try SafetensorsReader(path)
    configuration = try DateTranslatorCheckpoint.configuration(reader, path: path)
    var tensors = try NamedTensors(source: path)
    for (side, place, ours) in [
      ("encoder", "source", "encoder.layers.0.forward"), ("decoder", "target", "decoder.layers.0"),
    ] {
      try tensors.append("embedding.\(place).weight", reader.tensor("\(side).embed.W").converted(to: .float32))
      try DateTranslatorCheckpoint.appendCell(reader, side, ours, configuration.hiddenSize, to: &tensors)
    }
    try tensors.append("output.weight", reader.tensor("decoder.affine.W").converted(to: .float32).transposed())
    try tensors.append("output.bias", reader.tensor("decoder.affine.b").converted(to: .float32))
    var model = try RecurrentTranslator(configuration, key: RandomKey(seed: 0))
    try model.take(tensors)
    self.model = model
  }

  /// A side's LSTM under the model's names, gate by gate.
  private static func appendCell(
    _ reader: borrowing SafetensorsReader, _ side: String, _ ours: String, _ hidden: Int, to tensors: inout NamedTensors
  ) throws {
    for (name, parameter, isVector) in [("Wx", "W", false), ("Wh", "U", false), ("b", "b", true)] {
      let tensor = try reader.tensor("\(side).lstm.\(name)").converted(to: .float32)
      for (index, gate) in gates.enumerated() {
        let part = tensor.sliced(index * hidden..<(index + 1) * hidden)
        try tensors.append("\(ours).\(parameter)_\(gate)", isVector ? part : part.transposed())
      }
    }
  }

  /// Sizes from the shapes in the header, all of them checked before a number is read.
  private static func configuration(
    _ reader: borrowing SafetensorsReader, path: String
  ) throws(Failure) -> RecurrentTranslatorConfiguration {
    let tables = ["encoder", "decoder"].map { reader.sizes("\($0).embed.W") ?? [] }
    let state = reader.sizes("encoder.lstm.Wh") ?? []
    guard (tables + [state]).allSatisfy({ $0.count == 2 && $0.allSatisfy { (1...sizeLimit).contains($0) } }) else {
      throw Failure(
        .data, at: path,
        "encoder.embed.W, decoder.embed.W and encoder.lstm.Wh of two axes expected, found "
          + (tables + [state]).map { Shape.text($0) }.joined(separator: ", "))
    }
    let (features, hidden, targets) = (tables[0][1], state[0], tables[1][0])
    var expected = [("decoder.affine.W", [2 * hidden, targets]), ("decoder.affine.b", [targets])]
    for (side, table) in zip(["encoder", "decoder"], tables) {
      expected += [
        ("\(side).embed.W", [table[0], features]), ("\(side).lstm.Wx", [features, 4 * hidden]),
        ("\(side).lstm.Wh", [hidden, 4 * hidden]), ("\(side).lstm.b", [4 * hidden]),
      ]
    }
    for (name, sizes) in expected where reader.sizes(name) != sizes {
      let found = reader.sizes(name).map { Shape.text($0) } ?? "none"
      throw Failure(.data, at: path, "\(name) of shape \(Shape.text(sizes)) expected, found \(found)")
    }
    let names = Set(expected.map(\.0))
    if let other = reader.names.first(where: { !names.contains($0) }) {
      throw Failure(.data, at: path, "no tensor but those of two LSTMs expected, found \(Failure.shown(other))")
    }
    var configuration = RecurrentTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (tables[0][0], targets)
    (configuration.embeddingSize, configuration.hiddenSize, configuration.cell) = (features, hidden, .lstm)
    (configuration.isBidirectional, configuration.reversesSource) = (false, true)
    (configuration.context, configuration.feedsInput, configuration.score) = (.luong, false, .dot)
    (configuration.readout, configuration.bridge) = (.joined, .output)
    (configuration.inputInitializer, configuration.recurrentInitializer) = (.uniform, .uniform)
    return configuration
  }
}
