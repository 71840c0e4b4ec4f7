// The safetensors format: 8 bytes of header length, a JSON header, the tensors' bytes without holes.
// A file is checked wholly before a byte of it is believed.
//
// | rule | why |
// |---|---|
// | at least 8 bytes; header of 1 to 100,000,000 bytes that fits the file | lengths are bounded before allocating |
// | strict UTF-8 JSON object, no key twice, at most 64 deep | nothing is read two ways |
// | at most 1,000,000 tensors of at most 32 axes | |
// | known type; sizes are plain integers; their product does not overflow | |
// | start ≤ end; size = end - start = elements · bytes | |
// | sorted by start, the first at 0, each at the end of the one before, the last at the end of the file | no overlap, no hole, nothing appended |

import EnsueFiles

/// The number types a safetensors file may hold.
package enum SafetensorsType: String, CaseIterable, Sendable {
  case bool = "BOOL"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  var size: Int {
    switch self {
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .f64, .i64, .u64: 8
    }
  }
}

/// Where a tensor stands in a file.
package struct SafetensorsEntry: Sendable, Equatable {
  package let name: String
  package let type: SafetensorsType
  package let sizes: [Int]
  /// Bytes from the beginning of the data.
  package let range: Range<Int>
}

/// A checked header.
package struct SafetensorsHeader: Sendable {
  package static let byteLimit = 100_000_000
  package static let tensorLimit = 1_000_000
  package static let rankLimit = 32

  package let metadata: [(key: String, value: String)]
  /// In the order of their bytes.
  package let entries: [SafetensorsEntry]
  /// Unknown fields, which the format's own reader ignores.
  package let warnings: [String]

  /// Checks the header against the size of the data that follows it.
  init(_ json: JSONValue, file: String, dataSize: Int) throws {
    guard case .object(let object) = json else {
      throw Failure(.data, at: file, "the header must be a JSON object, found \(json.kindName)")
    }
    var metadata: [(key: String, value: String)] = []
    var entries: [SafetensorsEntry] = []
    var warnings: [String] = []
    guard object.keys.count <= SafetensorsHeader.tensorLimit else {
      throw Failure(
        .data, at: file, "at most \(SafetensorsHeader.tensorLimit) tensors expected, found \(object.keys.count)")
    }
    for (key, value) in object.members {
      if key == "__metadata__" {
        metadata = try SafetensorsHeader.metadata(value, file)
      } else {
        entries.append(try SafetensorsHeader.entry(key, value, file, &warnings))
      }
    }
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    try SafetensorsHeader.checkLayout(entries, file, dataSize)
    (self.metadata, self.entries, self.warnings) = (metadata, entries, warnings)
  }

  private static func metadata(_ value: JSONValue, _ file: String) throws -> [(key: String, value: String)] {
    guard case .object(let object) = value else {
      throw Failure(.data, at: file, "__metadata__ must be an object, found \(value.kindName)")
    }
    return try object.members.map { member in
      guard let text = member.value.stringValue else {
        throw Failure(
          .data, at: file,
          "__metadata__ holds strings only, found \(member.value.kindName) for \(Failure.shown(member.key))")
      }
      return (member.key, text)
    }
  }

  private static func entry(
    _ name: String, _ value: JSONValue, _ file: String, _ warnings: inout [String]
  ) throws -> SafetensorsEntry {
    func wrong(_ problem: String) -> Failure { Failure(.data, at: file, "tensor \(Failure.shown(name)): \(problem)") }
    guard name.utf8.count <= 4096 else { throw wrong("a name of at most 4096 bytes expected") }
    guard let object = value.objectValue else { throw wrong("an object expected, found \(value.kindName)") }
    for key in object.keys where !["dtype", "shape", "data_offsets"].contains(key) {
      warnings.append("tensor \(Failure.shown(name)) has the unknown field \(Failure.shown(key))")
    }
    guard let typeName = object["dtype"]?.stringValue else { throw wrong("a dtype expected") }
    guard let type = SafetensorsType(rawValue: typeName) else {
      let known = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
      throw wrong("unknown dtype \(Failure.shown(typeName)); known are \(known)")
    }
    guard let shape = object["shape"]?.arrayValue else { throw wrong("a shape expected") }
    guard shape.count <= rankLimit else { throw wrong("at most \(rankLimit) axes expected, found \(shape.count)") }
    let sizes = try shape.map { try count($0, "shape", wrong) }
    guard let offsets = object["data_offsets"]?.arrayValue, offsets.count == 2 else {
      throw wrong("data_offsets must be 2 numbers")
    }
    let start = try count(offsets[0], "data_offsets", wrong)
    let end = try count(offsets[1], "data_offsets", wrong)
    guard start <= end else { throw wrong("end \(end) before start \(start)") }
    var bytes = type.size
    for size in sizes {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw wrong("the shape overflows 64 bits") }
      bytes = product
    }
    guard bytes == end - start else { throw wrong("the shape needs \(bytes) bytes, the offsets give \(end - start)") }
    return SafetensorsEntry(name: name, type: type, sizes: sizes, range: start..<end)
  }

  private static func count(_ value: JSONValue, _ what: String, _ wrong: (String) -> Failure) throws -> Int {
    guard case .number(let text) = value, !text.hasPrefix("-") else {
      throw wrong("\(what): an integer of 0 or more expected, found \(Failure.shown("\(value)"))")
    }
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      throw wrong("\(what): an integer expected, found \(Failure.shown(text))")
    }
    guard let number = Int(text) else { throw wrong("\(what): \(text) is too large") }
    return number
  }

  private static func checkLayout(_ entries: [SafetensorsEntry], _ file: String, _ dataSize: Int) throws {
    var end = 0
    var before: String?
    for entry in entries {
      if entry.range.lowerBound < end {
        throw Failure(
          .data, at: file, "tensors \(Failure.shown(before ?? "")) and \(Failure.shown(entry.name)) overlap")
      }
      if entry.range.lowerBound > end {
        throw Failure(
          .data, at: file, "\(entry.range.lowerBound - end) unused bytes before tensor \(Failure.shown(entry.name))")
      }
      end = entry.range.upperBound
      before = entry.name
    }
    if end > dataSize {
      throw Failure(
        .data, at: file, "the tensors need \(end) bytes, the file has \(dataSize)", advice: "It was cut short.")
    }
    if end < dataSize { throw Failure(.data, at: file, "\(dataSize - end) extra bytes after the last tensor") }
  }
}
