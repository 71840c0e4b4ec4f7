// The sums behind a language model's figures.

import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTensor

/// What the symbols scored so far add up to.
struct EvaluationScores {
  /// Of -ln p.
  private var loss = 0.0
  private var correctCount = 0
  private(set) var count = 0
  private var unknownCount = 0
  /// By the place of the target in its window, where asked for.
  private var positions: [(loss: Double, count: Int)]
  private let unknownID: Int32?
  private let check: () throws -> Void

  /// - Parameters:
  ///   - positionCount: places in a window that are told apart; 0 for none.
  ///   - check: called whenever scores are taken; what it throws ends the work.
  init(unknownID: Int32?, positionCount: Int = 0, check: @escaping () throws -> Void = {}) {
    (self.unknownID, self.check) = (unknownID, check)
    positions = Array(repeating: (0, 0), count: positionCount)
  }

  /// Takes the scores of packed rows.
  /// - Parameters:
  ///   - logits: [rows, vocabulary].
  ///   - targets: of the same rows; -1 where nothing is to be predicted.
  ///   - firstScored: of each sequence, in the caller's order, the first step that counts; nil for all.
  mutating func take(_ logits: Tensor, _ targets: PackedTokens, firstScored: [Int]? = nil) throws {
    var place = RowPlace()
    try take(logits, targets, at: &place, firstScored)
  }

  /// Rows whose scores exist at a time: 64 MiB of them, so that large vocabularies fit memory.
  static func rowLimit(vocabularySize: Int) -> Int { max(1, min(1024, (1 << 24) / max(1, vocabularySize))) }

  /// Numbers that exist at least while the scores of some of so many rows are taken: scores, their log-softmax, and
  /// that as an array.
  static func leastNumbers(vocabularySize: Int, rowCount: Int) -> Double {
    3 * Double(min(rowLimit(vocabularySize: vocabularySize), rowCount)) * Double(vocabularySize)
  }

  /// Reads sequences with a model and takes its scores, some rows at a time.
  /// - Parameters:
  ///   - states: after the segment before; nil at the start of a text.
  ///   - route: where streams are cut into several sequences.
  /// - Returns: the states after the last step, where there are any.
  mutating func read(
    _ inputs: PackedTokens, with model: AnyLanguageModel, from states: [[RecurrentState]]? = nil,
    by route: StateRoute? = nil, _ targets: PackedTokens, firstScored: [Int]? = nil
  ) throws -> [[RecurrentState]]? {
    var place = RowPlace()
    let rowLimit = EvaluationScores.rowLimit(vocabularySize: model.vocabularySize)
    return try model.forEachBlock(of: inputs, from: states, by: route, rowLimit: rowLimit) {
      try take($0, targets, at: &place, firstScored)
    }
  }

  /// Reads pairs with a model, teacher forced, and takes its scores, some rows at a time.
  mutating func read(_ batch: PairBatch, with model: AnyTranslationModel) throws {
    var place = RowPlace()
    let rowLimit = EvaluationScores.rowLimit(vocabularySize: model.vocabularySize)
    try model.forEachBlock(sources: batch.sources, inputs: batch.inputs, rowLimit: rowLimit) {
      try take($0, batch.outputs, at: &place, nil)
    }
  }

  /// Where a packed row stands.
  private struct RowPlace {
    var row = 0
    var step = 0
    var position = 0

    mutating func advance(in layout: PackedLayout) {
      (row, position) = (row + 1, position + 1)
      if position == layout.aliveCount(at: step) { (step, position) = (step + 1, 0) }
    }
  }

  /// Takes the scores of the rows that come next.
  private mutating func take(
    _ logits: Tensor, _ targets: PackedTokens, at place: inout RowPlace, _ firstScored: [Int]?
  ) throws {
    try check()
    let (values, width) = (logSoftmax(logits.detached), logits.shape[1])
    switch values.elementType {
    case .float32: take(values.floats, width, targets, at: &place, firstScored)
    case .float64: take(values.doubles, width, targets, at: &place, firstScored)
    }
  }

  private mutating func take<Number: BinaryFloatingPoint>(
    _ values: [Number], _ width: Int, _ targets: PackedTokens, at place: inout RowPlace, _ firstScored: [Int]?
  ) {
    for start in stride(from: 0, to: values.count, by: width) {
      defer { place.advance(in: targets.layout) }
      if let firstScored, place.step < firstScored[targets.layout.order[place.position]] { continue }
      let target = targets.ids[place.row]
      if target < 0 { continue }
      if target == unknownID {
        unknownCount += 1
        continue
      }
      take(values, start, width, Int(target), place.step)
    }
  }

  private mutating func take<Number: BinaryFloatingPoint>(
    _ values: [Number], _ start: Int, _ width: Int, _ target: Int, _ step: Int
  ) {
    let score = values[start + target]
    var isBest = true
    for column in start..<start + width where values[column] > score {
      isBest = false
      break
    }
    // NaN is nowhere the largest.
    if isBest, !score.isNaN { correctCount += 1 }
    loss -= Double(score)
    count += 1
    if step < positions.count {
      positions[step].loss -= Double(score)
      positions[step].count += 1
    }
  }

  func summary(of measure: TextMeasure?) -> LanguageModelSummary {
    LanguageModelSummary(
      loss: loss / Double(max(1, count)), accuracy: Double(correctCount) / Double(max(1, count)), count: count,
      unknownCount: unknownCount, text: measure)
  }

  /// The mean loss at every place of a window; nil where none was scored.
  var lossByPosition: [Double?] { positions.map { $0.count > 0 ? $0.loss / Double($0.count) : nil } }
}
