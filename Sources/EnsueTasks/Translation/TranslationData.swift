// From parallel text to ids, with what is to be said about it.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// The data of a translation run, ready for training.
public struct TranslationData: Sendable, RunData {
  public let codecs: TranslationCodecs
  public let training: TranslationPart
  public let validation: TranslationPart
  public let test: TranslationPart?
  /// What a user should know about the data, a line each.
  public let notes: [String]
  /// The content, for the run's folder.
  let parts: [RunDataPart]
  /// Everything that was read, dropped and not known, for the run's folder.
  let account: JSONValue

  /// - Throws: `Failure` for anything wrong with the files, and when nothing is left to validate on.
  public init(_ configuration: TranslationConfiguration) throws {
    let splits = try configuration.data.load()
    guard !splits.validation.isEmpty else {
      throw Failure(
        .configuration, at: "data.validationPairs", "pairs to validate on expected, found none",
        advice: "Training chooses its best weights by them.")
    }
    let made = try configuration.codecRequest.codecs(for: splits.training)
    codecs = TranslationCodecs(source: made.source, target: made.target, isJoint: made.isJoint)
    training = TranslationPart(splits.training, codecs)
    validation = TranslationPart(splits.validation, codecs)
    let codecs = codecs
    test = splits.test.map { TranslationPart($0, codecs) }
    let encodings = [training, validation] + (test.map { [$0] } ?? [])
    notes = splits.lines + made.notes + encodings.flatMap(\.encoded.lines)
    var named = [("training", splits.training, training), ("validation", splits.validation, validation)]
    if let dataset = splits.test, let test { named.append(("test", dataset, test)) }
    account = TranslationDataFile.json(parts: named.map { TranslationDataFile.json($0, $1, $2) }, notes: notes)
    var parts = named.map { TranslationData.part($0.0, $0.1) }
    for (index, path) in configuration.tokens.tokenizerPaths.enumerated() {
      parts.append(RunDataPart(name: "tokenizer \(index + 1)", digest: try InputFile.digest(of: path), path: path))
    }
    self.parts = parts
  }

  private static func part(_ name: String, _ dataset: ParallelDataset) -> RunDataPart {
    RunDataPart(
      name: name, digest: dataset.contentDigest, path: dataset.report.files.first?.path ?? dataset.name)
  }

  /// The batches of every epoch.
  package func batches(_ training: TranslationConfiguration.Training, key: RandomKey) -> PairBatches {
    PairBatches(
      lengths: self.training.encoded.lengths, strategy: training.strategy, unit: training.unit,
      size: training.batchSize, key: key)
  }

  /// Refuses a model that cannot read the pairs, or that the machine cannot train.
  func check(_ architecture: TranslationArchitecture, _ configuration: TranslationConfiguration) throws {
    if let places = architecture.sourceLength {
      for part in [self.training, validation] + (test.map { [$0] } ?? []) {
        let hasTargetPlaces = architecture.kind == .transformer
        let longest = max(part.encoded.source.longest, hasTargetPlaces ? part.encoded.target.longest : 0)
        guard longest < places else {
          throw Failure(
            .data, at: part.place,
            "sentences of at most \(places - 1) symbols expected, as the model has places for, found one of \(longest)",
            advice: (hasTargetPlaces ? "Raise --places" : "Choose another --score")
              + ", or cut the sentences: --max-words does it for training and validation.")
        }
      }
    }
    var translated: [(part: TranslationPart, count: Int?)] = [(validation, configuration.validation.sentenceCount)]
    if let test { translated.append((test, nil)) }
    for (part, count) in translated {
      try PairScoring.checkAttention(
        of: part, architecture.kind, storesPairs: architecture.storesPairs, translatedCount: count)
    }
    // Of the largest batch: rows of both sides, and pairs of them with their gradients.
    let lengths = self.training.encoded.lengths.map { (source: Double($0.source + 1), target: Double($0.target + 1)) }
    let made = batches(configuration.training, key: RandomKey(seed: 0)).unshuffledBatches(epoch: 0)
    func most(_ size: ((source: Double, target: Double)) -> Double) -> Double {
      made.reduce(0) { largest, batch in max(largest, batch.reduce(0) { $0 + size(lengths[$1]) }) }
    }
    let rows = most { $0.source + $0.target }
    let pairs = architecture.storesPairs ? 2 * most { $0.source * $0.target } : 0
    let width =
      switch architecture {
      case .recurrent(let configuration): Double(configuration.hiddenSize * (configuration.encoderLayerCount + 1))
      case .transformer(let configuration):
        Double(configuration.transformer.width * (2 * configuration.transformer.layerCount + 1))
      }
    try MemoryNeed.check(
      weights: architecture.leastWeightCount, others: rows * width + pairs,
      advice: "Choose fewer units, layers or symbols, or a smaller batch.")
  }
}
