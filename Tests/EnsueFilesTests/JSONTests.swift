import EnsueFiles
import Testing

/// A text that is not JSON, or not the JSON Ensue reads, and words of the message.
struct BadJSON: Sendable, CustomTestStringConvertible {
  let text: String
  let words: String
  var testDescription: String { String(text.prefix(30)) }

  static let all: [BadJSON] = [
    BadJSON(text: "", words: "a value expected, found the end"),
    BadJSON(text: "{", words: "a key in quotes expected"),
    BadJSON(text: "{\"a\":1,}", words: "a key in quotes expected"),
    BadJSON(text: "[1,]", words: "a JSON value expected"),
    BadJSON(text: "[1 2]", words: "',' or ']' expected"),
    BadJSON(text: "{\"a\" 1}", words: "':' expected"),
    BadJSON(text: "{\"a\":1,\"a\":2}", words: "'a' appears twice"),
    BadJSON(text: "01", words: "the end expected"),
    BadJSON(text: "1.", words: "a digit expected"),
    BadJSON(text: "-", words: "a digit expected"),
    BadJSON(text: "1e", words: "a digit expected"),
    BadJSON(text: "nul", words: "null expected"),
    BadJSON(text: "NaN", words: "a JSON value expected"),
    BadJSON(text: "\"abc", words: "the end came inside the string"),
    BadJSON(text: "\"a\nb\"", words: "a control character must be escaped"),
    BadJSON(text: "\"\\x\"", words: "unknown escape"),
    BadJSON(text: "\"\\ud800\"", words: "half of a surrogate pair"),
    BadJSON(text: "\"\\ud800\\u0041\"", words: "half of a surrogate pair"),
    BadJSON(text: "\"\\u00g0\"", words: "four hexadecimal digits"),
    BadJSON(text: "{} x", words: "the end expected"),
    BadJSON(text: "\u{FEFF}{}", words: "byte order mark"),
    BadJSON(text: String(repeating: "[", count: 100_000), words: "nesting deeper than 64"),
  ]
}

@Test(arguments: BadJSON.all) func badJSONIsRefusedWithAPlace(_ bad: BadJSON) throws {
  let failure = #expect(throws: Failure.self) { try JSONValue.parse(Array(bad.text.utf8), name: "x.json") }
  #expect(failure?.kind == .data)
  #expect(failure?.description.contains(bad.words) == true, "\(failure?.description ?? "")")
  #expect(failure?.place.hasPrefix("x.json@") == true)
}

@Test func invalidUTF8IsRefused() {
  #expect(throws: Failure.self) { try JSONValue.parse([0x22, 0xFF, 0x22], name: "x") }
}

@Test func whatIsWrittenReadsBackEqual() throws {
  let value = try JSONValue.parse(
    Array(#" {"é":[1,-2.5e3,true,null,"\u0001\"\\\n\ud83d\ude00"],"e\u0301":{}} "#.utf8), name: "x")
  #expect(value.objectValue?.keys.count == 2, "composed and decomposed é are two keys")
  #expect(try JSONValue.parse(Array(value.description.utf8), name: "x") == value)
  #expect(try JSONValue.parse(Array(value.indented.utf8), name: "x") == value)
}

@Test func numbersThatJSONLacksAreStrings() {
  #expect(JSONValue.number(Double.nan).description == "\"NaN\"")
  #expect(JSONValue.number(-Double.infinity).description == "\"-inf\"")
  #expect(JSONValue.number(3.0).description == "3")
  #expect(JSONValue.number(0.1).doubleValue == 0.1)
}
