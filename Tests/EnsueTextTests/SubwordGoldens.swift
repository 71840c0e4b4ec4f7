// Ids and texts of the Hugging Face library, made by Tests/Goldens/subword-tokenizers.py.

import EnsueFiles
import EnsueText

/// The golden file and the tokenizers that it is about.
enum SubwordGoldens {
  static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    .joined(separator: "/") + "/Goldens"

  static let file = try? JSONValue.contents(of: "\(folder)/subword-tokenizers.json").objectValue

  static let texts = file?["texts"]?.arrayValue?.compactMap(\.stringValue) ?? []

  static let pairs = (file?["pairs"]?.arrayValue ?? []).map { pair in pair.arrayValue?.compactMap(\.stringValue) ?? [] }

  static func names(_ kind: String) -> [String] { file?[kind]?.objectValue?.keys ?? [] }

  static func entry(_ kind: String, _ name: String) throws -> JSONObject {
    guard let entry = file?[kind]?.objectValue?[name]?.objectValue else {
      throw Failure(.data, at: "subword-tokenizers.json", "\(kind) \(name) expected, found none")
    }
    return entry
  }

  static func small(_ name: String) throws -> SubwordTokenizer {
    try SubwordTokenizer(contentsOf: "\(folder)/subword-tokenizers/\(name).json")
  }

  static func real(_ name: String) throws -> SubwordTokenizer {
    try SubwordTokenizer(contentsOf: "\(dataFolder)/tokenizers/\(name)")
  }

  static func tokenizer(_ kind: String, _ name: String) throws -> SubwordTokenizer {
    kind == "small" ? try small(name) : try real(name)
  }

  static func ids(_ json: JSONValue?) -> [Int32] { (json?.arrayValue ?? []).map { Int32($0.integerValue ?? -1) } }

  static let hasRealFiles = InputFile.exists("\(dataFolder)/tokenizers/gpt2/vocab.json")
}

/// Texts of a size, by the same few lines as in the script.
enum SubwordGoldenTexts {
  static func greek(_ size: Int) -> [UInt8] {
    var source = SeededGenerator(seed: 11)
    var text: [UInt8] = []
    while text.count < size {
      var word = ""
      let length = 1 + source.below(9)
      for _ in 0..<length { word.unicodeScalars.append(scalar(0x3B1 + source.below(25))) }
      if source.below(3) == 0 { word.unicodeScalars.append(scalar(0x3AC + source.below(4))) }
      if source.below(8) == 0 { word += [",", ";", ".", "!"][source.below(4)] }
      text += Array((word + " ").utf8)
    }
    return text
  }

  static func emoji(_ size: Int) -> [UInt8] {
    var source = SeededGenerator(seed: 12)
    let joins = ["", "", "", " ", "\u{200d}", "\u{fe0f}", "\u{1f3fd}", "a", "1\u{fe0f}\u{20e3}", "\n"]
    var text: [UInt8] = []
    while text.count < size {
      let value = source.below(2) == 1 ? 0x1F600 + source.below(80) : 0x1F300 + source.below(0x600)
      text += Array(String(scalar(value)).utf8) + Array(joins[source.below(10)].utf8)
    }
    return text
  }

  static func noise(_ size: Int) -> [UInt8] {
    var source = SeededGenerator(seed: 13)
    return (0..<size).map { _ in UInt8(source.next() >> 56) }
  }

  /// Words with the special tokens of every family among them, with white space around and without.
  static func special(_ size: Int) -> [UInt8] {
    var source = SeededGenerator(seed: 14)
    let tokens = [
      "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>", "<|endoftext|>",
      "<start>", "<stop>", "[cls]", "<S>", "[MASK", "mask>",
    ]
    let words = ["film", "was", "good", "Was", "Wolken", "a", "1999", ".", "\u{e9}", "\u{65e5}", "\u{2581}"]
    let joins = ["", " ", " ", "  ", "\n", "\t", "\u{a0}"]
    var text: [UInt8] = []
    while text.count < size {
      let part = source.below(2) == 1 ? tokens[source.below(17)] : words[source.below(11)]
      text += Array(part.utf8) + Array(joins[source.below(7)].utf8)
    }
    return text
  }

  static func generated(_ name: String, _ size: Int) -> [UInt8]? {
    switch name {
    case "special": special(size)
    case "greek": greek(size)
    case "emoji": emoji(size)
    case "noise": noise(size)
    default: nil
    }
  }

  /// The beginning of a file of the data folder, up to the end of a character.
  static func read(_ name: String, _ size: Int) throws -> [UInt8] {
    let paths = [
      "english": "wikitext-2/train.txt", "german": "multi30k/raw/train.de", "japanese": "enja/train.ja",
    ]
    var bytes = Array(try InputFile.contents(of: "\(dataFolder)/\(paths[name] ?? name)").prefix(size))
    while String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
    return bytes
  }

  private static func scalar(_ value: Int) -> Unicode.Scalar { Unicode.Scalar(UInt32(value)) ?? " " }
}

extension SeededGenerator {
  /// A number below a bound, as the golden script makes it.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// The digest of ids as the golden scripts write it.
func idDigest(_ ids: [Int32]) -> String { ids.withUnsafeBytes { Digest(of: $0) }.description }
