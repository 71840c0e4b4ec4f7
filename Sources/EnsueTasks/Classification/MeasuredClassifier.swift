// A classifier, made here or brought from elsewhere, measured on labelled sentences.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueLayers

/// One model's evaluation.
public struct MeasuredClassifier: Sendable {
  /// Where the sentences come from, and what the labels mean.
  public struct Request: Sendable {
    /// Files, or nothing for the data of the model's own run.
    public var data = DataConfiguration()
    public var part = LabelledInput.Part.test
    /// What labels of pre-trained models mean.
    public var given: [LabelPair] = []

    public init() {}

    /// - Parameter labels: the only ones allowed; nil for those of the data.
    fileprivate func sentences(for path: String, labels: [String]?) throws -> LabelledDataset {
      var files = data
      files.sampleSize = nil
      let all =
        try files == DataConfiguration()
        ? LabelledInput.load(RunFolder(path), part: part, labels: labels)
        : LabelledInput.load(files, part: part, labels: labels)
      return data.sampleSize.map { all.sampled($0, seed: UInt64(data.validationSeed)) } ?? all
    }
  }

  public let bundle: any TextClassifierBundle
  public let dataset: LabelledDataset
  public let map: LabelMap
  public let evaluation: ClassificationEvaluation
  /// Of reading the sentences and running the model.
  public let seconds: Double
  /// Sentences that were cut to the length that the model has places for.
  public let cutCount: Int

  /// - Parameter path: a run folder, a bundle, or a folder as the Hub has it.
  /// - Throws: `Failure` where there is no classifier or no data, and where labels have no certain meaning.
  public init(_ path: String, _ request: Request) throws {
    let bundle = try ClassifierFolder.bundle(at: path)
    let (dataset, map) = try MeasuredClassifier.sentences(for: bundle, at: path, request)
    let start = ContinuousClock.now
    let read = dataset.examples.map { bundle.read(ids: $0.text) }
    let sentences = zip(dataset.examples, read).map { EncodedSentence(ids: $1.ids, label: $0.label) }
    cutCount = read.count { $0.ids.count < $0.tokenCount }
    evaluation = try ClassificationEvaluation(of: AnyTextClassifier(bundle.classifier), on: sentences, map: map)
    seconds = (ContinuousClock.now - start) / .seconds(1)
    (self.bundle, self.dataset, self.map) = (bundle, dataset, map)
  }

  private static func sentences(
    for bundle: any TextClassifierBundle, at path: String, _ request: Request
  ) throws -> (LabelledDataset, LabelMap) {
    let known = bundle.labels
    guard ClassifierFolder.pretrained(at: path) != nil else {
      return (try request.sentences(for: path, labels: known), LabelMap(known))
    }
    let own = try request.sentences(for: path, labels: nil)
    func isKnown(_ label: String) -> Bool { known.contains { $0.utf8.elementsEqual(label.utf8) } }
    // A file need not have every label; those that it has are the model's own.
    if own.labels.allSatisfy(isKnown), !request.given.contains(where: { isKnown($0.model) }) {
      return (try own.reindexed(to: known), LabelMap(known))
    }
    return (own, try LabelMap(model: known, data: own.labels, given: request.given, place: path))
  }

  /// The number of numbers that the model was trained by.
  public var parameterCount: Int { AnyTextClassifier(bundle.classifier).trainedCount }

  /// What a user should know, a line each.
  public var notes: [String] {
    (map.note.map { ["labels: \($0)"] } ?? [])
      + (cutCount > 0 ? ["\(cutCount) of \(dataset.count) sentences were longer than the model reads, and cut"] : [])
  }
}
