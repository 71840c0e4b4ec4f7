// model.safetensors.index.json: which of several files holds which tensor. Nothing in it is believed before it is checked.
//
// | rule | why |
// |---|---|
// | a shard's name is that of a file in the same folder and ends with .safetensors | no path leads elsewhere |
// | 1 to 512 shards | each is an open file |
// | what the index places in a shard is there | a missing tensor is named with its shard |
// | what it does not place is in one shard | nothing has two values |

import EnsueFiles

/// The content of an index.
struct WeightIndex {
  private static let shardLimit = 512
  /// Names that are shown of several at fault.
  private static let shownCount = 4

  private let path: String
  /// Each once, in the order of their bytes.
  let shards: [String]
  private let shardOfName: [(name: String, shard: Int)]

  /// - Throws: `Failure` of kind `missing` or `data`.
  init(_ path: String) throws {
    guard let object = try JSONValue.contents(of: path).objectValue, let map = object["weight_map"]?.objectValue,
      !map.isEmpty
    else { throw Failure(.data, at: path, "an object with a weight_map of names to files expected") }
    var files: [String: Int] = [:]
    for (name, value) in map.members {
      guard let file = value.stringValue else {
        throw Failure(
          .data, at: path, "the file of \(Failure.shown(name)) expected as a string, found \(value.kindName)")
      }
      try WeightIndex.check(file, path)
      files[file] = 0
    }
    guard files.count <= WeightIndex.shardLimit else {
      throw Failure(.data, at: path, "at most \(WeightIndex.shardLimit) files expected, found \(files.count)")
    }
    let shards = files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (index, file) in shards.enumerated() { files[file] = index }
    (self.path, self.shards) = (path, shards)
    shardOfName = map.members.map { ($0.key, files[$0.value.stringValue ?? ""] ?? 0) }
  }

  private static func check(_ file: String, _ path: String) throws(Failure) {
    let isPlain = file.utf8.allSatisfy {
      $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain, file.utf8.count <= 255, file.hasSuffix(".safetensors"), !file.hasPrefix(".") else {
      throw Failure(
        .data, at: path, "the name of a safetensors file in the same folder expected, found \(Failure.shown(file))")
    }
  }

  /// All names, shard by shard, and the shard of each.
  /// - Parameter names: those that are in a shard.
  /// - Throws: `Failure` of kind `data` where index and shards do not agree.
  func places(_ names: (Int) -> [String]) throws(Failure) -> (names: [String], shards: [[UInt8]: Int]) {
    var placed: [[UInt8]: Int] = [:]
    for (name, shard) in shardOfName { placed[Array(name.utf8)] = shard }
    var found: [[UInt8]: Int] = [:]
    var order: [String] = []
    for shard in shards.indices {
      for name in names(shard) {
        let key = Array(name.utf8)
        if let place = placed[key], place != shard { continue }
        if let other = found.updateValue(shard, forKey: key) {
          throw Failure(
            .data, at: path,
            "each tensor once expected, found \(Failure.shown(name)) in \(shards[other]) and in"
              + " \(shards[shard])")
        }
        order.append(name)
      }
    }
    let missing = shardOfName.filter { found[Array($0.name.utf8)] == nil }
    guard missing.isEmpty else {
      let shown = missing.prefix(WeightIndex.shownCount).map { "\(Failure.shown($0.name)) in \(shards[$0.shard])" }
      let rest = missing.count > shown.count ? " and \(missing.count - shown.count) more" : ""
      throw Failure(
        .data, at: path,
        "tensors where the index places them expected, found no \(shown.joined(separator: ", "))\(rest)",
        advice: "The shards belong to another index, or one of them is not complete.")
    }
    return (order, found)
  }
}
