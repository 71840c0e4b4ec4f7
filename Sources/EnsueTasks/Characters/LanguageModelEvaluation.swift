// A language model over a text.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// Measures language models.
public enum LanguageModelEvaluation {
  /// Streams that a text is read in, whatever training does, so that figures of different runs can be compared.
  private static let streamCount = 32
  private static let stepCount = 32

  /// How well a model predicts every symbol of a text but the first; each of up to 32 streams begins without a past.
  /// - Parameter ids: at least two.
  public static func summary(of model: RecurrentLanguageModel, on ids: [Int32]) -> LanguageModelSummary {
    let model = model.prepared()
    let streams = TokenStreams(ids, streamCount: min(streamCount, ids.count - 1), stepCount: stepCount)
    var states: [[RecurrentState]]?
    var (loss, correct, count) = (0.0, 0, 0)
    for index in 0..<streams.segmentCount {
      let segment = streams.segment(index)
      let output = model(PackedTokens(segment.inputs), from: states)
      states = output.states
      let logarithms = logSoftmax(output.logits.converted(to: .float64))
      let (values, width) = (logarithms.doubles, logarithms.shape[1])
      for (row, target) in PackedTokens(segment.targets).ids.enumerated() where target != CharacterAlphabet.unknownID {
        let scores = values[row * width..<(row + 1) * width]
        let score = scores[scores.startIndex + Int(target)]
        loss -= score
        if !scores.contains(where: { $0 > score }) { correct += 1 }
        count += 1
      }
    }
    return LanguageModelSummary(
      loss: loss / Double(max(1, count)), accuracy: Double(correct) / Double(max(1, count)), count: count,
      unknownCount: streams.targetCount - count)
  }
}
