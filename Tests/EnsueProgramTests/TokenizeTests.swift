// `ensue tokenize`: training, encoding, decoding, showing; and what users get wrong.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct TokenizeTests {
  static let text = """
    the cat sat on the mat and the cat ate the rat that sat on the mat
    a cat may look at a king, and a king may look at a cat

    naïve café 猫 😀 don't
    """

  private static func write(_ sandbox: Sandbox) throws {
    try sandbox.write(String(repeating: text + "\n", count: 3), "text.txt")
  }

  private static func train(_ sandbox: Sandbox, _ kind: String = "bpe", _ more: String = "") throws {
    try write(sandbox)
    let line = "tokenize train text.txt --kind \(kind) --size 330 --out tokenizer.json\(more)"
    let result = try Program.run(line, in: sandbox.path)
    try #require(result.code == 0, "\(result)")
    #expect(result.outputLines.first == "kind        \(kind)")
    #expect(result.outputText.contains("a word"))
  }

  @Test(arguments: ["bpe", "wordpiece", "unigram", "sentencepiece-bpe"])
  func trainEncodeDecode(_ kind: String) throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox, kind)
      let encoded = try Program.run("tokenize encode tokenizer.json text.txt", in: sandbox.path)
      #expect(encoded.code == 0 && encoded.errorText.isEmpty)
      #expect(encoded.outputLines.count == 12 && encoded.outputLines[2].isEmpty)
      let piped = try Program.run(
        "tokenize encode tokenizer.json", in: sandbox.path, input: try sandbox.bytes("text.txt"))
      #expect(piped.outputText == encoded.outputText)
      let decoded = try Program.run("tokenize decode tokenizer.json", in: sandbox.path, input: encoded.output)
      #expect(decoded.code == 0)
      // The normaliser of word pieces takes accents away only where it lower-cases.
      let joined = { (text: String) in text.filter { $0 != " " } }
      #expect(joined(decoded.outputText) == joined(try sandbox.text("text.txt")))
      if kind != "wordpiece" { #expect(decoded.outputText == (try sandbox.text("text.txt"))) }
    }
  }

  @Test func wholeFilesKeepTheirLineEnds() throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox)
      let encoded = try Program.run("tokenize encode tokenizer.json text.txt --whole", in: sandbox.path)
      #expect(encoded.outputLines.count == 1)
      let decoded = try Program.run("tokenize decode tokenizer.json --whole", in: sandbox.path, input: encoded.output)
      #expect(decoded.outputText == (try sandbox.text("text.txt")))
    }
  }

  /// Lines may be long, of text and of ids, in a file and on standard input.
  @Test(arguments: ["", " --whole"]) func aLineOfTwoMegabytesAndBack(_ whole: String) throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox)
      try sandbox.write(String(repeating: "the cat sat on the mat, ", count: 87_400) + "\n", "long.txt")
      let text = try sandbox.bytes("long.txt")
      let encoded = try Program.run("tokenize encode tokenizer.json long.txt\(whole)", in: sandbox.path)
      try #require(encoded.code == 0, "\(encoded)")
      #expect(encoded.output.count > 1 << 20 && encoded.output.count { $0 == UInt8(ascii: "\n") } == 1)
      let piped = try Program.run("tokenize encode tokenizer.json\(whole)", in: sandbox.path, input: text)
      #expect(piped.code == 0 && piped.output == encoded.output, "\(piped.errorText)")
      let decoded = try Program.run("tokenize decode tokenizer.json\(whole)", in: sandbox.path, input: encoded.output)
      #expect(decoded.code == 0 && decoded.output == text, "\(decoded.errorText)")
    }
  }

  /// Who writes a line into a pipe has its answer before the next.
  @Test(arguments: ["encode", "decode"]) func aLineIsAnsweredAtOnce(_ command: String) throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox)
      let result = try Program.shell(
        "coproc E { \"$ENSUE\" tokenize \(command) tokenizer.json; }; for line in 7 '8 9'; do "
          + "echo \"$line\" >&\"${E[1]}\"; read -r -t 30 answer <&\"${E[0]}\"; echo \"[$answer]\"; done",
        in: sandbox.path)
      #expect(result.outputLines.count == 2 && !result.outputText.contains("[]"), "\(result)")
    }
  }

  @Test func standardInputAndFilesGiveTheSameTokenizer() throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox, "bpe", " --special <|endoftext|> --special <sep> --quiet")
      let piped = try Program.run(
        "tokenize train - --kind bpe --size 330 --special <|endoftext|> --special <sep> --out piped.json",
        in: sandbox.path, input: try sandbox.bytes("text.txt"))
      #expect(piped.code == 0, "\(piped)")
      #expect(try sandbox.bytes("piped.json") == sandbox.bytes("tokenizer.json"))
      let pieces = try Program.run(
        "tokenize encode tokenizer.json --tokens", in: sandbox.path, input: Array("the cat<|endoftext|>".utf8))
      #expect(pieces.outputText.hasPrefix("t") && pieces.outputText.hasSuffix("<|endoftext|>\n"), "\(pieces)")
    }
  }

  @Test func show() throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox, "bpe", " --special <|endoftext|>")
      let shown = try Program.run("tokenize show tokenizer.json --longest 2", in: sandbox.path)
      #expect(shown.code == 0)
      for words in ["BPE", "ByteLevel", "<|endoftext|> (0)", "longest pieces:"] {
        #expect(shown.outputText.contains(words), "\(shown)")
      }
      #expect(shown.outputLines.count { $0.hasPrefix("  ") } == 2)
    }
  }

  /// `ensue … | head -1` ends quietly.
  @Test func aClosedPipeIsNoError() throws {
    try Sandbox.with { sandbox in
      try Self.train(sandbox)
      try sandbox.write(String(repeating: Self.text + "\n", count: 5000), "long.txt")
      let result = try Program.shell(
        "set -o pipefail; \"$ENSUE\" tokenize encode tokenizer.json long.txt | head -1", in: sandbox.path)
      #expect(result.code == 0 && result.outputLines.count == 1 && result.errorText.isEmpty, "\(result)")
    }
  }

  @Test func badBytesCanBeReplaced() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Array("good words good words ".utf8) + [0xFF, 0x0A], "text.txt")
      let result = try Program.run(
        "tokenize train text.txt --size 270 --bad-bytes replace --out tokenizer.json", in: sandbox.path)
      #expect(result.code == 0 && result.errorText.contains("1 bytes that are not UTF-8"), "\(result)")
    }
  }

  @Test(arguments: [80, 40]) func helpIsTheGolden(_ width: Int) throws {
    let result = try Program.run(
      ["tokenize", "train", "--help"], in: NSTemporaryDirectory(), environment: ["COLUMNS": "\(width)"])
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens").path
    let file = "\(folder)/help-tokenize-train-\(width).txt"
    // ENSUE_RECORD=1 writes it anew, to be read before it is kept.
    if ProcessInfo.processInfo.environment["ENSUE_RECORD"] != nil { try OutputFile.write(result.outputText, to: file) }
    #expect(result.code == 0)
    #expect(try String(decoding: InputFile.contents(of: file), as: UTF8.self) == result.outputText)
  }

  private static let bad: [BadCase] = [
    BadCase("no file", "tokenize train absent.txt --out t.json", 66, "absent.txt"),
    BadCase("a folder", "tokenize train . --out t.json", 66, "a directory"),
    BadCase("empty", "tokenize train empty.txt --out t.json", 65, "one word") { try $0.write("", "empty.txt") },
    BadCase("blank", "tokenize train blank.txt --kind wordpiece --out t.json", 65, "one word") {
      try $0.write(" \n\n \n", "blank.txt")
    },
    BadCase("not UTF-8", "tokenize train bad.txt --out t.json", 65, "bad.txt:2", "0xFF", "--bad-bytes") {
      try $0.write([0x61, 0x0A, 0xFF], "bad.txt")
    },
    BadCase("NUL", "tokenize train bad.txt --out t.json", 65, "bad.txt:1", "NUL") {
      try $0.write([0x61, 0], "bad.txt")
    },
    BadCase("UTF-16", "tokenize train bad.txt --out t.json", 65, "UTF-16") {
      try $0.write([0xFF, 0xFE, 0x61, 0], "bad.txt")
    },
    BadCase("compressed", "tokenize train bad.txt --out t.json", 65, "compressed") {
      try $0.write([0x1F, 0x8B, 8, 0], "bad.txt")
    },
    BadCase("too small", "tokenize train data.tsv --size 255 --out t.json", 78, "at least 256", "found 255"),
    BadCase("too small for letters", "tokenize train data.tsv --kind unigram --size 10 --out t.json", 78, "at least"),
    BadCase("size 0", "tokenize train data.tsv --size 0 --out t.json", 64, "--size"),
    BadCase("kind", "tokenize train data.tsv --kind bpf --out t.json", 64, "bpe"),
    BadCase("twice", "tokenize train data.tsv --special a --special a --out t.json", 78, "twice"),
    BadCase("no out", "tokenize train data.tsv", 64, "--out"),
    BadCase("nowhere", "tokenize train data.tsv --out no/such/t.json", 73, "no/such/t.json"),
    BadCase("no tokenizer", "tokenize encode absent.json data.tsv", 66, "absent.json"),
    BadCase("no such tokenizer", "tokenize show data.tsv", 65, "data.tsv"),
    BadCase("ids", "tokenize decode t/tokenizer.json", 65, "standard input:2", "'x'", input: Array("1 2\n3 x\n".utf8)) {
      try addTokenizer($0)
    },
    BadCase(
      "a word of more digits than an id", "tokenize decode t/tokenizer.json", 65, "standard input:1", "'0000",
      input: [UInt8](repeating: UInt8(ascii: "0"), count: 100)
    ) { try addTokenizer($0) },
    BadCase("id too large", "tokenize decode t/tokenizer.json", 65, "from 0 to", input: Array("99999\n".utf8)) {
      try addTokenizer($0)
    },
    BadCase("text not UTF-8", "tokenize encode t/tokenizer.json", 65, "standard input:1", input: [0xFF, 0x0A]) {
      try addTokenizer($0)
    },
  ]

  private static func addTokenizer(_ sandbox: Sandbox) throws {
    try write(sandbox)
    try OutputFile.createDirectory(sandbox.place("t"))
    let result = try Program.run("tokenize train text.txt --size 300 --out t/tokenizer.json", in: sandbox.path)
    try #require(result.code == 0, "\(result)")
  }

  @Test(arguments: bad) func refused(_ bad: BadCase) throws { try bad.check() }
}
