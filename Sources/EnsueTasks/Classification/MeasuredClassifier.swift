// A classifier, made here or brought from elsewhere, measured on labelled sentences.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueTensor

/// One model's evaluation.
public struct MeasuredClassifier: Sendable {
  /// Where the sentences come from, and what the labels mean.
  public struct Request: Sendable {
    /// Files, or nothing for the data of the model's own run.
    public var data = DataConfiguration()
    public var part = LabelledInput.Part.test
    /// What labels of models mean, of all models or of one.
    public var given: [LabelPair] = []
    /// Of a pre-trained model's weights.
    public var precision = WeightPrecisionKind.full

    public init() {}

    /// - Parameters:
    ///   - labels: the only ones allowed; nil for those of the data.
    ///   - kind: of the labels.
    fileprivate func sentences(
      for place: ModelPlace, labels: [String]?, kind: LabelKind = .category
    ) throws -> LabelledDataset {
      guard data.labelKind == .category || kind == .number else {
        throw Failure(
          .usage, at: place.given, "a model of a number expected where --label-kind is number, found a classifier")
      }
      var files = data
      (files.sampleSize, files.labelKind) = (nil, .category)
      let isOwn = files == DataConfiguration()
      files.labelKind = kind
      let all =
        try isOwn
        ? LabelledInput.load(place.run, part: part, labels: labels)
        : LabelledInput.load(files, part: part, labels: labels)
      return data.sampleSize.map { all.sampled($0, seed: UInt64(data.validationSeed)) } ?? all
    }
  }

  public let bundle: any TextClassifierBundle
  public let dataset: LabelledDataset
  public let map: LabelMap
  public let evaluation: SentenceEvaluation
  /// Of reading the sentences and running the model.
  public let seconds: Double
  /// Sentences that were cut to the length that the model has places for.
  public let cutCount: Int

  /// - Parameter place: a run folder, a bundle, or a folder as the Hub has it.
  /// - Throws: `Failure` where there is no classifier or no data, and where labels have no certain meaning.
  public init(_ place: ModelPlace, _ request: Request) throws {
    let bundle = try ClassifierFolder.bundle(at: place.folder, precision: request.precision)
    let (dataset, map) = try MeasuredClassifier.sentences(for: bundle, at: place, request)
    let start = ContinuousClock.now
    let sentences = dataset.examples.map { EncodedSentence(bundle.read($0.content), $0) }
    cutCount = sentences.count { $0.text.isCut }
    evaluation = try SentenceEvaluation(of: AnyTextClassifier(bundle.classifier), on: sentences, map: map)
    seconds = (ContinuousClock.now - start) / .seconds(1)
    (self.bundle, self.dataset, self.map) = (bundle, dataset, map)
  }

  private static func sentences(
    for bundle: any TextClassifierBundle, at place: ModelPlace, _ request: Request
  ) throws -> (LabelledDataset, LabelMap) {
    let known = bundle.labels
    let isPretrained = ClassifierFolder.pretrained(at: place.folder) != nil
    guard bundle.problem != .regression else {
      return (try numbers(for: bundle, at: place, request), LabelMap(known))
    }
    func isKnown(_ label: String) -> Bool { known.contains { $0.utf8.elementsEqual(label.utf8) } }
    let given = LabelPair.those(of: place.given, among: request.given)
    let isMapped = given.contains { isKnown($0.model) }
    let own = try request.sentences(for: place, labels: isPretrained || isMapped ? nil : known)
    try require(own, .category, for: bundle, isPretrained: isPretrained, at: place.given)
    guard isPretrained || isMapped else { return (own, LabelMap(known)) }
    // A file need not have every label of a run; what a model from elsewhere means by one that the data lacks is not
    // certain.
    let isWhole = own.labels.count == known.count || place.run.holdsRun
    if isWhole, own.labels.allSatisfy(isKnown), !isMapped {
      return (try own.reindexed(to: known), LabelMap(known))
    }
    return (own, try LabelMap(model: known, data: own.labels, given: given, place: place.given))
  }

  private static func numbers(
    for bundle: any TextClassifierBundle, at place: ModelPlace, _ request: Request
  ) throws -> LabelledDataset {
    guard request.given.allSatisfy({ !$0.isSaid(of: place.given) }) else {
      throw Failure(
        .usage, at: place.given, "a classifier expected where --map is given, found a model of a number")
    }
    let own = try request.sentences(for: place, labels: nil, kind: .number)
    try require(own, .number, for: bundle, isPretrained: true, at: place.given)
    return own
  }

  /// Refuses sentences that a model cannot be measured on.
  private static func require(
    _ dataset: LabelledDataset, _ kind: LabelKind, for bundle: any TextClassifierBundle, isPretrained: Bool,
    at path: String
  ) throws(Failure) {
    guard dataset.labelKind == kind else {
      throw Failure(.usage, at: path, "labels that are the \(kind.summary) of the model expected, found others")
    }
    if bundle.readsPairs, !dataset.hasPairs {
      throw Failure(
        .usage, at: path, "pairs of texts, as the model was trained on, expected, found texts by themselves",
        advice: "Name the column of second texts with --pair-column.")
    }
    if dataset.hasPairs, !isPretrained, !bundle.readsPairs { throw Failure.noPairs(at: path) }
  }

  /// The number of numbers that the model was trained by.
  public var parameterCount: Int { AnyTextClassifier(bundle.classifier).trainedCount }

  /// What a user should know, a line each.
  public var notes: [String] {
    (bundle.report.isEmpty ? [] : [bundle.report.description]) + (map.note.map { ["labels: \($0)"] } ?? [])
      + (cutCount > 0 ? ["\(cutCount) of \(dataset.count) sentences were longer than the model reads, and cut"] : [])
  }
}
