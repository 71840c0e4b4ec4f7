// What to load: the kind of data set, its files or the sizes of what is generated.

import EnsueFiles

/// A request for training, validation and test pairs.
public struct ParallelRequest: Sendable, Equatable {
  public var kind: ParallelDatasetKind
  /// `files`: the source's and the target's file, or one table. `multi30k`, `tanaka`, `spelling`: the folder.
  /// `dates`, `addition`: a file of `source_target` lines; without it they are generated, as the others are.
  public var paths: [String]
  /// Two files or a table of validation data, in place of the set's own or of held-out pairs.
  public var validationPaths: [String]
  /// Two files or a table of test data, in place of the set's own or of held-out pairs.
  public var testPaths: [String]
  /// The language to translate from; nil: `de` of `multi30k`, `en` of `tanaka`. Of a table: the name of its column.
  public var sourceLanguage: String?
  /// The language to translate into; nil: `en` of `multi30k`, `ja` of `tanaka`. Of a table: the name of its column.
  public var targetLanguage: String?
  /// Which text of `multi30k`.
  public var form: Multi30kFormKind
  public var reading: ParallelReadingOptions
  /// What training and validation pairs may be, and test pairs held out of the same file; others are dropped only when
  /// a side is empty. Not of generated ones.
  public var limits: ParallelLimits
  /// Sizes and seed of what is generated or held out. `files` without validation files hold out a tenth at most.
  public var counts: PairCounts
  /// The most digits of a number of `addition`.
  public var digits: Int
  /// The lengths of `reversal` and `sorting`.
  public var shortest: Int
  public var longest: Int
  /// How many different symbols `reversal` and `sorting` have.
  public var symbolCount: Int

  public init(
    kind: ParallelDatasetKind, paths: [String] = [], validationPaths: [String] = [], testPaths: [String] = [],
    sourceLanguage: String? = nil, targetLanguage: String? = nil, form: Multi30kFormKind = .raw,
    reading: ParallelReadingOptions = ParallelReadingOptions(), limits: ParallelLimits = ParallelLimits(),
    counts: PairCounts = PairCounts(), digits: Int = 3, shortest: Int = 3, longest: Int = 15, symbolCount: Int = 26
  ) {
    self.kind = kind
    self.paths = paths
    self.validationPaths = validationPaths
    self.testPaths = testPaths
    self.sourceLanguage = sourceLanguage
    self.targetLanguage = targetLanguage
    self.form = form
    self.reading = reading
    self.limits = limits
    self.counts = counts
    self.digits = digits
    self.shortest = shortest
    self.longest = longest
    self.symbolCount = symbolCount
  }

  /// The names of both columns of a table; nil where nobody has said them.
  public var languages: (source: String, target: String)? {
    sourceLanguage.flatMap { source in targetLanguage.map { (source: source, target: $0) } }
  }
}
