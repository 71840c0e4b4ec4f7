// Reads event files for the tests: written from the format's description, sharing nothing with the writer.

import Testing

/// An event of an event file, as far as Ensue writes any.
struct TensorBoardReading: Equatable {
  var wallTime = 0.0
  var step = 0
  var fileVersion: String?
  var tags: [String] = []
  var values: [Float] = []

  struct Damage: Error {}

  /// The events of a file, and the length of the file up to each one's end.
  static func events(_ bytes: [UInt8]) throws -> (events: [TensorBoardReading], ends: [Int]) {
    var events: [TensorBoardReading] = []
    var ends: [Int] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let length = Int(try number(take(&rest, 8)))
      _ = try take(&rest, 4)
      events.append(try event(take(&rest, length)))
      _ = try take(&rest, 4)
      ends.append(rest.startIndex)
    }
    return (events, ends)
  }

  private static func event(_ bytes: ArraySlice<UInt8>) throws -> TensorBoardReading {
    var event = TensorBoardReading()
    for (field, content) in try fields(bytes) {
      switch field {
      case 1: event.wallTime = Double(bitPattern: number(content))
      case 2: event.step = Int(Int64(bitPattern: number(content)))
      case 3: event.fileVersion = String(decoding: content, as: UTF8.self)
      case 5:
        for (field, content) in try fields(content) where field == 1 {
          for (field, content) in try fields(content) {
            if field == 1 { event.tags.append(String(decoding: content, as: UTF8.self)) }
            if field == 2 { event.values.append(Float(bitPattern: UInt32(number(content)))) }
          }
        }
      default: throw Damage()
      }
    }
    return event
  }

  /// A message's fields; a varint comes as the eight bytes of its value.
  private static func fields(_ bytes: ArraySlice<UInt8>) throws -> [(field: UInt64, content: ArraySlice<UInt8>)] {
    var rest = bytes
    var result: [(UInt64, ArraySlice<UInt8>)] = []
    while !rest.isEmpty {
      let key = try varint(&rest)
      switch key & 7 {
      case 0:
        let value = try varint(&rest)
        result.append((key >> 3, (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }[...]))
      case 1: result.append((key >> 3, try take(&rest, 8)))
      case 2:
        let count = Int(try varint(&rest))
        result.append((key >> 3, try take(&rest, count)))
      case 5: result.append((key >> 3, try take(&rest, 4)))
      default: throw Damage()
      }
    }
    return result
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw Damage() }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw Damage()
  }

  private static func take(_ rest: inout ArraySlice<UInt8>, _ count: Int) throws -> ArraySlice<UInt8> {
    guard 0...rest.count ~= count else { throw Damage() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
