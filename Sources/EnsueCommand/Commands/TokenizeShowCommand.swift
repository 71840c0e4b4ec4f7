// ensue tokenize show: what a tokenizer is made of.

import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueText

extension ProgramCommand {
  static let tokenizeShow = ProgramCommand(
    Command(
      "tokenize show", group: "Text", "what a tokenizer is made of",
      examples: [CommandExample("of GPT-2", "ensue tokenize show gpt2/")],
      positionals: [tokenizerArgument],
      options: [
        .value("longest", .integer(0...1000), placeholder: "N", default: "10", "how many of the longest pieces to list")
      ])
  ) { arguments, output in
    let tokenizer = try arguments.tokenizer()
    for line in TokenizerOutline(tokenizer).lines(longest: arguments.integer("longest") ?? 10) {
      try output.writeLine(line)
    }
  }
}

/// A tokenizer in a few lines, from its tokenizer.json.
struct TokenizerOutline {
  private let tokenizer: SubwordTokenizer
  private let root: JSONObject

  init(_ tokenizer: SubwordTokenizer) {
    self.tokenizer = tokenizer
    root = tokenizer.json.objectValue ?? JSONObject()
  }

  func lines(longest: Int) -> [String] {
    let model = root["model"]?.objectValue
    var rows = [
      ("model", model?["type"]?.stringValue ?? "none"), ("ids", Format.count(tokenizer.vocabularySize)),
    ]
    if let merges = model?["merges"]?.arrayValue { rows.append(("merges", Format.count(merges.count))) }
    for part in ["normalizer", "pre_tokenizer", "post_processor", "decoder"] {
      rows.append(
        (part.split(separator: "_").joined(separator: "-"), TokenizerOutline.names(root[part]).joined(separator: ", ")))
    }
    rows.append(("special", specialTokens.isEmpty ? "none" : specialTokens.joined(separator: " ")))
    var lines = rows.map { name, value in
      name + String(repeating: " ", count: max(16 - name.utf8.count, 1)) + (value.isEmpty ? "none" : value)
    }
    if longest > 0 { lines.append("longest pieces:") }
    for token in longestTokens(longest) { lines.append("  \(ExitStatus.escaped(token))") }
    return lines
  }

  /// The names of a component and those inside it, from the outside in.
  private static func names(_ component: JSONValue?) -> [String] {
    guard let object = component?.objectValue, let name = object["type"]?.stringValue else { return [] }
    let inner = ["normalizers", "pretokenizers", "processors", "decoders"].compactMap { object[$0]?.arrayValue }.first
    return inner.map { $0.flatMap { names($0) } } ?? [name]
  }

  private var specialTokens: [String] {
    (root["added_tokens"]?.arrayValue ?? []).compactMap { token in
      guard let content = token.objectValue?["content"]?.stringValue else { return nil }
      return "\(ExitStatus.escaped(content)) (\(token.objectValue?["id"]?.integerValue ?? -1))"
    }
  }

  private func longestTokens(_ count: Int) -> [String] {
    let tokens = (0..<tokenizer.vocabularySize).compactMap { tokenizer.token(of: Int32($0)) }
    let sorted = tokens.enumerated().sorted {
      let (left, right) = ($0.element.unicodeScalars.count, $1.element.unicodeScalars.count)
      return left != right ? left > right : $0.offset < $1.offset
    }
    return sorted.prefix(count).map(\.element)
  }
}
