// ensue corpus build, ensue corpus show: texts as token ids in files that may be larger than memory.

import EnsueData
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueText

extension ProgramCommand {
  static let corpusBuild = ProgramCommand(
    Command(
      "corpus build", group: "Data", "texts as a folder of token ids",
      discussion: """
        Reads texts of any size and writes shards of 16- or 32-bit ids beside an index with digests. Tokens are the \
        subwords of a tokenizer.json, bytes, or the characters or words of the files themselves; --codec takes those of \
        another corpus, so that both have the same ids.

        Where a tokenizer has a token for the end of a text, it ends every document.
        """,
      examples: [
        CommandExample(
          "subwords of a tokenizer",
          "ensue corpus build wiki.txt --tokenizer tokenizer.json --documents blank-lines --out wiki"),
        CommandExample("words", "ensue corpus build train.txt --level words --out train"),
        CommandExample("a test text with the same words", "ensue corpus build test.txt --codec train --out test"),
        CommandExample("from a pipe", "zcat text.gz | ensue corpus build - --tokenizer tokenizer.json --out text"),
      ],
      positionals: [
        Positional("FILE", .path, .oneOrMore, "texts, any files with --level bytes; - is standard input")
      ],
      options: [
        .value("out", .path, placeholder: "FOLDER", isRequired: true, "receives the corpus; must hold none"),
        .value("tokenizer", .path, placeholder: "FILE", "a tokenizer.json"),
        .value(
          "level", .choice(TokenLevelKind.allCases.filter { $0 != .subwords }.map(\.rawValue)),
          "what a token is where there is no tokenizer"),
        .value("codec", .path, placeholder: "CORPUS", "a corpus whose tokens these are to be"),
        .value(
          "documents", .choice(DocumentKind.allCases.map(\.rawValue)), default: DocumentKind.files.rawValue,
          "what a document is"),
        .value(
          "shard-tokens", .integer(1...1 << 30), default: "\(TokenCorpusWriter.defaultShardTokens)",
          "most ids of a file"),
        .value("min-count", .integer(1...1_000_000), default: "1", "rarer words are unknown"),
        .value("max-words", .integer(1...1 << 24), default: "all", "most words that are known"),
        .value(
          "encoding", .choice(TextEncodingKind.allCases.map(\.rawValue)), default: TextEncodingKind.utf8.rawValue,
          TextEncodingKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
        .value(
          "bad-bytes", .choice(BadBytePolicy.allCases.map(\.rawValue)), default: BadBytePolicy.reject.rawValue,
          BadBytePolicy.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
        .flag("quiet", "no progress"),
      ])
  ) { arguments, output in
    let files = arguments.positionals("FILE")
    let form = TextForm(
      encoding: arguments.text("encoding").flatMap { TextEncodingKind(rawValue: $0) } ?? .utf8,
      badBytes: badBytes(arguments))
    let codec = try corpusCodec(arguments, files, form)
    if codec.level == .bytes, let name = ["encoding", "bad-bytes"].first(where: { arguments.isGiven($0) }) {
      throw Failure(.usage, at: "--\(name)", "tokens of text expected beside it, found bytes, taken as they are")
    }
    let builder = CorpusBuilder(
      codec, documents: arguments.text("documents").flatMap { DocumentKind(rawValue: $0) } ?? .files,
      shardTokens: arguments.integer("shard-tokens") ?? TokenCorpusWriter.defaultShardTokens, form: form)
    var display = ProgressDisplay()
    let folder = arguments.text("out") ?? ""
    let isQuiet = arguments.flag("quiet")
    let index = try builder.build(files, to: folder) { done, all in
      if isQuiet { return }
      display.update {
        ProgressLine(
          title: "encoding", completed: done, total: all, elapsed: $0, processed: done >> 10, unit: "KiB")
      }
    }
    display.clear()
    for line in corpusLines(index) { try output.writeLine(line) }
  }

  static let corpusShow = ProgramCommand(
    Command(
      "corpus show", group: "Data", "what is in a corpus",
      discussion: "Checks every digest and every id, and prints sizes, sources and, where asked for, the first tokens.",
      examples: [CommandExample("the first tokens", "ensue corpus show wiki --tokens 20")],
      positionals: [Positional("CORPUS", .path, .one, "a folder made by ensue corpus build")],
      options: [
        .value("tokens", .integer(0...1 << 20), default: "0", "ids to print, and the text that they stand for"),
        .flag("json", "the index as one JSON object"),
      ])
  ) { arguments, output in
    let corpus = try TokenCorpus(contentsOf: arguments.positional("CORPUS") ?? "")
    if arguments.flag("json") { return try output.writeLine(corpus.index.json.description) }
    for line in corpusLines(corpus.index) { try output.writeLine(line) }
    for shard in corpus.index.shards {
      try output.writeLine("  \(shard.file)  \(Format.count(shard.tokenCount)) tokens  \(shard.digest)")
    }
    let count = min(arguments.integer("tokens") ?? 0, corpus.count)
    guard count > 0 else { return }
    let ids = try corpus.tokens(0..<count)
    try output.writeLine(ids.map { "\($0)" }.joined(separator: " "))
    guard let codec = try corpus.codec() else { return }
    try output.writeLine(ExitStatus.escaped(codec.decode(ids)))
  }

  private static func corpusCodec(
    _ arguments: ParsedArguments, _ files: [String], _ form: TextForm
  ) throws -> TokenCodec {
    let level = arguments.text("level").flatMap { TokenLevelKind(rawValue: $0) }
    if level != .words, let name = ["min-count", "max-words"].first(where: { arguments.isGiven($0) }) {
      throw Failure(.usage, at: "--\(name)", "--level words beside it expected, found none")
    }
    switch (arguments.text("tokenizer"), level, arguments.text("codec")) {
    case (let path?, nil, nil): return .subwords(try SubwordTokenizer(contentsOf: path))
    case (nil, let level?, nil):
      return try .counting(
        files, level: level, form: form, minimumCount: arguments.integer("min-count") ?? 1,
        limit: arguments.integer("max-words"))
    case (nil, nil, let folder?):
      guard let codec = try TokenCorpus(contentsOf: folder).codec() else {
        throw Failure(.data, at: folder, "a corpus that says how it was encoded expected, found none such")
      }
      return codec
    default:
      throw Failure(.usage, at: "corpus build", "one of --tokenizer, --level and --codec expected")
    }
  }

  private static func lengthText(_ text: TextLength) -> String {
    "\(Format.count(text.wordCount, "word")), \(Format.count(text.characterCount, "character")),"
      + " \(Format.count(text.byteCount, "byte"))"
  }

  private static func corpusLines(_ index: TokenCorpusIndex) -> [String] {
    let level = index.properties["level"]?.stringValue.map { ", \($0)" } ?? ""
    let replaced = index.properties[CorpusBuilder.replacedBytesName]?.integerValue
    let lines: [String] = [
      "\(Format.count(index.tokenCount, "token")) in \(Format.count(index.documentCount, "document"))"
        + " and \(Format.count(index.shards.count, "shard"))",
      "text \(index.text.map(lengthText) ?? "not counted: an older corpus, or one of ids alone")",
      "vocabulary \(Format.count(index.vocabularySize))\(level)", "digest \(index.digest)",
    ]
    return lines + index.sources.map { "read \($0.path)  \(Format.bytes($0.bytes))  \($0.digest)" }
      + (replaced.map { ["\(Format.count($0, "byte")) that were not UTF-8 replaced"] } ?? [])
  }
}
