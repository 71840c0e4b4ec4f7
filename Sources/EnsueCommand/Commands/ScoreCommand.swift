// ensue score: translations against references.

import EnsueEvaluation
import EnsueFiles
import EnsueTasks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ProgramCommand {
  static let score = ProgramCommand(
    Command(
      "score", group: "Text", "measure translations against references",
      discussion: """
        BLEU, chrF, chrF++ and TER equal to sacreBLEU's, with its signature; word and character error rate; exact match.

        Every file has one translation a line. With several references a line is measured against all of them. \
        Measures: \(TranslationMetricKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")).
        """,
      examples: [
        CommandExample("BLEU", "ensue score output.txt --references reference.en"),
        CommandExample(
          "several measures and references", "ensue score output.txt --metric bleu --metric ter --references ref1 ref2"),
        CommandExample("each line by itself", "ensue score - --references reference.en --sentence < output.txt"),
      ],
      positionals: [
        Positional("HYPOTHESES", .path, .one, "the translations; - is standard input"),
        Positional("REFERENCE", .path, .any, "references, as with --references"),
      ],
      options: ScoreArguments.options)
  ) { arguments, output in
    let score = try ScoreArguments(arguments)
    let hypotheses = try TranslationLines.contents(of: score.hypotheses)
    let references = try TranslationReferences(
      translations: score.references.map { path in
        let lines = try TranslationLines.contents(of: path)
        guard lines.count == hypotheses.count else {
          throw Failure(
            .data, at: path, "\(hypotheses.count) lines expected, as in \(score.hypotheses), found \(lines.count)")
        }
        return lines
      })
    if arguments.flag("sentence") {
      let scores = try score.metrics.map { try $0.sentenceScores(hypotheses, references) }
      for line in hypotheses.indices {
        for column in scores { try output.writeLine(score.text(column[line], line: line + 1)) }
      }
    } else {
      for metric in score.metrics { try output.writeLine(score.text(metric.score(hypotheses, references))) }
    }
  }
}

/// What the command line of `ensue score` asks for.
struct ScoreArguments {
  let hypotheses: String
  let references: [String]
  let metrics: [any TranslationMetric]
  private let isJSON: Bool
  private let decimals: Int
  /// Columns, where lines are to be broken.
  private let width: Int?

  static let options: [CommandOption] = [
    .repeated("references", .path, placeholder: "FILE", "a reference for every line; more may follow"),
    .repeated("metric", .choice(TranslationMetricKind.allCases.map(\.rawValue)), "what is computed (bleu)"),
    .value(
      "tokenize", .choice(TranslationTokenizationKind.allCases.map(\.rawValue)),
      default: TranslationTokenizationKind.mteval13a.rawValue,
      "words of BLEU. "
        + TranslationTokenizationKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")),
    .flag("lowercase", "case does not count"),
    .value(
      "smooth", .choice(BLEUSmoothingKind.allCases.map(\.rawValue)), default: BLEUSmoothingKind.exponential.rawValue,
      "BLEU where an order has no match"),
    .value("smooth-value", .number(.atLeast(0)), "of floor (0.1) and add-k (1)"),
    .value("max-order", .integer(1...64), default: "4", "longest n-grams of BLEU"),
    .flag("effective-order", "BLEU without orders that have no n-gram; always so with --sentence"),
    .value("char-order", .integer(0...64), default: "6", "longest n-grams of characters of chrF"),
    .value("word-order", .integer(0...64), "longest n-grams of words of chrF (0) and chrF++ (2)"),
    .value("beta", .integer(0...1000), default: "2", "weight of recall in chrF"),
    .flag("whitespace", "chrF counts white space"),
    .flag("eps-smoothing", "chrF over all orders, as chrF++.py"),
    .flag("ter-normalized", "TER sets punctuation apart"),
    .flag("ter-without-punctuation", "TER leaves punctuation out"),
    .flag("ter-asian", "these two know Chinese and Japanese"),
    .flag("ter-case-sensitive", "case counts for TER"),
    .flag("sentence", "a score for each line"),
    .value("decimals", .integer(0...15), default: "2", "digits after the point"),
    .flag("json", "one JSON object for each score"),
  ]

  /// - Throws: `Failure` where no reference is named, standard input twice, or a value has no use.
  init(_ arguments: ParsedArguments) throws {
    hypotheses = arguments.positional("HYPOTHESES") ?? "-"
    references = arguments.texts("references") + arguments.positionals("REFERENCE")
    guard !references.isEmpty else {
      throw Failure(.usage, at: "score", "--references FILE expected, found no reference")
    }
    guard ([hypotheses] + references).filter({ $0 == "-" }).count < 2 else {
      throw Failure(.usage, at: "score", "standard input once expected, found - more than once")
    }
    let named = arguments.texts("metric").compactMap { TranslationMetricKind(rawValue: $0) }
    let names = named.isEmpty ? [.bleu] : named
    try ScoreArguments.refuseUnused(arguments, names)
    let options = try ScoreArguments.metricOptions(arguments)
    if names.contains(.chrfPlusPlus), arguments.integer("word-order") == 0 {
      throw Failure(.usage, at: "--word-order", "1 or more expected for chrf++, found 0", advice: "chrf has no words.")
    }
    metrics = names.map { $0.metric(options) }
    for metric in metrics { try metric.validate() }
    isJSON = arguments.flag("json")
    decimals = arguments.integer("decimals") ?? 2
    width = Terminal.outputIsTerminal ? Terminal.width : nil
  }

  /// A score as it is printed, with the number of its line where it is of one.
  func text(_ score: TranslationScore, line: Int? = nil) -> String {
    if isJSON {
      guard case .object(var object) = score.json, let line else { return score.json.description }
      object["line"] = .number(line)
      return JSONValue.object(object).description
    }
    let text = score.line(decimals: decimals)
    return width.map { ScoreArguments.wrapped(text, width: $0) } ?? text
  }

  /// The options that some measures have alone.
  private static let own: [(kinds: [TranslationMetricKind], names: [String])] = [
    ([.bleu], ["tokenize", "smooth", "smooth-value", "max-order", "effective-order"]),
    ([.chrf, .chrfPlusPlus], ["char-order", "word-order", "beta", "whitespace", "eps-smoothing"]),
    ([.ter], ["ter-normalized", "ter-without-punctuation", "ter-asian", "ter-case-sensitive"]),
  ]

  /// - Throws: `Failure` of kind `usage` for an option of measures that are not computed.
  private static func refuseUnused(_ arguments: ParsedArguments, _ metrics: [TranslationMetricKind]) throws(Failure) {
    for (kinds, names) in own where !metrics.contains(where: { kinds.contains($0) }) {
      guard let name = names.first(where: { arguments.isGiven($0) }) else { continue }
      throw Failure(
        .usage, at: "--\(name)",
        "--metric \(kinds.map(\.rawValue).joined(separator: " or ")) expected, found"
          + " \(metrics.map(\.rawValue).joined(separator: ", "))")
    }
    guard !arguments.flag("lowercase") || !arguments.flag("ter-case-sensitive") else {
      throw Failure(.usage, "--lowercase or --ter-case-sensitive expected, found both")
    }
  }

  private static func metricOptions(_ arguments: ParsedArguments) throws(Failure) -> TranslationMetricOptions {
    var options = TranslationMetricOptions()
    options.bleu.tokenization =
      arguments.text("tokenize").flatMap { TranslationTokenizationKind(rawValue: $0) } ?? .mteval13a
    let smoothing = arguments.text("smooth").flatMap { BLEUSmoothingKind(rawValue: $0) } ?? .exponential
    if arguments.number("smooth-value") != nil, smoothing.defaultValue == nil {
      throw Failure(.usage, at: "--smooth-value", "--smooth floor or add-k expected, found \(smoothing.rawValue)")
    }
    options.bleu.smoothing = BLEUSmoothing(smoothing, value: arguments.number("smooth-value"))
    options.bleu.maximumOrder = arguments.integer("max-order") ?? 4
    options.bleu.usesEffectiveOrder = arguments.flag("effective-order")
    options.characterF.characterOrder = arguments.integer("char-order") ?? 6
    options.characterF.wordOrder = arguments.integer("word-order") ?? 0
    options.characterF.beta = arguments.integer("beta") ?? 2
    options.characterF.countsWhitespace = arguments.flag("whitespace")
    options.characterF.smoothsByEpsilon = arguments.flag("eps-smoothing")
    options.editRate.isNormalized = arguments.flag("ter-normalized")
    options.editRate.hasNoPunctuation = arguments.flag("ter-without-punctuation")
    options.editRate.supportsAsian = arguments.flag("ter-asian")
    if arguments.flag("lowercase") { options.lowercase() }
    options.editRate.isCaseSensitive = arguments.flag("ter-case-sensitive")
    return options
  }

  /// Broken after spaces and the bars of a signature, later lines indented by two.
  private static func wrapped(_ text: String, width: Int) -> String {
    var lines = [""]
    var piece = ""
    func place() {
      // A space at the end of a line takes no column.
      let room = piece.hasSuffix(" ") ? width + 1 : width
      let isNew = lines[lines.count - 1].allSatisfy { $0 == " " }
      if !isNew, lines[lines.count - 1].utf8.count + piece.utf8.count > room { lines.append("  ") }
      lines[lines.count - 1] += piece
      piece = ""
    }
    for scalar in text.unicodeScalars {
      piece.unicodeScalars.append(scalar)
      if scalar == " " || scalar == "|" { place() }
    }
    place()
    return lines.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }.joined(separator: "\n")
  }
}
