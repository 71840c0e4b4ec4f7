// Entities and their measures, counted by hand.

import EnsueEvaluation
import Testing

@Suite("labels of words, and the entities that they name")
struct TaggingMetricsTests {
  private static func shown(_ labels: String) -> [String] {
    LabelledSpan.spans(of: labels.split(separator: " ").map(String.init)).map {
      "\($0.kind) \($0.words.lowerBound)-\($0.words.upperBound)"
    }
  }

  @Test(
    "B begins, I continues its kind or begins, O ends",
    arguments: [
      ("", []), ("O O", []), ("B-PER I-PER O", ["PER 0-2"]), ("O B-PER B-PER", ["PER 1-2", "PER 2-3"]),
      ("I-PER I-PER I-LOC", ["PER 0-2", "LOC 2-3"]), ("B-PER I-LOC I-LOC", ["PER 0-1", "LOC 1-3"]),
      ("B-PER O I-PER", ["PER 0-1", "PER 2-3"]), ("NOUN NOUN VERB O VERB", ["NOUN 0-2", "VERB 2-3", "VERB 4-5"]),
      ("B-A-B I-A-B", ["A-B 0-2"]),
    ] as [(String, [String])])
  func spans(_ labels: String, _ expected: [String]) { #expect(Self.shown(labels) == expected) }

  /// Truth: PER 0-2, LOC 3-4; PER 0-1. Found: PER 0-2, LOC 3-5; LOC 0-1, PER 1-2. Right: one of three and four.
  @Test("an entity counts where its kind and all its words are right")
  func counts() {
    let metrics = TaggingMetrics(
      truths: [["B-PER", "I-PER", "O", "B-LOC", "O"], ["B-PER", "O"]],
      predictions: [["B-PER", "I-PER", "O", "B-LOC", "I-LOC"], ["B-LOC", "B-PER"]])
    #expect(metrics.sentenceCount == 2 && metrics.wordCount == 7)
    #expect(metrics.accuracy == 4.0 / 7)
    #expect(metrics.entities == ClassMetrics(label: "all", truePositives: 1, support: 3, predicted: 4))
    #expect(metrics.entities.precision == 0.25 && metrics.entities.recall == 1.0 / 3 && metrics.entities.f1 == 2.0 / 7)
    #expect(
      metrics.kinds == [
        ClassMetrics(label: "LOC", truePositives: 0, support: 1, predicted: 2),
        ClassMetrics(label: "PER", truePositives: 1, support: 2, predicted: 2),
      ])
  }

  /// The same words under other labels are the same entities: only the accuracy differs.
  @Test("how an entity is written does not count")
  func writing() {
    let metrics = TaggingMetrics(truths: [["I-PER", "I-PER", "O"]], predictions: [["B-PER", "I-PER", "O"]])
    #expect(metrics.entities.f1 == 1 && metrics.accuracy == 2.0 / 3)
  }

  @Test("nothing at all is 0")
  func nothing() {
    let metrics = TaggingMetrics(truths: [], predictions: [])
    #expect(metrics.accuracy == 0 && metrics.entities.f1 == 0 && metrics.kinds.isEmpty)
    #expect(TaggingMetrics(truths: [["O"]], predictions: [["O"]]).accuracy == 1)
  }
}
