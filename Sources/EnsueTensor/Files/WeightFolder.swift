// The weights of a folder as the Hub has them: one model.safetensors, or shards with an index.
//
// | rule | why |
// |---|---|
// | model.safetensors comes before an index | what transformers reads |
// | the numbers of all files together fit the machine's memory in 32 bits | bounded before a tensor is made |
// | pickles are refused by their content, whatever they are called | unpickling runs whatever the file says |

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The tensors of such a folder by name; F16 and BF16 become 32 bits when they are read.
public struct WeightFolder: WeightSource, ~Copyable {
  /// A file is open as long as its folder is. A box, because what cannot be copied is no element of an array.
  private final class Shard {
    let reader: SafetensorsReader
    init(_ path: String) throws { reader = try SafetensorsReader(path) }
  }

  /// The file, or the index of the shards.
  public let source: String
  /// Shard by shard, in the order of their bytes.
  public let names: [String]
  public let elementCount: Int
  private let shards: [Shard]
  private let shardOfName: [[UInt8]: Int]

  /// Opens the files and checks their headers.
  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(_ folder: String) throws {
    try self.init(folder, memory: Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// - Parameter memory: bytes that the weights may take.
  package init(_ folder: String, memory: Double) throws {
    let content = try WeightFolder.open(folder)
    let count = content.shards.reduce(0) { sum, shard in
      let (next, isTooLarge) = sum.addingReportingOverflow(shard.reader.elementCount)
      return isTooLarge ? Int.max : next
    }
    // A file may have more holes than bytes.
    let bytes = Double(count) * 4
    guard bytes <= memory else {
      throw Failure(
        .data, at: content.source,
        "weights that fit this machine's \(WeightFolder.gigabytes(memory)) GB of memory expected, found \(count), which"
          + " take \(WeightFolder.gigabytes(bytes)) GB in 32 bits")
    }
    (source, shards, names, shardOfName) = content
    elementCount = count
  }

  /// The files of a folder, and which of them holds which tensor.
  private static func open(
    _ folder: String
  ) throws -> (source: String, shards: [Shard], names: [String], shardOfName: [[UInt8]: Int]) {
    let (file, index) = ("\(folder)/model.safetensors", "\(folder)/model.safetensors.index.json")
    if InputFile.exists(file) {
      let shard = try Shard(file)
      let names = shard.reader.names
      return (
        file, [shard], names, Dictionary(names.map { (Array($0.utf8), 0) }, uniquingKeysWith: { first, _ in first })
      )
    }
    guard InputFile.exists(index) else { throw noWeights(in: folder) }
    let content = try WeightIndex(index)
    let shards = try content.shards.map { try Shard("\(folder)/\($0)") }
    let (names, places) = try content.places { shards[$0].reader.names }
    return (index, shards, names, places)
  }

  public func sizes(_ name: String) -> [Int]? {
    shardOfName[Array(name.utf8)].flatMap { shards[$0].reader.sizes(name) }
  }

  public func tensor(_ name: String) throws -> Tensor {
    guard let shard = shardOfName[Array(name.utf8)] else {
      let near = Failure.nearest(to: name, among: names).map { " (there is \(Failure.shown($0)))" } ?? ""
      throw Failure(.data, at: source, "tensor \(Failure.shown(name)) expected, found none\(near)")
    }
    return try shards[shard].reader.tensor(name).converted(to: .float32)
  }

  private static func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10)" }

  /// Files that other programs keep weights in; the first that is there is named.
  private static let otherFiles = [
    "pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt", "model.pth", "consolidated.00.pth",
    "adapter_model.safetensors", "adapter_model.bin", "tf_model.h5", "flax_model.msgpack", "model.onnx",
  ]

  /// What to say of a folder without safetensors.
  private static func noWeights(in folder: String) -> Failure {
    let expected = "model.safetensors or model.safetensors.index.json expected, found"
    guard let names = try? InputFile.names(in: folder) else {
      let found = InputFile.exists(folder) ? "no folder" : "nothing"
      return Failure(.missing, at: folder, "a folder with model.safetensors expected, found \(found)")
    }
    // A shard says more than the index of shards.
    let other =
      names.first(where: MistakenContent.isShard) ?? otherFiles.first(where: names.contains)
      ?? names.first { $0.hasSuffix(".gguf") }
    guard let other else {
      return Failure(.missing, at: folder, "\(expected) neither")
    }
    if other.hasPrefix("adapter_model") {
      return Failure(
        .missing, at: folder, "\(expected) \(other)", advice: "An adapter alone is no model: merge it into its base.")
    }
    // What the file says, not what it is called.
    let path = "\(folder)/\(other)"
    guard let content = try? MistakenContent(ofFile: path) else {
      return Failure(.missing, at: folder, "\(expected) \(other)")
    }
    return Failure(
      .data, at: path, "safetensors expected, found \(content.title)", advice: content.advice)
  }
}
