// A GPT of minGPT (Karpathy 2020) written as JSON, as llm-viz has it: `config` with the sizes, and for every parameter
// its shape and its float32 in base 64.
//
// | rule | why |
// |---|---|
// | a file of at most 1 GiB; sizes ask for no more weights than it has digits for | bounded before memory is taken |
// | every name is known, every tensor as long as its shape, every number finite | nothing is left out or made up |
// | masks of attention (`attn.bias`) are not read | they follow from the sizes |

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// The content of such a file.
public struct MinGPTCheckpoint: Sendable {
  private static let byteLimit = 1 << 30

  public let configuration: TransformerLanguageModelConfiguration
  public let model: TransformerLanguageModel

  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(contentsOf path: String) throws {
    let bytes = try InputFile.contents(of: path, limit: MinGPTCheckpoint.byteLimit)
    guard let object = try JSONValue.parse(bytes, name: path).objectValue,
      let sizes = object["config"]?.objectValue
    else { throw Failure(.data, at: path, "an object with a config and tensors expected") }
    configuration = try MinGPTCheckpoint.configuration(sizes, path: path)
    // Four digits of base 64 are three bytes.
    guard configuration.leastWeightCount * 4 <= Double(bytes.count) * 3 / 4 else {
      throw Failure(
        .data, at: path,
        "at least \(configuration.leastWeightCount) weights expected by config, found a file of \(bytes.count) bytes")
    }
    var tensors = try NamedTensors(source: path)
    for (name, value) in object.members where name != "config" && !name.isMask {
      try MinGPTCheckpoint.append(name, value, configuration.transformer.width, to: &tensors)
    }
    var model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.take(tensors)
    self.model = model
  }

  private static func configuration(
    _ sizes: JSONObject, path: String
  ) throws(Failure) -> TransformerLanguageModelConfiguration {
    func size(_ name: String) throws(Failure) -> Int {
      guard let size = sizes[name]?.integerValue, (1...1 << 24).contains(size) else {
        let found = sizes[name].map { Failure.shown("\($0)") } ?? "nothing"
        throw Failure(.data, at: path, "config.\(name): a size from 1 to 16777216 expected, found \(found)")
      }
      return size
    }
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (try size("vocab_size"), try size("block_size"))
    configuration.isTied = false
    var blocks = TransformerConfiguration.gpt2
    (blocks.width, blocks.headCount) = (try size("n_embd"), try size("n_head"))
    (blocks.layerCount, blocks.feedForwardSize) = (try size("n_layer"), 4 * blocks.width)
    configuration.transformer = blocks
    guard blocks.width % blocks.headCount == 0 else {
      throw Failure(
        .data, at: path, "config.n_head: a number that divides \(blocks.width) expected, found \(blocks.headCount)")
    }
    return configuration
  }

  /// One of minGPT's tensors under the model's names: the map to queries, keys and values is one there.
  private static func append(
    _ name: String, _ value: JSONValue, _ width: Int, to tensors: inout NamedTensors
  ) throws(Failure) {
    let tensor = try MinGPTCheckpoint.tensor(name, value, path: tensors.source)
    let own = MinGPTCheckpoint.name(of: name)
    guard let kind = own.suffix(after: "attention.joint.") else { return try tensors.append(own, tensor) }
    guard tensor.shape[0] == 3 * width else {
      throw Failure(
        .data, at: tensors.source, "\(Failure.shown(name)): \(3 * width) rows expected, found \(tensor.shape)")
    }
    let prefix = own.dropLast("attention.joint.".utf8.count + kind.utf8.count)
    for (index, part) in ["query", "key", "value"].enumerated() {
      try tensors.append(
        "\(prefix)attention.\(part).\(kind)", tensor.sliced(index * width..<(index + 1) * width, axis: 0))
    }
  }

  private static func tensor(_ name: String, _ value: JSONValue, path: String) throws(Failure) -> Tensor {
    func wrong(_ expected: String) -> Failure { Failure(.data, at: path, "\(Failure.shown(name)): \(expected)") }
    guard let object = value.objectValue, object["dtype"]?.stringValue == "torch.float32" else {
      throw wrong("a tensor of torch.float32 expected")
    }
    let sizes = object["shape"]?.arrayValue?.compactMap(\.integerValue) ?? []
    guard (1...2).contains(sizes.count), sizes.count == object["shape"]?.arrayValue?.count,
      sizes.allSatisfy({ (1...1 << 24).contains($0) })
    else { throw wrong("a shape of one or two sizes expected") }
    guard let text = object["data"]?.stringValue, let bytes = Base64Digits.bytes(of: text) else {
      throw wrong("data in base 64 expected")
    }
    guard bytes.count == 4 * sizes.reduce(1, *) else {
      throw wrong("\(4 * sizes.reduce(1, *)) bytes for \(Shape(sizes)) expected, found \(bytes.count)")
    }
    return Tensor(FloatFileReader.floats(bytes), shape: Shape(sizes))
  }

  /// minGPT's names and ours, replaced in this order.
  private static let names = [
    ("transformer.wte.", "embedding."), ("transformer.wpe.weight", "positions.table"),
    ("transformer.h.", "encoder.blocks."), ("transformer.ln_f.weight", "encoder.finalNorm.scale"),
    ("transformer.ln_f.bias", "encoder.finalNorm.shift"), ("lm_head.", "unembedding."),
    ("ln_1.weight", "attentionNorm.scale"), ("ln_1.bias", "attentionNorm.shift"),
    ("ln_2.weight", "feedForwardNorm.scale"), ("ln_2.bias", "feedForwardNorm.shift"),
    ("attn.c_attn.", "attention.joint."), ("attn.c_proj.", "attention.output."), ("mlp.c_fc.", "feedForward.inner."),
    ("mlp.c_proj.", "feedForward.outer."),
  ]

  private static func name(of theirs: String) -> String {
    names.reduce(theirs) { name, pair in name.replacingFirst(pair.0, with: pair.1) }
  }
}

extension String {
  /// The causal mask, which minGPT keeps among the weights.
  fileprivate var isMask: Bool { hasPrefix("transformer.h.") && hasSuffix(".attn.bias") }

  /// What stands after the first `part`; nil where it is not there.
  fileprivate func suffix(after part: String) -> String? {
    firstRange(of: part).map { String(self[$0.upperBound...]) }
  }

  fileprivate func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }

  private func firstRange(of part: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      start = index(after: start)
    }
    return nil
  }
}
