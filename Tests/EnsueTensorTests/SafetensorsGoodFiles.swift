// Small files that the safetensors reader must accept, unusual as they are.

import EnsueTensor
import Testing

/// A file and what is in it.
struct GoodFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  /// Names and shapes in the order of the bytes.
  let tensors: [(name: String, sizes: [Int])]
  let warnings: [String]

  init(_ description: String, _ bytes: [UInt8], _ tensors: [(String, [Int])], warnings: [String] = []) {
    (testDescription, self.bytes, self.tensors, self.warnings) = (description, bytes, tensors, warnings)
  }

  private typealias Bytes = SafetensorsBytes
  private static let a = ("a", [1])

  static let all: [GoodFile] = [
    GoodFile("no tensors", Bytes.file("{}"), []),
    GoodFile("no tensors, a space", Bytes.file("{ }"), []),
    GoodFile("one scalar", Bytes.one(#""F32""#, "[]"), [("a", [])]),
    GoodFile("white space before", Bytes.file(" \n\t\r{\(Bytes.entry())}", data: 4), [a]),
    GoodFile("white space after", Bytes.file("{\(Bytes.entry())}    \n", data: 4), [a]),
    GoodFile(
      "white space within",
      Bytes.file(#"{ "a" : {"dtype": "F32", "shape" :[ 1 ] , "data_offsets":[ 0, 4 ]} }"#, data: 4), [a]),
    GoodFile("empty metadata", Bytes.members(#""__metadata__":{}"#, Bytes.entry(), data: 4), [a]),
    GoodFile("metadata last", Bytes.members(Bytes.entry(), #""__metadata__":{"format":"pt"}"#, data: 4), [a]),
    GoodFile(
      "an empty tensor that shares its offset",
      Bytes.members(Bytes.entry(), Bytes.entry("b", #""F32""#, "[0,3]", "[0,0]"), data: 4), [("b", [0, 3]), a]),
    GoodFile(
      "empty tensors alone", Bytes.members(Bytes.entry("a", #""F32""#, "[0]", "[0,0]"), data: 0), [("a", [0])]),
    GoodFile(
      "an empty tensor at the end",
      Bytes.members(Bytes.entry(), Bytes.entry("b", #""F64""#, "[2,0]", "[4,4]"), data: 4), [a, ("b", [2, 0])]),
    GoodFile(
      "a header in another order than the bytes",
      Bytes.members(
        Bytes.entry("z", #""F32""#, "[1]", "[12,16]"), Bytes.entry("y", #""F32""#, "[1]", "[0,4]"),
        Bytes.entry("x", #""F64""#, "[1]", "[4,12]"), data: 16), [("y", [1]), ("x", [1]), ("z", [1])]),
    GoodFile(
      "numbers at odd addresses",
      Bytes.members(
        Bytes.entry("b", #""F16""#, "[1]", "[0,2]"), Bytes.entry("c", #""F64""#, "[1]", "[2,10]"), data: 10),
      [("b", [1]), ("c", [1])]),
    GoodFile(
      "fields in another order", Bytes.file(#"{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}"#, data: 4), [a]),
    GoodFile(
      "an unknown field",
      Bytes.file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"scale":[1,{}]}}"#, data: 4), [a],
      warnings: ["tensor 'a' has the unknown field 'scale'"]),
    GoodFile("escapes in a name", Bytes.members(Bytes.entry(#"\u0061\ud83d\ude00"#), data: 4), [("a\u{1F600}", [1])]),
    GoodFile("an empty name", Bytes.members(Bytes.entry(""), data: 4), [("", [1])]),
    GoodFile(
      "names equal but for their composition",
      Bytes.members(Bytes.entry("\u{E9}"), Bytes.entry("e\u{301}", #""F32""#, "[]", "[4,8]"), data: 8),
      [("\u{E9}", [1]), ("e\u{301}", [])]),
    GoodFile("six axes", Bytes.one(#""F32""#, "[1,1,1,1,1,1]"), [("a", [1, 1, 1, 1, 1, 1])]),
    GoodFile("NaN", Bytes.file(Array("{\(Bytes.entry())}".utf8), data: [0, 0, 0xC0, 0x7F]), [a]),
    GoodFile("an infinity", Bytes.file(Array("{\(Bytes.entry())}".utf8), data: [0, 0, 0x80, 0xFF]), [a]),
    GoodFile("a header of 640 bytes, which begins like a pickle", padded(to: 640), [a]),
    GoodFile("a header of 1,152 bytes, which begins like a pickle", padded(to: 1152), [a]),
    GoodFile(
      "a name of 4,096 bytes", Bytes.members(Bytes.entry(String(repeating: "x", count: 4096)), data: 4),
      [(String(repeating: "x", count: 4096), [1])]),
  ]

  private static func padded(to count: Int) -> [UInt8] {
    let header = Array("{\(Bytes.entry())}".utf8)
    return Bytes.file(header + [UInt8](repeating: 0x20, count: count - header.count), data: [0, 0, 0, 0])
  }

  /// Six of different make, for what is done to every byte and bit.
  static let damaged = [
    "one scalar", "metadata last", "an empty tensor that shares its offset", "numbers at odd addresses",
    "a header in another order than the bytes", "an unknown field",
  ].compactMap { name in all.first { $0.testDescription == name } }
}
