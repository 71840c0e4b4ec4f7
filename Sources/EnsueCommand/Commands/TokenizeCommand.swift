// ensue tokenize encode, decode: text to ids and back.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueTasks
import EnsueText

extension ProgramCommand {
  static let tokenizeEncode = ProgramCommand(
    Command(
      "tokenize encode", group: "Text", "text to ids",
      discussion: """
        One line of ids, with spaces between, for each line of text. TOKENIZER is a tokenizer.json, an older file of \
        Hugging Face's (vocab.txt, or vocab.json with merges.txt beside it), a SentencePiece .model, or a folder with \
        one of them. A model's folder is read as the model reads it: of older files config.json's family numbers the \
        pieces and says what stands around a text; of a translation model the tokenizer is the source's.
        """,
      examples: [
        CommandExample("the ids of a file", "ensue tokenize encode tokenizer.json input.txt > ids.txt"),
        CommandExample("what the pieces are", "echo unbelievable | ensue tokenize encode tokenizer.json --tokens"),
      ],
      positionals: [
        tokenizerArgument, Positional("FILE", .path, .any, "texts in UTF-8; none, or -, is standard input"),
      ],
      options: [
        .flag("tokens", "pieces in place of ids"),
        .flag("special", "with the special tokens that the tokenizer puts around a text"),
        .flag("whole", "each file as one text, line ends included"),
        .value(
          "bad-bytes", .choice(BadBytePolicy.allCases.map(\.rawValue)), default: BadBytePolicy.reject.rawValue,
          BadBytePolicy.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
      ])
  ) { arguments, output in
    let tokenizer = try arguments.tokenizer()
    let writer = SubwordWriter(
      tokenizer: tokenizer, showsTokens: arguments.flag("tokens"), addsSpecialTokens: arguments.flag("special"))
    let files = arguments.positionals("FILE")
    for path in files.isEmpty ? ["-"] : files {
      if arguments.flag("whole") {
        let text = try SourceText(path: path, badBytes: badBytes(arguments))
        try output.writeLine(writer.line(text.bytes[...]))
      } else {
        var pieces = try TextPieces(path, badBytes: badBytes(arguments))
        while let piece = try pieces.next() {
          try writer.writeLines(of: piece, to: &output)
          // A program at the other end of the pipe may wait for the answer before it asks again.
          try output.flush()
        }
      }
    }
  }

  static let tokenizeDecode = ProgramCommand(
    Command(
      "tokenize decode", group: "Text", "ids to text",
      discussion: "Reads ids from standard input, with white space between, and writes a line of text for each line.",
      examples: [CommandExample("back again", "ensue tokenize decode tokenizer.json < ids.txt")],
      positionals: [tokenizerArgument],
      options: [
        .flag("special", "special tokens are written too"),
        .flag("whole", "all ids are one text; no line end is added"),
      ])
  ) { arguments, output in
    let tokenizer = try arguments.tokenizer()
    let skipsSpecials = !arguments.flag("special")
    var lines = StandardInputIDs(below: tokenizer.vocabularySize)
    var all: [Int32] = []
    while let batch = try lines.next() {
      for ids in batch {
        if arguments.flag("whole") {
          all += ids
        } else {
          try output.writeLine(shown(tokenizer.decode(ids, skipsSpecialTokens: skipsSpecials)))
        }
      }
      try output.flush()
    }
    if arguments.flag("whole") {
      try output.write(shown(tokenizer.decode(all, skipsSpecialTokens: skipsSpecials), keepsLines: true))
    }
  }

  static let tokenizerArgument = Positional(
    "TOKENIZER", .path, .one, "a tokenizer.json, an older file, a folder, or hub:ORG/NAME")

  /// A terminal obeys control characters; a file or program gets the text as it is.
  private static func shown(_ text: String, keepsLines: Bool = false) -> String {
    guard Terminal.outputIsTerminal else { return text }
    if !keepsLines { return ExitStatus.escaped(text) }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { ExitStatus.escaped(String($0)) }
      .joined(separator: "\n")
  }
}

extension ParsedArguments {
  /// The tokenizer of TOKENIZER.
  func tokenizer() throws -> SubwordTokenizer {
    let path = try ModelPlace.folder(positional("TOKENIZER") ?? "")
    guard PretrainedFolder.isOne(path) else { return try SubwordTokenizer(contentsOf: path) }
    // Of a family that is not built nobody knows more than tokenizer.json says.
    if InputFile.exists("\(path)/tokenizer.json"), (try? PretrainedFolder(path))?.isOfKnownFamily != true {
      return try SubwordTokenizer(contentsOf: path)
    }
    return try PretrainedFolder(path).tokenizer()
  }
}

/// Ids or pieces as text.
struct SubwordWriter {
  let tokenizer: SubwordTokenizer
  let showsTokens: Bool
  let addsSpecialTokens: Bool

  /// The line for a text of valid UTF-8.
  func line(_ text: ArraySlice<UInt8>) -> String {
    let ids = tokenizer.encode(utf8: Array(text), addsSpecialTokens: addsSpecialTokens)
    return ids.map { showsTokens ? ExitStatus.escaped(tokenizer.token(of: $0) ?? "") : "\($0)" }
      .joined(separator: " ")
  }

  /// The lines of a piece of whole lines.
  func writeLines(of piece: [UInt8], to output: inout StandardOutput) throws {
    var start = 0
    while start < piece.count {
      let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) ?? piece.count
      let isCarriageReturn = end > start && piece[end - 1] == UInt8(ascii: "\r")
      try output.writeLine(line(piece[start..<(isCarriageReturn ? end - 1 : end)]))
      start = end + 1
    }
  }
}
