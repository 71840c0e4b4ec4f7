// Files whose header is good JSON and says something impossible of its tensors.

import EnsueFiles

private typealias Bytes = SafetensorsBytes

extension BadFile {
  static let dtypes =
    ["null", "1", "[]", #""a""#, "true"].map {
      BadFile("entry \($0)", Bytes.file(#"{"a":\#($0)}"#), "an object expected")
    }
    + ["F31", "f32", "F32 ", "", "F4", "F8_E4M3FN", "C64", "I128", "float32", #"F32\u0000"#].map {
      BadFile("dtype \($0)", Bytes.one("\"\($0)\""), "tensor 'a': unknown dtype", "BOOL", "BF16", "U64")
    }
    + ["null", "32", #"["F32"]"#].map { (text: String) in
      BadFile("dtype \(text)", Bytes.one(text), "tensor 'a': a dtype expected")
    } + [
      BadFile("no dtype", Bytes.one(nil), "tensor 'a': a dtype expected"),
      BadFile("no shape", Bytes.one(#""F32""#, nil), "tensor 'a': a shape expected"),
      BadFile("no offsets", Bytes.one(#""F32""#, "[1]", nil), "data_offsets must be 2 numbers"),
      BadFile("an empty entry", Bytes.file(#"{"a":{}}"#), "a dtype expected"),
      BadFile(
        "fields in capitals", Bytes.file(#"{"a":{"DTYPE":"F32","SHAPE":[],"DATA_OFFSETS":[0,4]}}"#), "a dtype expected"),
    ]

  static let shapes =
    ["1", #""[1]""#, "null", "{}", "true"].map { (text: String) in
      BadFile("shape \(text)", Bytes.one(#""F32""#, text), "a shape expected")
    }
    + ["-1", "-0", #""1""#, "null", "true", "[1]", "{}"].map {
      BadFile("shape [\($0)]", Bytes.one(#""F32""#, "[\($0)]"), "shape: an integer of 0 or more expected, found")
    }
    + ["1.0", "1e0", "1E2", "0.5"].map {
      BadFile("shape [\($0)]", Bytes.one(#""F32""#, "[\($0)]"), "shape: an integer expected, found '\($0)'")
    }
    + ["9223372036854775808", "18446744073709551616", "1" + String(repeating: "0", count: 40)].map {
      BadFile("shape [\($0)]", Bytes.one(#""F32""#, "[\($0)]"), "shape: \($0) is too large")
    } + [
      BadFile(
        "sizes whose product wraps to 4", Bytes.one(#""F32""#, "[4194305,4194305,211106198978564]", "[0,16]", data: 16),
        "tensor 'a': the shape overflows 64 bits"),
      BadFile("2⁶² elements of 4 bytes", Bytes.one(#""F32""#, "[4611686018427387904]", "[0,0]", data: 0), "overflows"),
      BadFile("2³² × 2³²", Bytes.one(#""U8""#, "[4294967296,4294967296]", "[0,0]", data: 0), "overflows 64 bits"),
      BadFile(
        "an overflow before a zero", Bytes.one(#""F32""#, "[4611686018427387904,4,0]", "[0,0]", data: 0), "overflows"),
      BadFile("33 axes", Bytes.one(#""F32""#, "[\(axes(33))]"), "at most 32 axes expected, found 33"),
      BadFile("10,000 axes", Bytes.one(#""F32""#, "[\(axes(10_000))]"), "at most 32 axes expected, found 10000"),
      BadFile(
        "a million numbers in 4 bytes", Bytes.one(#""F32""#, "[1000000]"),
        "the shape needs 4000000 bytes, the offsets give 4"),
      BadFile("a shape too small", Bytes.one(#""F32""#, "[1]", "[0,8]", data: 8), "needs 4 bytes, the offsets give 8"),
      BadFile(
        "a scalar without bytes", Bytes.one(#""F32""#, "[]", "[0,0]", data: 0), "needs 4 bytes, the offsets give 0"),
      BadFile("an empty tensor with bytes", Bytes.one(#""F32""#, "[0,5]"), "needs 0 bytes, the offsets give 4"),
      BadFile("a type too wide", Bytes.one(#""F64""#), "needs 8 bytes, the offsets give 4"),
      BadFile("a type too narrow", Bytes.one(#""BF16""#), "needs 2 bytes, the offsets give 4"),
    ]

  private static func axes(_ count: Int) -> String { Array(repeating: "1", count: count).joined(separator: ",") }

  static let offsets =
    ["[]", "[4]", "[0,4,4]", "null", "4", #""0,4""#, "{}"].map { (text: String) in
      BadFile("offsets \(text)", Bytes.one(#""F32""#, "[1]", text), "tensor 'a': data_offsets must be 2 numbers")
    }
    + ["-1", #""4""#, "null", "[4]", "true", "-0"].flatMap { value in
      ["[\(value),4]", "[0,\(value)]"].map { (text: String) in
        BadFile("offsets \(text)", Bytes.one(#""F32""#, "[1]", text), "data_offsets: an integer of 0 or more expected")
      }
    }
    + ["4.0", "4e0", "0.4e1"].map {
      BadFile(
        "offset \($0)", Bytes.one(#""F32""#, "[1]", "[0,\($0)]"), "data_offsets: an integer expected, found '\($0)'")
    }
    + ["9223372036854775808", "18446744073709551616"].map {
      BadFile("offset \($0)", Bytes.one(#""F32""#, "[1]", "[0,\($0)]"), "data_offsets: \($0) is too large")
    } + [
      BadFile("end before start", Bytes.one(#""F32""#, "[1]", "[4,0]"), "tensor 'a': end 0 before start 4"),
      BadFile(
        "offsets at the end of the numbers",
        Bytes.one(#""F32""#, "[1]", "[9223372036854775803,9223372036854775807]"), "9223372036854775803 unused bytes"),
      BadFile(
        "offsets counted from the file", Bytes.one(#""F32""#, "[1]", "[64,68]"), "64 unused bytes before tensor 'a'"),
    ]

  static let layouts = [
    BadFile("two on one range", Bytes.members(Bytes.entry("a"), Bytes.entry("b"), data: 4), "'a' and 'b' overlap"),
    BadFile(
      "an overlap of two bytes",
      Bytes.members(Bytes.entry("a"), Bytes.entry("b", #""F32""#, "[1]", "[2,6]"), data: 6), "'a' and 'b' overlap"),
    BadFile(
      "one within another",
      Bytes.members(
        Bytes.entry("a", #""F32""#, "[3]", "[0,12]"), Bytes.entry("b", #""F32""#, "[1]", "[4,8]"), data: 12),
      "'a' and 'b' overlap"),
    BadFile(
      "an empty one within another",
      Bytes.members(Bytes.entry("a"), Bytes.entry("b", #""F32""#, "[0]", "[2,2]"), data: 4), "'a' and 'b' overlap"),
    BadFile(
      "a hole at the beginning", Bytes.one(#""F32""#, "[1]", "[4,8]", data: 8), "4 unused bytes before tensor 'a'"),
    BadFile(
      "a hole", Bytes.members(Bytes.entry("a"), Bytes.entry("b", #""F32""#, "[1]", "[8,12]"), data: 12),
      "4 unused bytes before tensor 'b'"),
    BadFile(
      "an empty one beyond the end",
      Bytes.members(Bytes.entry("a"), Bytes.entry("b", #""F32""#, "[0]", "[9,9]"), data: 4),
      "5 unused bytes before tensor 'b'"),
    BadFile("a byte after the last", Bytes.one(data: 5), "1 extra bytes after the last tensor"),
    BadFile(
      "a zip after the last", Bytes.one() + [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18), "22 extra bytes"),
    BadFile("data without a tensor", Bytes.file("{}", data: 4), "4 extra bytes"),
    BadFile("data of an empty tensor", Bytes.one(#""F32""#, "[0]", "[0,0]", data: 4), "4 extra bytes"),
    BadFile("a byte too few", Bytes.one(data: 3), "the tensors need 4 bytes, the file has 3", "It was cut short."),
    BadFile("no data", Bytes.one(data: 0), "the tensors need 4 bytes, the file has 0"),
    BadFile(
      "a terabyte that is not there", Bytes.one(#""F32""#, "[274877906944]", "[0,1099511627776]"), "need 1099511627776"),
    BadFile(
      "5,000 on one range",
      Bytes.file("{\((0..<5_000).map { Bytes.entry("t\($0)") }.joined(separator: ","))}", data: 4), "overlap"),
  ]

  static let names = [
    BadFile("a name with an escape", Bytes.file(#"{"\u001b[31m":1}"#), #"tensor '\u{1b}[31m'"#),
    BadFile("a name with a line break", Bytes.file(#"{"a\nb":1}"#), #"tensor 'a\nb'"#),
    BadFile("a name with NUL", Bytes.file(#"{"\u0000":1}"#), #"tensor '\u{0}'"#),
    BadFile("a name that turns the text around", Bytes.file(#"{"\u202eabc":1}"#), #"tensor '\u{202e}abc'"#),
    BadFile("a name like a path", Bytes.file(#"{"/../a":1}"#), "tensor '/../a': an object expected"),
    BadFile(
      "a name of 4,097 bytes", Bytes.members(Bytes.entry(String(repeating: "x", count: 4097)), data: 4),
      "…': a name of at most 4096 bytes expected"),
    BadFile(
      "a name of 1 MB", Bytes.members(Bytes.entry(String(repeating: "x", count: 1 << 20)), data: 4), "at most 4096"),
  ]
}
