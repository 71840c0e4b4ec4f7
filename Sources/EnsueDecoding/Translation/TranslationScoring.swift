// How likely a model finds given translations.

import EnsueFiles
import EnsueModels
import EnsueTensor

/// Forced decoding: the model reads given targets, step by step as a search would.
public enum TranslationScoring {
  /// log p of every symbol of each target given its source and the symbols before, that of the end last. Their sum in
  /// order is `TranslationHypothesis.logProbability` of a complete translation, bit for bit.
  /// - Parameters:
  ///   - sources: one symbol or more each.
  ///   - targets: of each source, without begin and end.
  ///   - end: nil where none follows.
  ///   - batchSize: pairs side by side, at least 1; changes no result.
  /// - Throws: `Failure` of kind `data` where a source or target cannot be read or the model's scores are not finite,
  ///   of kind `configuration` where the model has no such begin or end.
  public static func logProbabilities<Model: TranslationModel>(
    _ model: Model, sources: [[Int32]], targets: [[Int32]], begin: Int32, end: Int32?, batchSize: Int = 32
  ) throws(Failure) -> [[Double]] {
    precondition(sources.count == targets.count, "\(targets.count) targets of \(sources.count) sources")
    let marks = TranslationMarks(begin: begin, end: end)
    try marks.check(model.vocabularySize)
    for (number, source) in sources.enumerated() {
      _ = try TranslationSource(source, number: number, for: model, marks)
      try TranslationSource.check(targets[number], below: model.vocabularySize, "target \(number + 1)")
      if source.isEmpty { throw Failure(.data, at: "source \(number + 1)", "one symbol or more expected, found none") }
    }
    let written = targets.map { $0 + (end.map { [$0] } ?? []) }
    let order = written.indices.filter { !written[$0].isEmpty }
      .sorted { (written[$0].count, $1) > (written[$1].count, $0) }
    var results = [[Double]](repeating: [], count: targets.count)
    for start in stride(from: 0, to: order.count, by: max(1, batchSize)) {
      let batch = Array(order[start..<min(order.count, start + max(1, batchSize))])
      let found = try read(batch.map { written[$0] }, after: batch.map { sources[$0] }, model, begin)
      for (place, number) in batch.enumerated() { results[number] = found[place] }
    }
    return results
  }

  /// Reads targets, longest first; those that have ended leave the batch.
  private static func read<Model: TranslationModel>(
    _ targets: [[Int32]], after sources: [[Int32]], _ model: Model, _ begin: Int32
  ) throws(Failure) -> [[Double]] {
    var results = targets.map { _ in [Double]() }
    var memory = try model.makeMemory(PackedTokens(sources))
    var count = targets.count
    for step in targets[0].indices {
      let alive = targets.prefix { $0.count > step }
      if alive.count < count {
        count = alive.count
        model.select(Array(0..<count), in: &memory)
      }
      let tokens = alive.map { [step == 0 ? begin : $0[step - 1]] }
      let scores = try TokenScores(try model.next(PackedTokens(tokens), &memory))
      for (row, target) in alive.enumerated() { results[row].append(scores.logProbability(of: target[step], row: row)) }
    }
    return results
  }
}
