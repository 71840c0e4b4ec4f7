// The counts of a model as a file, and back.
//
//   "ENSUENGM", version (32 bits), length of the text that follows (32 bits)
//   JSON: the configuration, and the number of n-grams of each order
//   for each order: last symbols (but for order 1), counts, and, but for the highest, where the longer ones begin
//   the digest of everything before it (XXH3, 128 bits: low, high)
//
// Numbers are little-endian, those of the orders 32 bits without sign.

import EnsueFiles

extension NGramModel {
  private static let magic = Array("ENSUENGM".utf8)
  private static let version = 1
  /// Bytes before the text, after the counts, and the longest text.
  private static let (headSize, digestSize, textLimit) = (16, 16, 1 << 16)

  /// Writes the model; the file under `path` appears whole or not at all.
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  public func write(to path: String) throws {
    var file = try DigestedFile(path)
    let text = Array(JSONValue.object(description).description.utf8)
    try file.append(NGramModel.magic + NGramModel.bytes([UInt32(NGramModel.version), UInt32(text.count)]) + text)
    for level in tree.levels {
      for numbers in [level.words, level.counts, level.starts] { try file.append(NGramModel.bytes(numbers)) }
    }
    try file.commit()
  }

  /// A file that ends with the digest of all before.
  private struct DigestedFile: ~Copyable {
    private var file: OutputFile
    private var digest = IncrementalDigest()

    init(_ path: String) throws { file = try OutputFile(path) }

    mutating func append(_ bytes: [UInt8]) throws {
      digest.append(bytes)
      try file.write(bytes)
    }

    consuming func commit() throws {
      let sum = digest.digest
      try file.write(NGramModel.bytes([sum.low, sum.high]))
      try file.commit()
    }
  }

  /// Reads a model.
  /// - Throws: `Failure` of kind `missing`, `data` or `inputOutput`.
  public init(contentsOf path: String) throws {
    let file = try InputFile(path)
    let head = try file.bytes(at: 0, count: min(NGramModel.headSize, file.size))
    guard head.starts(with: NGramModel.magic) else {
      throw Failure(.data, at: path, "the counts of an n-gram model expected, found another file")
    }
    let damaged = Failure(
      .data, at: path, "content that fits its digest expected", advice: "The file was cut short or is damaged.")
    guard file.size >= NGramModel.headSize + NGramModel.digestSize else { throw damaged }
    let fields: [UInt32] = NGramModel.numbers(head.dropFirst(8))
    guard fields[0] == NGramModel.version else {
      throw Failure(.data, at: path, "version \(NGramModel.version) expected, found \(fields[0])")
    }
    guard try NGramModel.hasDigest(file) else { throw damaged }
    // What follows was written like this, unless by a program with a fault of its own.
    let textSize = Int(fields[1])
    guard textSize <= min(NGramModel.textLimit, file.size - NGramModel.headSize - NGramModel.digestSize) else {
      throw damaged
    }
    let text = try file.bytes(at: NGramModel.headSize, count: textSize)
    let json = try JSONValue.parse(text, name: path, offset: NGramModel.headSize)
    let (configuration, counts) = try NGramModel.parsed(json, path)
    let tree = try NGramModel.tree(file, from: NGramModel.headSize + textSize, configuration, counts)
    self.init(configuration, tree)
  }

  private var description: JSONObject {
    [
      "vocabularySize": .number(vocabularySize), "order": .number(order),
      "smoothing": .string(configuration.smoothing.rawValue), "pseudocount": .number(configuration.pseudocount),
      "sentenceEnd": configuration.sentenceEnd.map { .number(Int($0)) } ?? .null,
      "ngrams": .array(tree.levels.map { .number($0.count) }),
    ]
  }

  private static func parsed(_ json: JSONValue, _ path: String) throws -> (NGramModelConfiguration, [Int]) {
    let wrong = Failure(.data, at: path, "the sizes of an n-gram model expected, found others")
    guard let object = json.objectValue, let size = object["vocabularySize"]?.integerValue,
      let order = object["order"]?.integerValue,
      let smoothing = object["smoothing"]?.stringValue.flatMap({ NGramSmoothingKind(rawValue: $0) }),
      let pseudocount = object["pseudocount"]?.doubleValue, let ngrams = object["ngrams"]?.arrayValue
    else { throw wrong }
    var configuration = NGramModelConfiguration()
    configuration.vocabularySize = size
    configuration.order = order
    configuration.smoothing = smoothing
    configuration.pseudocount = pseudocount
    if let end = object["sentenceEnd"], end != .null {
      guard let end = end.integerValue.flatMap({ Int32(exactly: $0) }) else { throw wrong }
      configuration.sentenceEnd = end
    }
    do { try configuration.check() } catch { throw Failure(.data, at: path, error.description) }
    let counts = ngrams.compactMap(\.integerValue)
    guard counts.count == order, ngrams.count == order, counts[0] == size,
      counts.allSatisfy({ 0...Int(UInt32.max) ~= $0 })
    else { throw wrong }
    return (configuration, counts)
  }

  /// The levels, after it is clear that the file has their size.
  private static func tree(
    _ file: borrowing InputFile, from start: Int, _ configuration: NGramModelConfiguration, _ counts: [Int]
  ) throws -> NGramTree {
    let sizes = counts.indices.map { depth in
      [depth == 0 ? 0 : counts[depth], counts[depth], depth + 1 < counts.count ? counts[depth] + 1 : 0]
    }
    let needed = start + 4 * sizes.joined().reduce(0, +) + digestSize
    guard needed == file.size else {
      throw Failure(.data, at: file.path, "\(needed) bytes expected, found \(file.size)")
    }
    var offset = start
    var tree = NGramTree(levels: [])
    for size in sizes {
      var parts: [[UInt32]] = []
      for count in size {
        parts.append(numbers(try file.bytes(at: offset, count: 4 * count)[...]))
        offset += 4 * count
      }
      tree.levels.append(NGramLevel(words: parts[0], counts: parts[1], starts: parts[2]))
    }
    guard tree.isSound(vocabularySize: configuration.vocabularySize) else {
      throw Failure(.data, at: file.path, "sorted n-grams expected, found others")
    }
    return tree
  }

  private static func hasDigest(_ file: borrowing InputFile) throws -> Bool {
    var digest = IncrementalDigest()
    let end = file.size - digestSize
    for offset in stride(from: 0, to: end, by: 1 << 22) {
      digest.append(try file.bytes(at: offset, count: min(1 << 22, end - offset)))
    }
    let stored: [UInt64] = numbers(try file.bytes(at: end, count: digestSize)[...])
    return digest.digest == Digest(high: stored[1], low: stored[0])
  }

  private static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * MemoryLayout<Number>.size)
    for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  private static func numbers<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> [Number] {
    let size = MemoryLayout<Number>.size
    return bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / size).map {
        Number(littleEndian: buffer.loadUnaligned(fromByteOffset: size * $0, as: Number.self))
      }
    }
  }
}

extension NGramTree {
  /// Whether every n-gram hangs where it can be found, and nothing points outside.
  fileprivate func isSound(vocabularySize: Int) -> Bool {
    for (level, next) in zip(levels, levels.dropFirst()) {
      guard level.starts.first == 0, level.starts.last.map({ Int($0) }) == next.count,
        zip(level.starts, level.starts.dropFirst()).allSatisfy({ $0 <= $1 }),
        next.words.allSatisfy({ $0 < vocabularySize })
      else { return false }
      for index in 0..<level.count {
        let words = next.words[level.children(of: index)]
        guard zip(words, words.dropFirst()).allSatisfy({ $0 < $1 }) else { return false }
      }
    }
    return true
  }
}
