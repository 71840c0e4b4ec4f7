// What ensue translate is asked for.

import EnsueDecoding
import EnsueEvaluation
import EnsueFiles
import EnsueTasks

/// The options of `ensue translate`, checked.
struct TranslateArguments {
  let sentences: [String]
  let search: TranslationSearch
  let sourceLimit: Int
  /// How translations begin, a line each; nil where nobody has said.
  let prefixes: [String]?
  /// Whether a line holds a sentence, a tab, and how its translation begins.
  let hasTabbedPrefixes: Bool
  let showsScores: Bool
  let showsAlignments: Bool
  let isRanked: Bool
  /// Whether --maximum-length was given.
  let choosesLength: Bool
  let isJSON: Bool
  let isQuiet: Bool
  let skipsBad: Bool

  static let options: [CommandOption] = [
    .value("n-best", .integer(1...1000), placeholder: "N", "the N best translations of each sentence; at most --beam"),
    .value("prefix-file", .path, placeholder: "FILE", "how each translation begins, a line each"),
    .flag("tabbed-prefixes", "a line is a sentence, a tab, and how its translation begins"),
    .flag("scores", "the score before each translation"),
    .flag(
      "alignments",
      "after a tab, for each symbol of the translation the one of the source most looked at: 0-0 2-1; with --json all"
        + " weights"),
    .value(
      "batch", .integer(1...10_000), placeholder: "N", default: "32", "sentences side by side; changes the speed only"),
    .value(
      "max-source", .integer(1...1_000_000), placeholder: "N", default: "1024", "symbols of a sentence at most"),
    .flag(
      "skip-bad", "a line that cannot be translated leaves its line empty and ends nothing; the exit code says so"),
    .flag("json", "a JSON object a line"), .threads, .quiet,
  ]

  init(_ arguments: ParsedArguments) throws {
    let (beam, best) = (arguments.integer("beam") ?? 5, arguments.integer("n-best"))
    if let best, best > beam {
      throw Failure(
        .usage, at: "--n-best", "at most the \(beam) translations of --beam expected, found \(best)",
        advice: "Raise --beam.")
    }
    sentences = try GivenSentences(arguments).list
    showsAlignments = arguments.flag("alignments")
    var search = try TranslationSearchArguments.search(arguments, resultCount: best ?? 1, alignments: showsAlignments)
    search.batchSize = arguments.integer("batch") ?? search.batchSize
    self.search = search
    choosesLength = arguments.integer("maximum-length") != nil
    sourceLimit = arguments.integer("max-source") ?? 1024
    (isRanked, showsScores, skipsBad) = (best != nil, arguments.flag("scores"), arguments.flag("skip-bad"))
    (isJSON, isQuiet, hasTabbedPrefixes) = (
      arguments.flag("json"), arguments.flag("quiet"), arguments.flag("tabbed-prefixes")
    )
    prefixes = try arguments.text("prefix-file").map(TranslationLines.all)
    if prefixes != nil, hasTabbedPrefixes {
      throw Failure(.usage, "--prefix-file or --tabbed-prefixes expected, found both")
    }
  }
}
