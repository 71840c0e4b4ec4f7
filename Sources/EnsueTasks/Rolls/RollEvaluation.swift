// A model of piano rolls over pieces.

import EnsueData
import EnsueEvaluation
import EnsueModels
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Measures models of piano rolls.
public enum RollEvaluation {
  /// How well a model predicts every step of pieces but the first.
  ///
  /// The loss is −ln p of a step's notes in nats, the mean over steps. The accuracy is that of frames (Bay, Ehmann and
  /// Downie 2009): TP / (TP + FP + FN), summed over steps, where a note is predicted when it is likelier than not.
  /// - Parameter check: called for each batch; what it throws ends the evaluation.
  public static func summary(
    of model: RollModel, on pieces: [PianoRoll], check: () throws -> Void = {}
  ) throws -> LanguageModelSummary {
    let model = model.prepared()
    var (loss, steps) = (0.0, 0)
    var (hits, misses, falseAlarms) = (0, 0, 0)
    for start in stride(from: 0, to: pieces.count, by: 64) {
      try check()
      let batch = RollBatch(Array(pieces[start..<min(start + 64, pieces.count)]))
      let scores = model(batch.notes).logits
      for (score, target) in zip(scores.doubles, batch.targets.doubles) {
        loss += max(score, 0) - score * target + log1p(exp(-abs(score)))
        let (isPredicted, sounds) = (score > 0, target > 0)
        hits += isPredicted && sounds ? 1 : 0
        misses += !isPredicted && sounds ? 1 : 0
        falseAlarms += isPredicted && !sounds ? 1 : 0
      }
      steps += batch.stepCount
    }
    return LanguageModelSummary(
      loss: loss / Double(max(1, steps)), accuracy: Double(hits) / Double(max(1, hits + misses + falseAlarms)),
      count: steps)
  }
}
