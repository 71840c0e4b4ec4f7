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
      try tensors.append(name, MinGPTCheckpoint.tensor(name, value, path: path))
    }
    var model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 0))
    // Its maps are PyTorch's linear layers, [output, input]; transformers' are not.
    let table = GPT2Decoder.weights(configuration, isTransposed: false)
    _ = try model.take(tensors, table.naming, at: path)
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
}

extension String {
  /// The causal mask, which minGPT keeps among the weights.
  fileprivate var isMask: Bool { hasPrefix("transformer.h.") && hasSuffix(".attn.bias") }
}
