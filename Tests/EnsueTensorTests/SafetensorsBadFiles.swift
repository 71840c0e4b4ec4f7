// Files that the safetensors reader must refuse, each with words of the message that names what is wrong.

import EnsueFiles
import Testing

struct BadFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let words: [String]

  init(_ description: String, _ bytes: [UInt8], _ words: String...) {
    (testDescription, self.bytes, self.words) = (description, bytes, words)
  }

  /// A file with nothing but a header.
  fileprivate init(_ description: String, header: String, _ words: String...) {
    (testDescription, bytes, self.words) = (description, SafetensorsBytes.file(header), words)
  }

  static let all = lengths + otherFormats + texts + json + metadata + dtypes + shapes + offsets + layouts + names
}

private typealias Bytes = SafetensorsBytes

extension BadFile {
  fileprivate static let lengths: [BadFile] =
    (0...7).map {
      BadFile("\($0) bytes", [UInt8](repeating: 1, count: $0), "at least 8 bytes expected", "found \($0)")
    } + [
      BadFile("length 0", Bytes.length(0), "the header is empty"),
      BadFile("length 0 and data", Bytes.length(0) + [1, 2, 3, 4], "the header is empty"),
      BadFile("length 2⁶⁴ - 1", Bytes.length(.max), "header length 18446744073709551615 exceeds the limit 100000000"),
      BadFile("length 2⁶³", Bytes.length(1 << 63), "header length 9223372036854775808 exceeds the limit 100000000"),
      BadFile(
        "length over the limit", Bytes.length(100_000_001), "header length 100000001 exceeds the limit 100000000"),
      BadFile("length at the limit", Bytes.length(100_000_000), "the header needs 100000000 bytes, the file has 0"),
      BadFile("length 1 and nothing", Bytes.length(1), "the header needs 1 bytes, the file has 0", "cut short"),
      BadFile("length one too large", Bytes.length(3) + Array("{}".utf8), "the header needs 3 bytes, the file has 2"),
      BadFile("length as large as the file", Bytes.length(10) + Array("{}".utf8), "the header needs 10 bytes"),
      BadFile("length one too small", Bytes.length(1) + Array("{}".utf8), "@9", "a key in quotes expected"),
      BadFile("length in the wrong byte order", [0, 0, 0, 0, 0, 0, 0, 2] + Array("{}".utf8), "exceeds the limit"),
    ]

  fileprivate static let otherFormats = [
    BadFile("zip", [0x50, 0x4B, 3, 4, 0x14, 0, 0, 0, 8, 0, 0, 0], "found a PyTorch pickle or zip file", "Convert it"),
    BadFile("PyTorch zip", [0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0, 0, 0, 0], "found a PyTorch pickle or zip file"),
    BadFile(
      "PyTorch pickle", [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E],
      "found a PyTorch pickle or zip file", "Convert it to safetensors."),
    BadFile("pickle, protocol 3", [0x80, 3, 0x7D, 0x71, 0, 0x58, 4, 0, 0, 0], "found a PyTorch pickle or zip file"),
    BadFile(
      "pickle, protocol 4", [0x80, 4, 0x95, 0x1A, 0, 0, 0, 0, 0, 0, 0, 0x7D], "found a PyTorch pickle or zip file"),
    BadFile("GGUF", Array("GGUF".utf8) + [3, 0, 0, 0, 0, 0, 0, 0], "found a GGUF file", "Convert it to safetensors."),
    BadFile(
      "Git LFS pointer", Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n".utf8),
      "found a Git LFS pointer", "git lfs pull"),
    BadFile("HTML", Array("<!DOCTYPE html><title>404</title>".utf8), "found an HTML page", "fetch the file again"),
    BadFile("HTML without a type", Array("<html><body>".utf8), "found an HTML page"),
    BadFile("HTML in small letters", Array("<!doctype html>".utf8), "found an HTML page"),
    BadFile("JSON", Array(#"{"weights": [1, 2]}"#.utf8), "header length", "exceeds the limit"),
    BadFile("NumPy", [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0], "exceeds the limit"),
    BadFile("HDF5", [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], "found an HDF5 file"),
    BadFile(
      "gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "the header needs 559903 bytes, the file has 2", "cut short"),
  ]

  fileprivate static let texts = [
    BadFile(
      "invalid UTF-8 in a key", Bytes.file(Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)), "@9", "invalid UTF-8"),
    BadFile(
      "invalid UTF-8 in a value", Bytes.file(Array(#"{"a":{"dtype":""#.utf8) + [0xC3] + Array(#""}}"#.utf8)),
      "invalid UTF-8"),
    BadFile("overlong UTF-8", Bytes.file(Array("{\"".utf8) + [0xC0, 0x80] + Array("\":1}".utf8)), "invalid UTF-8"),
    BadFile("a surrogate in UTF-8", Bytes.file(Array("{\"".utf8) + [0xED, 0xA0, 0x80] + Array("\":1}".utf8)), "UTF-8"),
    BadFile("invalid UTF-8 outside strings", Bytes.file([0xFF] + Array("{}".utf8)), "@8", "a JSON value expected"),
    BadFile("byte order mark", Bytes.file([0xEF, 0xBB, 0xBF] + Array("{}".utf8)), "byte order mark"),
    BadFile("UTF-16", Bytes.file([0x7B, 0, 0x7D, 0]), "a key in quotes expected"),
    BadFile("padded with NUL", Bytes.file(Array("{}".utf8) + [0, 0, 0, 0, 0, 0]), "@10", "found more text"),
    BadFile("NUL alone", Bytes.file([0]), "@8", "a JSON value expected"),
    BadFile("spaces alone", header: "   ", "@11", "found the end"),
    BadFile("half of a surrogate pair", header: #"{"\ud800":1}"#, "surrogate"),
    BadFile("surrogates in the wrong order", header: #"{"\udc00\ud800":1}"#, "surrogate"),
    BadFile("a pair of first halves", header: #"{"\ud800\ud800":1}"#, "surrogate"),
    BadFile("a wrong escape", header: #"{"\x41":1}"#, "unknown escape"),
    BadFile("a wrong hexadecimal escape", header: #"{"\u12G4":1}"#, "four hexadecimal digits"),
    BadFile("a signed hexadecimal escape", header: #"{"\u+123":1}"#, "four hexadecimal digits"),
    BadFile("a line break in a string", header: "{\"a\nb\":1}", "control character"),
    BadFile("a tab in a string", header: "{\"a\tb\":1}", "control character"),
    BadFile("a string without its end", header: #"{"a":{"dtype":"F3"#, "inside the string that began at byte 22"),
    BadFile("an escape without its end", header: #"{"a\"#, "the end came inside a string"),
  ]

  fileprivate static let json = [
    BadFile("an array", header: "[]", "the header must be a JSON object, found an array"),
    BadFile("a string", header: #""a""#, "the header must be a JSON object, found a string"),
    BadFile("a number", header: "12345678", "the header must be a JSON object, found a number"),
    BadFile("true", header: "true", "the header must be a JSON object, found true or false"),
    BadFile("null", header: "null", "the header must be a JSON object, found null"),
    BadFile("tru", header: "tru", "true expected"),
    BadFile("two objects", header: "{}{}", "@10", "found more text"),
    BadFile("text after the object", header: "{} x", "@11", "found more text"),
    BadFile("an object without its end", header: "{", "a key in quotes expected"),
    BadFile("no value", header: #"{"a":"#, "a value expected, found the end"),
    BadFile("no colon", header: #"{"a" 1}"#, "':' expected after the key 'a'"),
    BadFile("no comma", header: #"{"a":1 "b":2}"#, "',' or '}' expected"),
    BadFile("a comma at the end", header: #"{"a":1,}"#, "a key in quotes expected"),
    BadFile("a key without quotes", header: "{a:1}", "a key in quotes expected"),
    BadFile("single quotes", header: "{'a':1}", "a key in quotes expected"),
    BadFile("a comment", header: "/* */{}", "a JSON value expected"),
    BadFile("an array without its end", header: #"{"a":[1"#, "',' or ']' expected"),
    BadFile("a comma at the end of an array", header: #"{"a":[1,]}"#, "a JSON value expected"),
    BadFile("NaN", header: #"{"a":NaN}"#, "a JSON value expected"),
    BadFile("Infinity", header: #"{"a":-Infinity}"#, "a digit expected"),
    BadFile("a plus sign", header: #"{"a":+1}"#, "a JSON value expected"),
    BadFile("a number that begins with a point", header: #"{"a":.5}"#, "a JSON value expected"),
    BadFile("a number that ends with a point", header: #"{"a":1.}"#, "a digit expected"),
    BadFile("an exponent without digits", header: #"{"a":1e}"#, "a digit expected"),
    BadFile("a leading zero", Bytes.one(#""F32""#, "[01]"), "',' or ']' expected"),
    BadFile("a hexadecimal number", Bytes.one(#""F32""#, "[0x1]"), "',' or ']' expected"),
    BadFile("a tensor twice", Bytes.members(Bytes.entry(), Bytes.entry(), data: 4), "'a' appears twice"),
    BadFile(
      "a tensor twice with two types", Bytes.members(Bytes.entry(), Bytes.entry("a", #""I32""#), data: 4),
      "'a' appears twice"),
    BadFile(
      "a tensor twice in two spellings", Bytes.members(Bytes.entry(), Bytes.entry(#"\u0061"#), data: 4),
      "'a' appears twice"),
    BadFile(
      "a field twice", Bytes.file(#"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#, data: 4),
      "'shape' appears twice"),
    BadFile("metadata twice", header: #"{"__metadata__":{},"__metadata__":{}}"#, "'__metadata__' appears twice"),
    BadFile("a metadata key twice", header: #"{"__metadata__":{"k":"1","k":"2"}}"#, "'k' appears twice"),
    BadFile("100,000 arrays", header: #"{"a":"# + String(repeating: "[", count: 100_000), "nesting deeper than 64"),
    BadFile("65 objects", header: String(repeating: #"{"a":"#, count: 65) + "1", "nesting deeper than 64"),
    BadFile(
      "a deep unknown field",
      Bytes.file(
        #"{"a":{"x":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
          + #","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4), "nesting deeper than 64"),
  ]

  fileprivate static let metadata =
    ["[]": "an array", #""x""#: "a string", "null": "null", "1": "a number", "true": "true or false"].sorted {
      $0.key < $1.key
    }.map {
      BadFile("metadata \($0)", header: #"{"__metadata__":\#($0)}"#, "__metadata__ must be an object, found \($1)")
    }
    + ["1": "a number", "null": "null", "{}": "an object", #"["x"]"#: "an array", "true": "true or false"].sorted {
      $0.key < $1.key
    }.map {
      BadFile(
        "metadata with \($0)", header: #"{"__metadata__":{"ok":"x","k":\#($0)}}"#, "strings only", "found \($1) for 'k'"
      )
    }
}
