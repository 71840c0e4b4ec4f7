// Writing weights: durable, and whole or not at all.

import EnsueFiles

/// Writes safetensors files.
public enum SafetensorsWriter {
  /// The metadata key of the digest of all tensors.
  package static let digestKey = "ensue.digest"

  /// Writes tensors in the given order.
  /// - Parameter metadata: strings kept beside them.
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`; the file under `path` is then what it was.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [(key: String, value: String)] = [], to path: String
  ) throws {
    var entries: [SafetensorsEntry] = []
    var offset = 0
    var digest = IncrementalDigest()
    for (key, value) in metadata { describe(key, value, into: &digest) }
    for (name, tensor) in tensors {
      let byteCount = tensor.count * tensor.elementType.size
      let entry = SafetensorsEntry(
        name: name, type: tensor.elementType == .float32 ? .f32 : .f64, sizes: tensor.shape.sizes,
        range: offset..<offset + byteCount)
      entries.append(entry)
      describe(entry, into: &digest)
      digest.append(UnsafeRawBufferPointer(start: tensor.pointer, count: byteCount))
      offset += byteCount
    }
    var header = JSONObject()
    var strings = JSONObject()
    for (key, value) in metadata { strings[key] = .string(value) }
    strings[digestKey] = .string(digest.digest.description)
    header["__metadata__"] = .object(strings)
    for entry in entries { header[entry.name] = json(entry) }
    precondition(header.keys.count == entries.count + 1, "two tensors have the same name")
    var file = try OutputFile(path)
    try file.write(prefixed(JSONValue.object(header).description))
    for (_, tensor) in tensors {
      try file.write(UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.count * tensor.elementType.size))
    }
    try file.commit()
  }

  /// Metadata, names, types and shapes take part in the digest: a changed header is found too.
  static func describe(_ key: String, _ value: String, into digest: inout IncrementalDigest) {
    digest.append(Array("\(key)=\(value)|".utf8))
  }

  static func describe(_ entry: SafetensorsEntry, into digest: inout IncrementalDigest) {
    digest.append(Array("\(entry.name)|\(entry.type.rawValue)|\(entry.sizes)|".utf8))
  }

  private static func json(_ entry: SafetensorsEntry) -> JSONValue {
    .object([
      "dtype": .string(entry.type.rawValue), "shape": .array(entry.sizes.map { .number($0) }),
      "data_offsets": .array([.number(entry.range.lowerBound), .number(entry.range.upperBound)]),
    ])
  }

  /// The length and the header, padded with spaces so that the data begins at a multiple of 64 bytes.
  private static func prefixed(_ header: String) -> [UInt8] {
    var text = Array(header.utf8)
    while (8 + text.count) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}
