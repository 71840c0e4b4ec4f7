// How a translation is looked for, as options of every command that translates.

import EnsueDecoding
import EnsueFiles
import EnsueTasks

/// The options of a search.
enum TranslationSearchArguments {
  static let options: [CommandOption] = [
    .value(
      "beam", .integer(1...1000), placeholder: "N", default: "5",
      "translations looked at side by side; 1 takes the likeliest symbol"),
    .value(
      "length-penalty", .number(NumberRange(-10...10)), default: "1",
      "above 0 prefers longer translations: α of Wu et al. (2016)"),
    .value(
      "coverage-penalty", .number(NumberRange(0...100)), default: "0",
      "above 0: parts of the source that nothing looked at cost"),
    .value(
      "minimum-length", .integer(0...100_000), placeholder: "N", default: "0", "symbols of a translation at least"),
    .value(
      "maximum-length", .integer(1...100_000), placeholder: "N",
      "symbols of a translation at most; without it twice the source's and 20"),
    .value(
      "no-repeat-ngram", .integer(1...100), placeholder: "N", default: "none",
      "no N symbols that follow each other appear twice"),
  ]

  /// The search that was asked for.
  static func search(_ arguments: ParsedArguments, resultCount: Int = 1, alignments: Bool = false) -> TranslationSearch
  {
    var search = TranslationSearch(width: arguments.integer("beam") ?? 5)
    search.lengthPenalty = arguments.number("length-penalty") ?? 1
    search.coveragePenalty = arguments.number("coverage-penalty") ?? 0
    search.minimumLength = arguments.integer("minimum-length") ?? 0
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
}
