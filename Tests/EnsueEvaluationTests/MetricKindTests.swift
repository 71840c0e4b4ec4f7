// Names of metrics, their values and their direction; spreads over seeds.

import EnsueEvaluation
import Testing

@Suite("metric kinds and spreads")
struct MetricKindTests {
  static let summary = EvaluationSummary(
    loss: 0.5, accuracy: 0.9, macroF1: 0.8, macroRecall: 0.7, macroPrecision: 0.6, count: 10)

  @Test(
    "every kind reads its own value",
    arguments: [
      (.loss, 0.5), (.accuracy, 0.9), (.macroF1, 0.8), (.macroRecall, 0.7), (.macroPrecision, 0.6),
    ] as [(MetricKind, Double)])
  func values(_ kind: MetricKind, _ value: Double) {
    #expect(kind.value(in: MetricKindTests.summary) == value)
    #expect(kind.higherIsBetter == (kind != .loss))
    #expect(MetricKind(rawValue: kind.rawValue) == kind)
  }

  @Test("correlations are better when larger, errors when smaller; classes have neither")
  func numbers() {
    let summary = EvaluationSummary(meanSquaredError: 0.25, pearson: 0.5, spearman: nil, count: 4)
    #expect(MetricKind.mse.value(in: summary) == 0.25 && MetricKind.loss.value(in: summary) == 0.25)
    #expect(MetricKind.pearson.value(in: summary) == 0.5 && MetricKind.spearman.value(in: summary).isNaN)
    #expect(MetricKind.accuracy.value(in: summary).isNaN && MetricKindTests.summary[.mse] == nil)
    #expect(MetricKind.pearson.higherIsBetter && MetricKind.spearman.higherIsBetter && !MetricKind.mse.higherIsBetter)
  }

  @Test("names and titles are distinct")
  func names() {
    let names = [
      "loss", "accuracy", "macroF1", "macroRecall", "macroPrecision", "mse", "pearson", "spearman",
    ]
    #expect(MetricKind.allCases.map(\.rawValue) == names)
    #expect(Set(MetricKind.allCases.map(\.title)).count == MetricKind.allCases.count)
  }

  @Test("a record gives the same figures as its summary")
  func record() throws {
    let matrix = try #require(ConfusionMatrix(labels: ["a", "b"], counts: [[3, 1], [2, 4]]))
    let record = EvaluationRecord(loss: 0.25, confusion: matrix)
    #expect(record.count == 10)
    for kind in [.loss] + MetricKind.ofClasses { #expect(kind.value(in: record) == kind.value(in: record.summary)) }
    #expect(MetricKind.accuracy.value(in: record) == 0.7)
  }

  @Test(
    "better is strictly better, and NaN never is",
    arguments: [
      (.loss, 0.1, 0.2, true), (.loss, 0.2, 0.2, false), (.loss, 0.3, 0.2, false), (.loss, .nan, 0.2, false),
      (.loss, 0.2, .nan, true), (.loss, .nan, .nan, false), (.accuracy, 0.3, 0.2, true), (.accuracy, 0.1, 0.2, false),
      (.accuracy, .nan, 0.2, false), (.accuracy, 0, .nan, true), (.loss, 1, .infinity, true),
    ] as [(MetricKind, Double, Double, Bool)])
  func better(_ kind: MetricKind, _ candidate: Double, _ best: Double, _ expected: Bool) {
    #expect(kind.isBetter(candidate, than: best) == expected)
  }

  @Test(
    "a spread describes itself with the places its deviation needs",
    arguments: [
      ([76.5, 77.1, 77.7], "77.1 ± 0.6"), ([77.1], "77.1"), ([0.4312], "0.431"), ([5, 5, 5], "5.00 ± 0.00"),
      ([100, 140, 180], "140 ± 40"), ([0.5001, 0.5003], "0.5002 ± 0.0001"), ([.nan, 1], "NaN ± NaN"),
    ] as [([Double], String)])
  func description(_ values: [Double], _ text: String) throws {
    #expect(try #require(Spread(values)).description == text)
  }

  @Test("mean, sample deviation, extremes")
  func spread() throws {
    let spread = try #require(Spread([2, 4, 4, 4, 5, 5, 7, 9]))
    #expect(spread.mean == 5 && spread.minimum == 2 && spread.maximum == 9 && spread.count == 8)
    #expect(abs(try #require(spread.standardDeviation) - (32.0 / 7).squareRoot()) < 1e-15)
    #expect(Spread([]) == nil)
    #expect(Spread([1])?.standardDeviation == nil)
    #expect(Spread([0.5, 0.75])?.scaled(by: 100).text(places: 1) == "62.5 ± 17.7")
  }
}
