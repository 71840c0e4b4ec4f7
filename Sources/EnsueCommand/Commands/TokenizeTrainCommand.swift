// ensue tokenize train: a tokenizer of subwords from text.

import EnsueData
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueText

extension ProgramCommand {
  static let tokenizeTrain = ProgramCommand(
    Command(
      "tokenize train", group: "Text", "learn a tokenizer of subwords, words or characters from text",
      discussion: """
        Counts the words of the files, then learns pieces from the counts: the text may be larger than memory, its \
        different words must fit. Writes Hugging Face's tokenizer.json. The same text and options give the same file.
        """,
      examples: [
        CommandExample(
          "8,000 byte-level pieces", "ensue tokenize train input.txt --kind bpe --size 8000 --out tokenizer.json"),
        CommandExample(
          "from a pipe, lower-cased",
          "zcat text.gz | ensue tokenize train - --kind unigram --lowercase --out tokenizer.json"),
      ],
      positionals: [Positional("FILE", .path, .oneOrMore, "texts in UTF-8; - is standard input")],
      options: [
        .value(
          "kind", .choice(SubwordTrainerKind.allCases.map(\.rawValue)), default: SubwordTrainerKind.bytePair.rawValue,
          SubwordTrainerKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
        .value(
          "size", .integer(1...SubwordTrainingOptions.largestVocabulary), placeholder: "N", default: "8000",
          "ids of the vocabulary, special tokens and alphabet among them"),
        .value(
          "min-count", .integer(1...Int(Int32.max)), placeholder: "N", default: "2",
          "how often a pair must occur to be merged, a word or character to be known; not for unigram"),
        .repeated("special", .text, placeholder: "TOKEN", "a token of your own, such as <|endoftext|>; the first ids"),
        .value(
          "alphabet", .integer(1...1_114_112), placeholder: "N", default: "all",
          "the most frequent characters only; not for words, nor for bpe, whose alphabet is the 256 bytes"),
        .flag("lowercase", "train and read without capital letters"),
        .value(
          "bad-bytes", .choice(BadBytePolicy.allCases.map(\.rawValue)), default: BadBytePolicy.reject.rawValue,
          BadBytePolicy.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
        .value("out", .path, placeholder: "FILE", isRequired: true, "receives the tokenizer.json"),
        .quiet,
      ])
  ) { arguments, output in
    let options = subwordOptions(arguments)
    var training = SubwordTrainingRun(
      try SubwordTrainer(options), badBytes: badBytes(arguments), isQuiet: arguments.flag("quiet"))
    let out = try arguments.required("out")
    try training.read(arguments.positionals("FILE"))
    let (tokenizer, report) = try training.train()
    try OutputFile.write(tokenizer.json.indented, to: out)
    for line in lines(about: report, of: options) { try output.writeLine(line) }
  }

  private static func subwordOptions(_ arguments: ParsedArguments) -> SubwordTrainingOptions {
    let kind = arguments.text("kind").flatMap { SubwordTrainerKind(rawValue: $0) } ?? .bytePair
    var options = SubwordTrainingOptions(kind)
    options.vocabularySize = arguments.integer("size") ?? options.vocabularySize
    options.minimumFrequency = arguments.integer("min-count") ?? options.minimumFrequency
    options.specialTokens = arguments.texts("special")
    options.alphabetLimit = arguments.integer("alphabet")
    options.lowercases = arguments.flag("lowercase")
    return options
  }

  /// What `--bad-bytes` says.
  static func badBytes(_ arguments: ParsedArguments) -> BadBytePolicy {
    arguments.text("bad-bytes").flatMap { BadBytePolicy(rawValue: $0) } ?? .reject
  }

  private static func lines(about report: SubwordTrainingReport, of options: SubwordTrainingOptions) -> [String] {
    if report.vocabularySize < options.vocabularySize {
      StandardError.writeLine(
        "\(Format.count(report.vocabularySize)) of \(Format.count(options.vocabularySize)) ids: the text has no more"
          + " pieces that are frequent enough")
    }
    if report.cutWords > 0 {
      StandardError.writeLine("\(Format.count(report.cutWords)) words of more than 4096 bytes were read in parts")
    }
    // Characters are counted line by line.
    let unit = options.kind == .characters ? "line" : "word"
    return [
      "kind        \(options.kind.rawValue)",
      "\(unit)s       \(Format.count(report.words)), \(Format.count(report.distinctWords)) different",
      "vocabulary  \(Format.count(report.vocabularySize)) ids, \(Format.count(report.alphabetSize)) of the alphabet",
      "pieces      \(Format.count(report.tokens)), \(Format.fixed(report.tokensPerWord, places: 3)) a \(unit)",
    ]
  }
}

/// Reads the files and learns, with progress on standard error.
struct SubwordTrainingRun {
  private var trainer: SubwordTrainer
  private let badBytes: BadBytePolicy
  private let isQuiet: Bool
  private var display = ProgressDisplay()

  init(_ trainer: SubwordTrainer, badBytes: BadBytePolicy, isQuiet: Bool) {
    (self.trainer, self.badBytes, self.isQuiet) = (trainer, badBytes, isQuiet)
  }

  mutating func read(_ paths: [String]) throws {
    defer { display.clear() }
    var (bytes, replaced) = (0, 0)
    for path in paths {
      var pieces = try TextPieces(path, badBytes: badBytes)
      while let piece = try pieces.next() {
        trainer.add(piece)
        bytes += piece.count
        let words = trainer.distinctWordCount
        if isQuiet { continue }
        display.update {
          ProgressLine(
            title: "reading", completed: 0, total: 0, elapsed: $0, processed: bytes, unit: "bytes",
            detail: "\(Format.count(words)) different words")
        }
      }
      replaced += pieces.replacedBytes
    }
    if replaced > 0 { display.note("\(Format.count(replaced)) bytes that are not UTF-8 were replaced") }
  }

  func train() throws -> (tokenizer: SubwordTokenizer, report: SubwordTrainingReport) {
    var display = ProgressDisplay()
    defer { display.clear() }
    return try trainer.train { progress in
      if isQuiet { return }
      display.update { elapsed in
        switch progress.stage {
        case .merging:
          ProgressLine(
            title: "merging", completed: progress.completed, total: progress.total, elapsed: elapsed)
        case .estimating:
          ProgressLine(
            title: "estimating", completed: 0, total: 0, elapsed: elapsed,
            detail: "\(Format.count(progress.completed)) pieces, \(Format.count(progress.total)) wanted")
        }
      }
    }
  }
}
