// What a language model reads in training: streams with a past for recurrent models, windows without one for the others.

import EnsueData
import EnsueModels

/// Inputs and targets of sequences side by side.
struct LanguageBatch: Sendable {
  let inputs: [[Int32]]
  /// -1 where nothing is to be predicted.
  let targets: [[Int32]]
  /// Where streams are cut at documents: between the sequences and the states of the streams.
  var route: StateRoute?

  /// The tokens to be predicted, the weight of the batch's loss; at least one.
  var count: Int { max(1, targets.joined().count { $0 >= 0 }) }
}

/// The batches of any epoch, by number.
enum LanguageBatches: Sendable {
  case streams(TokenStreams)
  case windows(TokenWindows, batchSize: Int)
  /// A model that is counted reads all at once.
  case none

  init(_ configuration: LanguageConfiguration, _ part: LanguagePart) {
    let training = configuration.training
    switch configuration.model.kind {
    case .recurrent, .bigram:
      self = .streams(
        TokenStreams(
          part.source, streamCount: training.batchSize, stepCount: training.steps,
          isWithinDocuments: part.keepsDocumentsApart))
    case .transformer:
      let windows = TokenWindows(
        part.source, length: configuration.model.transformer.contextLength,
        isWithinDocuments: training.keepsDocumentsApart, seed: UInt64(training.seed), order: training.windows)
      self = .windows(windows, batchSize: training.batchSize)
    case .ngram: self = .none
    }
  }

  /// Batches of an epoch.
  var count: Int {
    switch self {
    case .streams(let streams): streams.segmentCount
    case .windows(let windows, let batchSize): (windows.count + batchSize - 1) / batchSize
    case .none: 0
    }
  }

  /// A batch of an epoch, both from 0 on.
  /// - Throws: `Failure` where a corpus no longer gives what it held.
  func batch(_ index: Int, epoch: Int) throws -> LanguageBatch {
    switch self {
    case .streams(let streams):
      let segment = try streams.segment(index)
      return LanguageBatch(inputs: segment.inputs, targets: segment.targets, route: segment.route)
    case .windows(let windows, let batchSize):
      let numbers = index * batchSize..<min((index + 1) * batchSize, windows.count)
      let parts = try numbers.map { try windows.window($0, epoch: epoch) }
      return LanguageBatch(inputs: parts.map(\.inputs), targets: parts.map(\.targets))
    case .none: preconditionFailure("a model that is counted has no batches")
    }
  }
}

extension TokenSegment {
  /// Between its sequences and the states of the streams; nil where no stream is cut.
  var route: StateRoute? { StateRoute(origins: origins, ends: ends) }
}
