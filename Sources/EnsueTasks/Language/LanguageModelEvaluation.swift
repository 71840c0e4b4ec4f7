// A language model over a text.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// How a text is read when a language model is measured.
public struct LanguageModelEvaluationOptions: Sendable, Equatable {
  /// Streams side by side, each beginning without a past: 1 carries the states of a recurrent model over the whole
  /// text, more are faster. Only for a text that is read neither in windows nor learned from.
  public var streamCount = 1
  /// Tokens of a window that begins without a past; nil for a Transformer's context, and for no windows otherwise.
  public var windowLength: Int?
  /// Tokens from the beginning of a window to that of the next. Those that a window shares with the one before are read
  /// and not scored again. nil: the window's length. Not for dynamic evaluation.
  public var stride: Int?
  /// The rate of dynamic evaluation; nil for none.
  public var dynamicRate: Double?

  public init() {}

  /// As validation reads, whatever training does, so that figures of different runs can be compared.
  static var validation: LanguageModelEvaluationOptions {
    var options = LanguageModelEvaluationOptions()
    options.streamCount = 32
    return options
  }
}

/// Measures language models: every token of a text but the first is predicted once, given what stands before it; where
/// a part keeps documents apart, every token of a document but its first.
public struct LanguageModelEvaluation: Sendable, Equatable {
  public let summary: LanguageModelSummary
  /// The mean loss at every place of a window, from 0 on; empty where there are no windows, nil where none was scored.
  public let lossByPosition: [Double?]

  /// Tokens that are read at a time, where a window is not longer.
  private static let tokenLimit = 1024
  /// Tokens of a segment of dynamic evaluation (Krause et al. 2018 take 5 for words, 20 for characters).
  private static let dynamicSteps = 20

  /// - Parameters:
  ///   - part: at least two ids, one of them known.
  ///   - unknownID: never scored.
  ///   - check: called for each batch; what it throws ends the evaluation.
  /// - Throws: `Failure` where a corpus cannot be read, or a window is longer than learned positions.
  public init(
    of model: AnyLanguageModel, on part: LanguagePart, unknownID: Int32?,
    _ options: LanguageModelEvaluationOptions = LanguageModelEvaluationOptions(),
    check: @escaping () throws -> Void = {}
  ) throws {
    let length = try LanguageModelEvaluation.windowLength(model, options)
    var scores = EvaluationScores(unknownID: unknownID, positionCount: length ?? 0, check: check)
    if let rate = options.dynamicRate {
      try LanguageModelEvaluation.readDynamically(model, part, rate, length, unknownID, &scores)
    } else if let length {
      let stride = options.stride ?? length
      try LanguageModelEvaluation.readWindows(model.prepared(), part.source, length, stride, &scores)
    } else if case .ngram(let counted) = model {
      try LanguageModelEvaluation.readCounted(counted, part.source, &scores)
    } else {
      try LanguageModelEvaluation.readStreams(model.prepared(), part, options.streamCount, &scores)
    }
    (summary, lossByPosition) = (scores.summary(of: part.measure), scores.lossByPosition)
  }

  /// - Throws: `Failure` of kind `usage` for a window or stride that the model cannot have.
  private static func windowLength(_ model: AnyLanguageModel, _ options: LanguageModelEvaluationOptions) throws -> Int?
  {
    let limit: Int? = if case .transformer = model { model.contextLength } else { nil }
    let length = options.windowLength ?? limit
    if let length, let limit, length > limit {
      throw Failure(.usage, at: "--window", "at most the model's context of \(limit) tokens expected, found \(length)")
    }
    if let stride = options.stride, stride > length ?? 0 {
      throw Failure(
        .usage, at: "--stride",
        length.map { "at most the \($0) tokens of a window expected, found \(stride)" }
          ?? "a --window expected beside it, found none")
    }
    return length
  }

  /// The whole text with carried states.
  private static func readStreams(
    _ model: AnyLanguageModel, _ part: LanguagePart, _ streamCount: Int, _ scores: inout EvaluationScores
  ) throws {
    let count = min(streamCount, part.count - 1)
    let streams = TokenStreams(
      part.source, streamCount: count, stepCount: max(1, tokenLimit / count),
      isWithinDocuments: part.keepsDocumentsApart)
    var states: [[RecurrentState]]?
    for index in 0..<streams.segmentCount {
      let segment = try streams.segment(index)
      states = try scores.read(
        PackedTokens(segment.inputs), with: model, from: states, by: segment.route, PackedTokens(segment.targets))
    }
  }

  /// The whole text by a model whose past is the last few symbols.
  private static func readCounted(
    _ model: NGramModel, _ source: any TokenSource, _ scores: inout EvaluationScores
  ) throws {
    let rows = EvaluationScores.rowLimit(vocabularySize: model.vocabularySize)
    for start in Swift.stride(from: 1, to: source.count, by: rows) {
      let end = min(start + rows, source.count)
      let first = max(0, start - model.order + 1)
      let ids = try source.tokens(first..<end)
      let contexts = (start..<end).map { place in
        Array(ids[max(0, place - model.order + 1 - first)..<place - first])
      }
      try scores.take(model.scores(after: contexts), PackedTokens([Array(ids[(start - first)...])]))
    }
  }

  /// Windows side by side or overlapping, each without a past, several at once.
  private static func readWindows(
    _ model: AnyLanguageModel, _ source: any TokenSource, _ length: Int, _ stride: Int, _ scores: inout EvaluationScores
  ) throws {
    var batch: [(ids: [Int32], firstScored: Int)] = []
    func read(_ scores: inout EvaluationScores) throws {
      guard !batch.isEmpty else { return }
      let inputs = PackedTokens(batch.map { Array($0.ids.dropLast()) })
      let targets = PackedTokens(batch.map { Array($0.ids.dropFirst()) })
      _ = try scores.read(inputs, with: model, targets, firstScored: batch.map(\.firstScored))
      batch = []
    }
    // Targets before this place are scored.
    var done = 1
    for start in Swift.stride(from: 0, to: source.count - 1, by: stride) where done < source.count {
      let end = min(start + length + 1, source.count)
      batch.append((try source.tokens(start..<end), done - start - 1))
      done = end
      if batch.count * length >= tokenLimit { try read(&scores) }
    }
    try read(&scores)
  }

  /// Reads a segment, scores it, and takes a step of gradient descent on it before the next (Krause et al. 2018, with
  /// plain descent): θ ← θ - η ∇L.
  private static func readDynamically(
    _ model: AnyLanguageModel, _ part: LanguagePart, _ rate: Double, _ length: Int?, _ unknownID: Int32?,
    _ scores: inout EvaluationScores
  ) throws {
    guard model.kind.isTrained else {
      throw Failure(.usage, at: "--dynamic-rate", "a model with weights expected, found \(model.kind.rawValue)")
    }
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate) = (.sgd, rate)
    var trainer = Trainer(model: model, optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
    let streams = TokenStreams(
      part.source, streamCount: 1, stepCount: length ?? dynamicSteps, isWithinDocuments: part.keepsDocumentsApart)
    var states: [[RecurrentState]]?
    for index in 0..<streams.segmentCount {
      let segment = try streams.segment(index)
      let (inputs, targets) = (PackedTokens(segment.inputs), PackedTokens(segment.targets))
      let before = states
      let after = try scores.read(inputs, with: trainer.model, from: before, by: segment.route, targets)
      // As in training, nothing is learned of unknown tokens.
      let learned = targets.ids.map { $0 == unknownID ? -1 : Int($0) }
      if learned.contains(where: { $0 >= 0 }) {
        _ = try trainer.step(on: [(batch: inputs, count: segment.count)]) { model, inputs, _ in
          try model.loss(inputs, targets: learned, from: before, by: segment.route, .inference).loss
        }
      }
      states = length == nil ? after?.map { $0.map(\.detached) } : nil
    }
  }
}
