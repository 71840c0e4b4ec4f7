// A text file as the values of its Unicode scalars: what a character model is trained on.

import EnsueFiles

/// The characters of a file.
public struct CharacterText: Sendable {
  public let file: SourceFile
  /// The values of the scalars.
  public let values: [UInt32]
  /// Bytes that were no text and became U+FFFD.
  public let replacedBytes: Int

  /// The largest file that is read, in bytes. A character takes eight bytes of memory while the ids are made, and
  /// four after.
  public static let byteLimit = 1 << 30

  /// Reads a file; `-` is standard input.
  /// - Throws: `Failure` when it is missing, empty, larger than `byteLimit`, or no text in this encoding.
  public init(
    contentsOf path: String, encoding: TextEncodingKind = .utf8, badBytes: BadBytePolicy = .reject
  ) throws {
    let name = path == "-" ? "standard input" : path
    let text = try SourceText(
      InputFile.contents(of: path, limit: CharacterText.byteLimit), path: name, encoding: encoding, badBytes: badBytes)
    guard !text.bytes.isEmpty else {
      throw Failure(.data, at: name, "a text expected, found an empty file")
    }
    (file, replacedBytes) = (text.file, text.replacedBytes)
    values = CharacterText.values(of: text.bytes)
  }

  /// The scalars of well-formed UTF-8.
  static func values(of bytes: [UInt8]) -> [UInt32] {
    // Every byte that does not continue a scalar begins one.
    let count = bytes.reduce(into: 0) { count, byte in count += byte & 0xC0 == 0x80 ? 0 : 1 }
    return [UInt32](unsafeUninitializedCapacity: count) { values, initialized in
      for byte in bytes {
        if byte & 0xC0 == 0x80 {
          values[initialized - 1] = values[initialized - 1] << 6 | UInt32(byte & 0x3F)
        } else {
          let mask: UInt8 = byte < 0x80 ? 0x7F : byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07
          values[initialized] = UInt32(byte & mask)
          initialized += 1
        }
      }
    }
  }

  /// Where the validation part begins when `fraction` of the text is held out at its end.
  ///
  /// Both parts have at least one character where the text has two.
  public func validationStart(fraction: Double) -> Int {
    let held = Int((Double(values.count) * fraction).rounded())
    return values.count - min(max(held, 1), max(values.count - 1, 0))
  }
}
