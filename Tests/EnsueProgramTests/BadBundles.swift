// Bundles that must be refused: weights, configuration and vocabulary.

import EnsueFiles
import Foundation
import Testing

extension BadCase {
  /// A prediction with a damaged copy of a good run.
  private static func bundle(
    _ name: String, _ code: Int32, _ words: String..., damage: @escaping @Sendable (Sandbox) throws -> Void
  ) -> BadCase {
    BadCase(name, line: "predict run good", code, words) { sandbox in
      try sandbox.addRun()
      try damage(sandbox)
    }
  }

  private static let weightFile = "run/bundle/model.safetensors"
  private static let bundleSettings = "run/bundle/configuration.json"
  private static let vocabulary = "run/bundle/vocabulary.txt"

  private static func weights(_ name: String, _ start: String, _ words: String...) -> BadCase {
    BadCase(name, line: "predict run good", 65, [weightFile] + words) { sandbox in
      try sandbox.addRun()
      try sandbox.write(Array(start.utf8) + [UInt8](repeating: 0x20, count: 200), weightFile)
    }
  }

  private static func rate(_ name: String, _ value: String, from usual: String = "0") -> BadCase {
    bundle("\(name) \(value)", 65, bundleSettings, "rates") {
      try $0.replace("\"\(name)\": \(usual)", with: "\"\(name)\": \(value)", in: bundleSettings)
    }
  }

  static let bundles: [BadCase] = [
    BadCase("no such run", "predict gone good", 66, "gone", "found nothing"),
    BadCase("a file as run", "predict data.tsv good", 66, "data.tsv", "found a file"),
    BadCase("a folder without a bundle", "predict . good", 66, "configuration.json"),
    bundle("weights missing", 66, weightFile) { try $0.remove(weightFile) },
    bundle("weights empty", 65, weightFile, "8 bytes") { try $0.write([], weightFile) },
    bundle("weights cut short", 65, weightFile, "cut short") {
      try $0.write(Array(try $0.bytes(weightFile).dropLast(100)), weightFile)
    },
    bundle("weights with bytes appended", 65, weightFile, "extra bytes") {
      try $0.write(try $0.bytes(weightFile) + [0, 0], weightFile)
    },
    bundle("a bit of a weight flipped", 65, weightFile, "damaged") { sandbox in
      var bytes = try sandbox.bytes(weightFile)
      bytes[bytes.count - 7] ^= 4
      try sandbox.write(bytes, weightFile)
    },
    bundle("the header's length flipped", 65, weightFile) { sandbox in
      var bytes = try sandbox.bytes(weightFile)
      bytes[6] = 0x7F
      try sandbox.write(bytes, weightFile)
    },
    weights("weights are a GGUF file", "GGUF\u{3}", "GGUF"),
    weights("weights are a zip file", "PK\u{3}\u{4}", "PyTorch"),
    weights("weights are a web page", "<!DOCTYPE html>", "HTML"),
    weights("weights are a Git LFS pointer", "version https://git-lfs.github.com/spec/v1", "git lfs pull"),
    bundle("weights are a pickle", 65, weightFile, "pickle") { sandbox in
      try sandbox.write([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19], weightFile)
    },
    bundle("weights that are NaN", 65, weightFile, "finite") { sandbox in
      try sandbox.write(WeightFile(sandbox.bytes(weightFile)).filled(with: .nan), weightFile)
    },
    bundle("weights of another model", 65, weightFile, "expected") { sandbox in
      try sandbox.replace("\"hiddenSize\": 4", with: "\"hiddenSize\": 5", in: bundleSettings)
    },
    bundle("weights of another kind", 65, weightFile, "expected") { sandbox in
      try sandbox.replace("\"kind\": \"lstm\"", with: "\"kind\": \"gru\"", in: bundleSettings)
      // As before bundles had their cell's equations, which go before its name.
      try sandbox.replace("\"equations\"", with: "\"unread\"", in: bundleSettings)
    },
    bundle("bundle settings missing", 66, "configuration.json") { try $0.remove(bundleSettings) },
    bundle("bundle settings empty", 65, bundleSettings) { try $0.write("", bundleSettings) },
    bundle("bundle settings cut", 65, bundleSettings) { try $0.write("{\"format\": 1,", bundleSettings) },
    bundle("bundle settings are a list", 65, bundleSettings, "an object") { try $0.write("[]", bundleSettings) },
    bundle("bundle of a newer format", 65, bundleSettings, "format 1 expected, found 2") { sandbox in
      try sandbox.replace("\"format\": 1", with: "\"format\": 2", in: bundleSettings)
    },
    bundle("bundle of another task", 65, bundleSettings, "task") {
      try $0.replace("\"classify\"", with: "\"translate\"", in: bundleSettings)
    },
    bundle("unknown tokenizer", 65, bundleSettings, "tokenizer", "wordz") { sandbox in
      try sandbox.replace("\"tokenizer\": \"words\"", with: "\"tokenizer\": \"wordz\"", in: bundleSettings)
    },
    bundle("a negative size", 65, bundleSettings, "sizes") {
      try $0.replace("\"hiddenSize\": 4", with: "\"hiddenSize\": -4", in: bundleSettings)
    },
    bundle("a huge size", 65, bundleSettings, "sizes") { sandbox in
      try sandbox.replace("\"hiddenSize\": 4", with: "\"hiddenSize\": 4611686018427387904", in: bundleSettings)
    },
    bundle("a size beyond 64 bits", 65, bundleSettings, "architecture") { sandbox in
      try sandbox.replace("\"hiddenSize\": 4", with: "\"hiddenSize\": 1e30", in: bundleSettings)
    },
    bundle("more layers than weights", 65, weightFile) {
      try $0.replace("\"layerCount\": 1", with: "\"layerCount\": 64", in: bundleSettings)
    },
    rate("recurrentDropout", "1"), rate("zoneout", "1.5"), rate("wordDropout", "-0.5"), rate("leak", "0", from: "1"),
    bundle("equations that are no cell", 65, bundleSettings, "architecture: cell formula:1") {
      try $0.replace("\"cellFormula\": \"\"", with: "\"cellFormula\": \"state h\"", in: bundleSettings)
    },
    bundle("labels that are numbers", 65, bundleSettings, "labels") {
      try $0.replace("\"neg\"", with: "3", in: bundleSettings)
    },
    bundle("a label twice", 65, bundleSettings, "labels") {
      try $0.replace("\"neg\"", with: "\"pos\"", in: bundleSettings)
    },
    bundle("one label too many", 65, bundleSettings) {
      try $0.replace("\"neg\"", with: "\"neg\", \"meh\"", in: bundleSettings)
    },
    bundle("vocabulary missing", 66, vocabulary) { try $0.remove(vocabulary) },
    bundle("vocabulary empty", 65, vocabulary, "<pad>") { try $0.write("", vocabulary) },
    bundle("vocabulary with fewer tokens than weights", 65, vocabulary, "tokens expected, found 2") { sandbox in
      try sandbox.write("<pad>\n<unk>\n", vocabulary)
    },
    bundle("vocabulary with a token twice", 65, vocabulary, "each token once") { sandbox in
      try sandbox.write("<pad>\n<unk>\na\na\n", vocabulary)
    },
    bundle("vocabulary cut short", 65, vocabulary, "line end") { try $0.write("<pad>\n<unk>\nab", vocabulary) },
  ]
}

/// A safetensors file taken apart far enough to spoil it.
struct WeightFile {
  private let header: [UInt8]
  private let byteCount: Int

  init(_ bytes: [UInt8]) throws {
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try JSONValue.parse(Array(bytes[8..<8 + length]), name: "weights")
    // Without the digest, as a file that another program wrote.
    var object = try #require(json.objectValue)
    object["__metadata__"] = nil
    header = Array(JSONValue.object(object).description.utf8)
    byteCount = bytes.count - 8 - length
  }

  /// The file with every number replaced.
  func filled(with value: Float) -> [UInt8] {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let number = (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    return length + header + (0..<byteCount / 4).flatMap { _ in number }
  }
}
