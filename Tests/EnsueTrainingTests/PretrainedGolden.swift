// The tiny checkpoints of Tests/Goldens/pretrained-encoders.py.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport

/// A family's checkpoint, its inputs and what transformers makes of them.
struct PretrainedGolden {
  let family: EncoderFamilyKind
  let configuration: EncoderConfiguration
  let config: JSONObject
  let sequences: [[Int32]]
  let types: [[Int32]]

  init(_ family: EncoderFamilyKind) throws {
    self.family = family
    let path = TestFiles.golden("pretrained-encoders/\(family.rawValue)/config.json")
    config = try JSONValue.contents(of: path).objectValue ?? JSONObject()
    configuration = try EncoderConfiguration(config, path: path)
    let reader = try SafetensorsReader(PretrainedGolden.path(family, "expected"))
    let lengths = try reader.integers("lengths").map { Int($0) }
    func split(_ name: String) throws -> [[Int32]] {
      var rest = try reader.integers(name).map(Int32.init)[...]
      return lengths.map { length in
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
      }
    }
    (sequences, types) = (try split("ids"), try split("types"))
  }

  static func path(_ family: EncoderFamilyKind, _ file: String) -> String {
    TestFiles.golden("pretrained-encoders/\(family.rawValue)/\(file).safetensors")
  }

  var input: EncoderInput { EncoderInput(sequences, types: types) }

  func expected(_ name: String) throws -> Tensor {
    try SafetensorsReader(PretrainedGolden.path(family, "expected")).tensor(name)
  }

  func integers(_ name: String) throws -> [Int] {
    try SafetensorsReader(PretrainedGolden.path(family, "expected")).integers(name).map { Int($0) }
  }

  /// The classes of the sequences, or of the packed rows.
  func classes(_ head: EncoderHeadKind) throws -> [Int] {
    switch head {
    case .classification, .embedding: return try integers("labels")
    case .tagging:
      let tags = try integers("tags")
      var classes = [Int](repeating: -1, count: tags.count)
      for (row, tag) in zip(rows, tags) { classes[Int(row)] = tag }
      return classes
    }
  }

  /// The packed row of every token, one sequence after another.
  var rows: [Int32] {
    let layout = input.tokens.layout
    return sequences.indices.flatMap { sequence in
      let position = layout.order.firstIndex(of: sequence) ?? 0
      return sequences[sequence].indices.map { Int32(layout.row(step: $0, position: position)) }
    }
  }

  /// A model with the checkpoint's weights; those of the golden below `prefix` instead where there are such.
  func model(
    _ head: EncoderHeadKind = .classification, outputCount: Int = 3, pooling: SentencePooling = .init(),
    weightsBelow prefix: String = "none/", configuration: EncoderConfiguration? = nil
  ) throws -> EncoderModel {
    let configuration = configuration ?? self.configuration
    var model = try EncoderModel(
      configuration, head: head, outputCount: outputCount, pooling: pooling, key: RandomKey(seed: 0))
    let names = WeightNames(family, head: head, layerCount: configuration.layerCount)
    let checkpoint = try SafetensorsReader(PretrainedGolden.path(family, "model"))
    let other = try SafetensorsReader(PretrainedGolden.path(family, "expected"))
    var tensors: [String: Tensor] = [:]
    for name in checkpoint.names {
      guard let own = names.own(name) else { continue }
      tensors[own] = try checkpoint.tensor(name)
    }
    for name in other.names where name.hasPrefix(prefix) {
      guard let own = names.own(String(name.dropFirst(prefix.count))) else { continue }
      tensors[own] = try other.tensor(name).converted(to: .float32)
    }
    let found = tensors
    model.forEachParameter { name, tensor, _ in
      guard let weight = found[name], weight.shape == tensor.shape else {
        preconditionFailure("the golden of \(family) has no \(name) of \(tensor.shape)")
      }
      tensor = weight
    }
    return model
  }
}
