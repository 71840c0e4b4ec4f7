// How a translation is looked for, as options of every command that translates.

import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTasks

/// The options of a search.
enum TranslationSearchArguments {
  /// - Parameter start: said before each where a command has models of other tasks too.
  static func options(_ start: String = "") -> [CommandOption] {
    [
      .value(
        "beam", .integer(1...1000), placeholder: "N", default: "5",
        start + "translations looked at side by side; 1 takes the likeliest symbol"),
      .value(
        "length-penalty", .number(NumberRange(-10...10)), default: "1",
        start + "above 0 prefers longer translations: α of Wu et al. (2016)"),
      .value(
        "coverage-penalty", .number(NumberRange(0...100)), default: "0",
        start + "above 0: parts of the source that nothing looked at cost"),
      .value(
        "minimum-length", .integer(0...100_000), placeholder: "N", default: "0",
        start + "symbols of a translation at least"),
      .value(
        "maximum-length", .integer(1...100_000), placeholder: "N",
        start + "symbols of a translation at most; without it twice the source's and 20"),
      .value(
        "no-repeat-ngram", .integer(1...100), placeholder: "N", default: "none",
        start + "no N symbols that follow each other appear twice"),
    ]
  }
  static let names = [
    "beam", "length-penalty", "coverage-penalty", "minimum-length", "maximum-length", "no-repeat-ngram",
  ]

  /// The search that was asked for.
  /// - Throws: `Failure` of kind `usage` for a least length beyond the most.
  static func search(
    _ arguments: ParsedArguments, resultCount: Int = 1, alignments: Bool = false
  ) throws(Failure) -> TranslationSearch {
    let minimum = arguments.integer("minimum-length") ?? 0
    if let maximum = arguments.integer("maximum-length"), minimum > maximum {
      throw Failure(
        .usage, at: "--minimum-length", "at most --maximum-length \(maximum) expected, found \(minimum)")
    }
    var search = TranslationSearch(width: arguments.integer("beam") ?? 5)
    search.lengthPenalty = arguments.number("length-penalty") ?? 1
    search.coveragePenalty = arguments.number("coverage-penalty") ?? 0
    search.minimumLength = minimum
    if let limit = arguments.integer("maximum-length") {
      search.maximumLength = .symbols(limit)
    } else if search.minimumLength > 0 {
      // Room for what was asked for, and for an end.
      search.maximumLength = LengthLimit(constant: search.minimumLength + 20, bound: search.minimumLength + 100_000)
    }
    search.forbiddenRepeat = arguments.integer("no-repeat-ngram")
    (search.resultCount, search.keepsAlignments) = (resultCount, alignments)
    return search
  }

  /// - Throws: `Failure` of kind `usage` for what the model does not have.
  static func check(_ search: TranslationSearch, of bundle: TranslationBundle) throws(Failure) {
    if search.coveragePenalty > 0 { try requireAttention(of: bundle, for: "--coverage-penalty") }
  }

  /// - Throws: `Failure` of kind `usage` for a model without attention.
  static func requireAttention(of bundle: TranslationBundle, for place: String) throws(Failure) {
    guard !bundle.isAttentive else { return }
    throw Failure(
      .usage, at: place, "a model with attention expected, found \(bundle.architecture.title)",
      advice: "Its decoder knows the source by one vector.")
  }
}
