// Reading weights. Files are read with `pread`, never mapped: a file that another process cuts gives an error.

import EnsueFiles
import EnsueKernels

/// An open safetensors file.
public struct SafetensorsReader: WeightSource, ~Copyable {
  private let file: InputFile
  private let dataStart: Int
  package let header: SafetensorsHeader
  private let entryOfName: [[UInt8]: SafetensorsEntry]

  /// Opens a file and checks its header.
  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(_ path: String) throws {
    let file = try InputFile(path)
    guard file.size >= 8 else {
      throw Failure(.data, at: path, "a safetensors file of at least 8 bytes expected, found \(file.size)")
    }
    let start = try file.bytes(at: 0, count: min(MistakenContent.byteCount, file.size))
    let length = start.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    // Only where the length cannot be one: a header of 640 bytes begins like a pickle.
    if length > UInt64(min(SafetensorsHeader.byteLimit, file.size - 8)) {
      try SafetensorsReader.refuseOtherFormats(start, path)
    }
    guard length <= UInt64(SafetensorsHeader.byteLimit) else {
      throw Failure(.data, at: path, "header length \(length) exceeds the limit \(SafetensorsHeader.byteLimit)")
    }
    guard length > 0 else { throw Failure(.data, at: path, "the header is empty") }
    guard Int(length) <= file.size - 8 else {
      throw Failure(
        .data, at: path, "the header needs \(length) bytes, the file has \(file.size - 8) after its length",
        advice: "It was cut short or is no safetensors file.")
    }
    let dataStart = 8 + Int(length)
    let json = try JSONValue.parse(file.bytes(at: 8, count: Int(length)), name: path, offset: 8)
    let header = try SafetensorsHeader(json, file: path, dataSize: file.size - dataStart)
    self.file = file
    self.dataStart = dataStart
    self.header = header
    entryOfName = Dictionary(header.entries.map { (Array($0.name.utf8), $0) }, uniquingKeysWith: { first, _ in first })
  }

  public var source: String { file.path }

  /// The names of all tensors, in the order of their bytes.
  public var names: [String] { header.entries.map(\.name) }

  /// A string of the file's metadata.
  public func metadata(_ key: String) -> String? { header.metadata.first { $0.key == key }?.value }

  /// The shape of a tensor as the file has it; nil when there is none of this name.
  public func sizes(_ name: String) -> [Int]? { entry(name)?.sizes }

  /// The number of elements of all tensors.
  public var elementCount: Int { header.entries.reduce(0) { $0 + $1.range.count / $1.type.size } }

  /// Checks the digest that Ensue's own files carry; files of others have none.
  /// - Throws: `Failure` of kind `data` when the content is not what was written.
  /// - Parameter isRequired: whether a file without one is refused: Ensue's own always have it.
  public func verifyDigest(isRequired: Bool = false) throws {
    guard let expected = metadata(SafetensorsWriter.digestKey) else {
      if !isRequired { return }
      throw Failure(.data, at: file.path, "a digest of the content expected, found none")
    }
    let found = try contentDigest().description
    guard found == expected else {
      throw Failure(
        .data, at: file.path, "content with the digest \(Failure.shown(expected)) expected, found \(found)",
        advice: "The file is damaged.")
    }
  }

  package func entry(_ name: String) -> SafetensorsEntry? { entryOfName[Array(name.utf8)] }

  /// A tensor of floating-point numbers. F64 keeps its precision; F16 and BF16 become 32 bits.
  public func tensor(_ name: String) throws -> Tensor {
    guard let entry = entry(name) else {
      let near = Failure.nearest(to: name, among: names).map { " (there is \(Failure.shown($0)))" } ?? ""
      throw Failure(.data, at: file.path, "tensor \(Failure.shown(name)) expected, found none\(near)")
    }
    guard entry.sizes.count <= Shape.rankLimit else {
      throw Failure(
        .data, at: file.path,
        "tensor \(Failure.shown(name)): at most \(Shape.rankLimit) axes expected, found \(entry.sizes.count)")
    }
    let shape = Shape(entry.sizes)
    switch entry.type {
    case .f32: return try raw(entry, shape, .float32)
    case .f64: return try raw(entry, shape, .float64)
    case .f16: return try widened(entry, shape) { Float(Float16(bitPattern: $0)) }
    case .bf16: return try widened(entry, shape) { Float(bitPattern: UInt32($0) << 16) }
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .i16, .u16, .i32, .u32, .i64, .u64:
      throw Failure(
        .data, at: file.path,
        "tensor \(Failure.shown(name)): F32, F64, F16 or BF16 expected, found \(entry.type.rawValue)")
    }
  }

  /// A tensor of 64-bit integers.
  package func integers(_ name: String) throws -> [Int64] {
    guard let entry = entry(name), entry.type == .i64 else {
      throw Failure(.data, at: file.path, "tensor \(Failure.shown(name)) of type I64 expected")
    }
    let bytes = try file.bytes(at: dataStart + entry.range.lowerBound, count: entry.range.count)
    return bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 8).map { Int64(littleEndian: buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
    }
  }

  /// The digest of metadata, names, shapes and bytes, for files that carry one.
  package func contentDigest() throws -> Digest {
    var digest = IncrementalDigest()
    for (key, value) in header.metadata where key != SafetensorsWriter.digestKey {
      SafetensorsWriter.describe(key, value, into: &digest)
    }
    for entry in header.entries {
      SafetensorsWriter.describe(entry, into: &digest)
      var offset = entry.range.lowerBound
      while offset < entry.range.upperBound {
        let count = min(1 << 22, entry.range.upperBound - offset)
        digest.append(try file.bytes(at: dataStart + offset, count: count))
        offset += count
      }
    }
    return digest.digest
  }

  private func raw(_ entry: SafetensorsEntry, _ shape: Shape, _ type: ElementType) throws -> Tensor {
    let tensor = Tensor(uninitialized: shape, type)
    let buffer = UnsafeMutableRawBufferPointer(start: tensor.freshPointer, count: entry.range.count)
    try file.read(into: buffer, at: dataStart + entry.range.lowerBound)
    return tensor
  }

  /// Numbers of 16 bits, some at a time, so that no second copy of a large tensor is made.
  private func widened(_ entry: SafetensorsEntry, _ shape: Shape, _ number: (UInt16) -> Float) throws -> Tensor {
    let tensor = Tensor(uninitialized: shape, .float32)
    let target = tensor.freshPointer.assumingMemoryBound(to: Float.self)
    for start in stride(from: 0, to: entry.range.count, by: 1 << 20) {
      let count = min(1 << 20, entry.range.count - start)
      let bytes = try file.bytes(at: dataStart + entry.range.lowerBound + start, count: count)
      bytes.withUnsafeBytes { buffer in
        for offset in stride(from: 0, to: count, by: 2) {
          target[(start + offset) / 2] = number(
            UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        }
      }
    }
    return tensor
  }

  /// Names what people mistake for weights, by content.
  private static func refuseOtherFormats(_ start: [UInt8], _ path: String) throws(Failure) {
    guard let found = MistakenContent(start, path: path) else { return }
    throw Failure(.data, at: path, "a safetensors file expected, found \(found.title)", advice: found.advice)
  }
}
