// The leaves of data and vocabularies.

import EnsueData
import EnsueFiles
import EnsueText

extension TranslationConfiguration {
  static let dataSettings: [Setting<Self>] = sourceSettings + pairSettings

  private static let sourceSettings: [Setting<Self>] = [
    .choice("data.dataset", \.data.kind, option: "dataset", "which data set"),
    .list(
      "data.paths", \.data.paths, of: .paths, option: "data", placeholder: "FILE,...",
      "the source's and the target's file, or one TSV or CSV; the folder of a named data set"),
    .list(
      "data.validationPaths", \.data.validationPaths, of: .paths, option: "validation", placeholder: "FILE,...",
      "the same to validate on, instead of pairs held out"),
    .list(
      "data.testPaths", \.data.testPaths, of: .paths, option: "test", placeholder: "FILE,...",
      "the same to test the best weights on"),
    .name(
      "data.source", \.data.sourceLanguage, option: "source",
      "the language to translate from, such as de; of a table the name of its column"),
    .name("data.target", \.data.targetLanguage, option: "target", "the language to translate into"),
    .choice("data.form", \.data.form, option: "form", "which text of multi30k")
      .read(by: "--dataset multi30k") { $0.data.kind == .multi30k },
    .choice("data.header", \.data.reading.header, option: "header", "whether a table's first row names its columns")
      .read(by: "a table of pairs") { $0.data.readsTable },
    .choice("data.quoting", \.data.reading.quoting, option: "quoting", "what quotation marks mean in a table")
      .read(by: "a table of pairs") { $0.data.readsTable },
    .choice("data.encoding", \.data.reading.encoding, option: "encoding", "the files' encoding")
      .read(by: "a data set of files") { $0.data.readsFiles },
    .choice("data.badBytes", \.data.reading.badBytes, option: "bad-bytes", "what to do with bytes that are no UTF-8")
      .read(by: "a data set of files") { $0.data.readsFiles },
  ]

  private static let pairSettings: [Setting<Self>] =
    limitSettings.read(by: "a data set of files") { $0.data.limitsPairs } + countSettings
    + symbolSettings.read(by: "--dataset reversal or sorting") { $0.data.kind == .reversal || $0.data.kind == .sorting }

  private static let limitSettings: [Setting<Self>] = [
    .integer(
      "data.maximumWords", \.data.limits.words, 1...10_000_000, option: "max-words",
      "words of a side at most; longer pairs are dropped and counted"),
    .integer(
      "data.maximumCharacters", \.data.limits.characters, 1...100_000_000, option: "max-characters",
      "characters of a side at most"),
    .number(
      "data.maximumRatio", \.data.limits.ratio, 1...1e6, option: "max-ratio",
      "how many times as many words the longer side may have"),
  ]

  private static let countSettings: [Setting<Self>] = [
    .integer(
      "data.trainingPairs", \.data.counts.training, 1...PairCounts.countLimit, option: "training-pairs",
      "pairs to generate for training"
    ).read(by: "a data set that is generated") { $0.data.isGenerated },
    .integer(
      "data.validationPairs", \.data.counts.validation, 0...PairCounts.countLimit, option: "validation-pairs",
      "pairs to generate or hold out for validation; of files a tenth at most"
    ).read(by: "a data set that is generated, or that validation pairs are held out of") {
      $0.data.isGenerated || $0.data.holdsOutValidation
    },
    .integer(
      "data.testPairs", \.data.counts.test, 0...PairCounts.countLimit, option: "test-pairs",
      "pairs to generate or hold out for the test; of files none"
    ).read(by: "a data set that is generated, or that test pairs are held out of") {
      $0.data.isGenerated || $0.data.holdsOutTest
    },
    .integer(
      "data.seed", \.data.counts.seed, 0...UInt64(Int.max), option: "data-seed",
      "seed of what is generated or held out"
    ).read(by: "a data set that is generated, or that pairs are held out of") {
      $0.data.isGenerated || $0.data.holdsOutValidation || $0.data.holdsOutTest
    },
    .integer("data.digits", \.data.digits, 1...15, option: "digits", "digits of a number of addition at most")
      .read(by: "--dataset addition that is generated") { $0.data.kind == .addition && $0.data.isGenerated },
  ]

  private static let symbolSettings: [Setting<Self>] = [
    .integer("data.shortest", \.data.shortest, 1...1000, option: "shortest", "symbols of reversal and sorting"),
    .integer("data.longest", \.data.longest, 1...1000, option: "longest", "the same at most"),
    .integer(
      "data.symbols", \.data.symbolCount, 2...65_536, option: "symbols", "different symbols of reversal and sorting"),
  ]

  static let tokenSettings: [Setting<Self>] = [
    .choice(
      "tokens.level", \.tokens.level, option: "level", "into which pieces texts are cut; none for what suits the data"),
    .integer(
      "tokens.size", \.tokens.size, 4...(1 << 24), option: "vocabulary-size",
      "ids of a vocabulary at most; none for all words or characters, and 8,000 subwords"
    ).read(by: "a vocabulary that is made from the pairs", where: countsSymbols),
    .integer(
      "tokens.minimumCount", \.tokens.minimumCount, 1...1_000_000, option: "min-count",
      "rarer words and characters are unknown"
    ).read(by: "a vocabulary that is made from the pairs", where: countsSymbols),
    .choice(
      "tokens.trainer", \.tokens.trainer, among: SubwordTrainerKind.ofPieces, option: "trainer",
      "which subwords are learned"
    ).read(by: "a vocabulary of subwords that is learned", where: learnsSubwords),
    .flag("tokens.lowercases", \.tokens.lowercases, option: "lowercase", "subwords without capital letters")
      .read(by: "a vocabulary of subwords that is learned", where: learnsSubwords),
    .list(
      "tokens.tokenizers", \.tokens.tokenizerPaths, of: .paths, option: "tokenizer", placeholder: "FILE,...",
      "tokenizer.json for both sides, or one for each, instead of learning them"),
    .flag("tokens.joint", \.tokens.isJoint, option: "joint", "one vocabulary for both sides"),
  ]

  private static let countsSymbols: @Sendable (Self) -> Bool = {
    $0.tokens.tokenizerPaths.isEmpty && ($0.tokens.level ?? $0.data.kind.usualLevel) != .bytes
  }

  private static let learnsSubwords: @Sendable (Self) -> Bool = {
    $0.tokens.tokenizerPaths.isEmpty && ($0.tokens.level ?? $0.data.kind.usualLevel) == .subwords
  }
}

/// What of a request has a meaning for its data set.
extension ParallelRequest {
  var isGenerated: Bool {
    switch kind {
    case .reversal, .sorting: true
    case .dates, .addition: paths.isEmpty
    case .files, .multi30k, .tanaka, .spelling: false
    }
  }

  /// Whether anything is read, be it validation or test pairs beside generated ones.
  var readsFiles: Bool { limitsPairs || !testPaths.isEmpty }

  /// Whether training or validation pairs are read; test pairs have no limits.
  var limitsPairs: Bool { !isGenerated || !validationPaths.isEmpty }

  var readsTable: Bool {
    kind == .files && paths.count == 1 || validationPaths.count == 1 || testPaths.count == 1
  }

  var holdsOutValidation: Bool {
    switch kind {
    case .files, .dates, .addition: !isGenerated && validationPaths.isEmpty
    case .multi30k, .tanaka, .spelling, .reversal, .sorting: false
    }
  }

  var holdsOutTest: Bool { (kind == .dates || kind == .addition) && !isGenerated && testPaths.isEmpty }

  /// Whether there are test pairs, as far as the request says.
  var hasTest: Bool {
    switch kind {
    case .files, .spelling: !testPaths.isEmpty
    case .multi30k, .tanaka: true
    case .dates, .addition, .reversal, .sorting: !testPaths.isEmpty || counts.test > 0
    }
  }
}
