// A bundle to and from its folder. Nothing in a bundle is believed before it is checked.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension ClassifierBundle {
  fileprivate static let formatVersion = 1

  /// Writes the folder; each file appears whole or not at all, the configuration last.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    try encoder.vocabulary.write(to: "\(folder)/vocabulary.txt")
    try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/model.safetensors")
    let json: JSONValue = .object([
      "format": .number(ClassifierBundle.formatVersion),
      "task": .string(BundleTaskKind.classify.rawValue),
      "labels": .array(labels.map(JSONValue.string)),
      "tokenizer": .string(encoder.tokenizerKind.rawValue),
      "lowercases": .boolean(encoder.lowercases),
      "maximumLength": encoder.maximumLength.map { .number($0) } ?? .null,
      "architecture": try BundleFields.encoded(
        architecture.kind.cell == nil ? architecture : architecture.withEquations(), name: "architecture"),
    ])
    try OutputFile.write(json.indented, to: "\(folder)/configuration.json")
  }

  /// Loads a bundle.
  /// - Parameter path: the bundle's folder, or a run folder that holds one under `bundle`.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(contentsOf path: String) throws {
    let folder = try BundleFolder.find(path)
    let header = try BundleHeader(folder)
    let vocabulary = try Vocabulary(contentsOf: "\(folder)/vocabulary.txt")
    guard vocabulary.count == header.architecture.vocabularySize else {
      throw Failure(
        .data, at: "\(folder)/vocabulary.txt",
        "\(header.architecture.vocabularySize) tokens expected, found \(vocabulary.count)")
    }
    let weights = "\(folder)/model.safetensors"
    let reader = try SafetensorsReader(weights)
    try header.checkSize(against: reader, weights)
    try reader.verifyDigest()
    var model = try header.blankModel()
    try model.load(reader, path: weights)
    self.init(
      labels: header.labels,
      encoder: SentenceEncoder(
        tokenizerKind: header.tokenizer, lowercases: header.lowercases, maximumLength: header.longestKept,
        splitsSentences: header.architecture.kind.readsSentences, vocabulary: vocabulary),
      architecture: header.architecture, model: model)
  }
}

/// The checked content of a bundle's configuration.
private struct BundleHeader {
  let labels: [String]
  let tokenizer: TokenizerKind
  let lowercases: Bool
  let maximumLength: Int?
  let architecture: ClassifierConfiguration
  private let file: String

  init(_ folder: String) throws {
    let fields = try BundleFields(folder: folder, task: .classify, format: ClassifierBundle.formatVersion)
    file = fields.file
    labels = try fields.member("labels", "two or more labels, each once,") { value in
      value.arrayValue.flatMap { values in
        let labels = values.compactMap(\.stringValue)
        let isEachOnce = Set(labels.map { Array($0.utf8) }).count == values.count
        return isEachOnce && (2...100_000).contains(labels.count) ? labels : nil
      }
    }
    tokenizer = try fields.member("tokenizer", "the name of a tokenizer") { $0.stringValue.flatMap(TokenizerKind.init) }
    lowercases = try fields.member("lowercases", "true or false") { $0.booleanValue }
    maximumLength = try fields.member("maximumLength", "a length or null") { value -> Int?? in
      value == .null ? .some(nil) : value.integerValue.flatMap { $0 > 0 ? .some($0) : nil }
    }
    architecture = try fields.decoded(
      "architecture", "an architecture", adding: BundleHeader.added, of: ClassifierConfiguration()
    ).withoutKnownEquations()
    guard architecture.classCount == labels.count, architecture.isPlausible else {
      throw Failure(
        .data, at: file, "architecture: sizes and rates that fit \(labels.count) labels and each other expected")
    }
  }

  /// What did not exist yet when the first bundles were written.
  private static let added = [
    "headCount", "activation", "positions", "maximumPositions", "norm", "attentionDropout", "feedForwardDropout",
    "attentionDistribution", "attentionAlpha", "attentionReading", "attentionKernel", "randomFeatureCount",
    "gradientPropagation",
  ]

  /// Before memory is taken for a model: its largest matrices must be in the file.
  func checkSize(against reader: borrowing SafetensorsReader, _ path: String) throws {
    for needed in architecture.embeddingTables where reader.sizes(needed.name) != needed.sizes {
      throw Failure(
        .data, at: path,
        "\(needed.name) of shape \(needed.sizes) expected, found \(reader.sizes(needed.name).map { "\($0)" } ?? "none")"
      )
    }
    try reader.require(elements: architecture.leastWeightCount)
  }

  /// Tokens of a sentence that are kept: no more than the model has places for.
  var longestKept: Int? {
    guard let longest = architecture.longestSentence else { return maximumLength }
    return min(maximumLength ?? longest, longest)
  }

  /// A model with the cheapest first values: they are overwritten.
  func blankModel() throws(Failure) -> any TextClassifier {
    var blank = architecture
    blank.inputInitializer = .uniform
    blank.recurrentInitializer = .uniform
    do { return try blank.kind.makeClassifier(blank, key: RandomKey(seed: 0)) } catch {
      throw Failure(.data, at: file, "architecture: \(error.place): \(error.problem)", advice: error.advice)
    }
  }
}

extension ClassifierConfiguration {
  /// Whether every size is within what Ensue builds.
  fileprivate var isPlausible: Bool {
    (2...100_000).contains(classCount) && (2...Vocabulary.maximumCount).contains(vocabularySize)
      && (1...65_536).contains(embeddingSize) && hasPlausibleTables && (1...8192).contains(hiddenSize)
      && (1...64).contains(layerCount)
      && rates.allSatisfy((0..<1).contains) && leak > 0 && leak <= 1
      && (1...100_000).contains(positionLimit) && (1...16).contains(nGramOrder)
      && (1...(1 << 28)).contains(nGramBuckets) && forgetBias.isFinite && normStabilizer.isFinite
      && gradientPropagation.isFinite
      && isPlausibleTransformer && (try? checkAlpha()) != nil
      && (try? checkReading()) != nil && (try? checkReach()) != nil
  }

  private var rates: [Double] {
    [dropout, recurrentDropout, zoneout, cellOptions.chosen.memoryZoneout ?? 0, wordDropout]
  }

  private var hasPlausibleTables: Bool {
    embeddingSizes.map { (2...64).contains($0.count) && $0.allSatisfy((1...65_536).contains) } ?? true
  }

  private var isPlausibleTransformer: Bool {
    (1...65_536).contains(width ?? 1) && (1...65_536).contains(feedForwardSize ?? 1)
      && (1...65_536).contains(maximumPositions) && (0..<1).contains(attentionDropout)
      && (0..<1).contains(feedForwardDropout) && headCount > 0 && (1...65_536).contains(randomFeatureCount)
      && (!kind.hasAttentiveBlocks || (try? transformer()) != nil)
  }
}
