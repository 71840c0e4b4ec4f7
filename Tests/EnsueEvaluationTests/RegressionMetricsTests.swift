// Measures of numbers against SciPy (Tests/Goldens/regression-metrics.py), and as a run log keeps them.

import EnsueEvaluation
import EnsueFiles
import Testing

@Suite("measures of numbers equal SciPy's")
struct RegressionMetricsTests {
  private static let cases: [MetricsCase] = {
    let path = OutputFile.directory(of: OutputFile.directory(of: #filePath)) + "/Goldens/regression-metrics.json"
    guard let cases = try? JSONValue.contents(of: path).objectValue?["cases"]?.arrayValue else { return [] }
    return cases.compactMap { $0.objectValue }.map { MetricsCase(name: $0["name"]?.stringValue ?? "", object: $0) }
  }()

  @Test("the golden file is there")
  func goldens() { #expect(RegressionMetricsTests.cases.count == 15) }

  @Test("error and correlations to 1e-12", arguments: cases)
  func equal(_ golden: MetricsCase) throws {
    let metrics = RegressionMetrics(
      truths: try golden.numbers("truth"), predictions: try golden.numbers("prediction"))
    let error = try golden.number("mse")
    #expect(abs(metrics.meanSquaredError - error) <= 1e-12 * max(error, 1e-12))
    for (key, found) in [("pearson", metrics.pearson), ("spearman", metrics.spearman)] {
      guard let expected = golden.object[key]?.doubleValue else {
        #expect(golden.object[key] == .null && found == nil, "\(key)")
        continue
      }
      #expect(abs(try #require(found) - expected) <= 1e-12, "\(key)")
    }
  }

  @Test("what is not finite has no correlation", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) {
    let metrics = RegressionMetrics(truths: [1, 2, 3], predictions: [1, value, 2])
    #expect(metrics.pearson == nil && metrics.spearman == nil && !metrics.meanSquaredError.isFinite)
  }

  @Test("a correlation that is not defined is null in the log and read back so")
  func log() throws {
    let defined = RegressionMetrics(truths: [1, 2, 3], predictions: [1, 3, 2])
    let constant = RegressionMetrics(truths: [1, 2, 3], predictions: [2, 2, 2])
    for metrics in [defined, constant] {
      let events: [RunEvent] = [
        .epoch(
          EpochEvent(
            epoch: 1, step: 10, seconds: 1, trainingLoss: 2, learningRate: 0.1, tokensPerSecond: 5,
            validation: metrics.summary)), .test(TestEvent(summary: metrics.summary)),
      ]
      for event in events {
        let text = event.json.description
        #expect(!text.contains("NaN") && !text.contains("accuracy") && !text.contains("confusion"))
        #expect(text.contains("\"pearson\":null") == (metrics.pearson == nil), "\(text)")
        let read = try RunEvent(json: JSONValue.parse(Array(text.utf8), name: "log"), place: "log:1")
        #expect(read == event)
      }
    }
    #expect(constant.summary[.pearson] == nil && constant.summary[.mse] == 2.0 / 3)
    #expect(abs(try #require(defined.pearson) - 0.5) < 1e-15 && defined.summary[.accuracy] == nil)
  }

  @Test("numbers out of range are refused with their key", arguments: ["pearson", "spearman"])
  func range(_ key: String) throws {
    var object = try #require(
      RunEvent.test(TestEvent(summary: RegressionMetrics(truths: [1, 2, 3], predictions: [1, 3, 2]).summary)).json
        .objectValue)
    object[key] = .number(1.5)
    let changed = JSONValue.object(object)
    let failure = #expect(throws: Failure.self) { try RunEvent(json: changed, place: "log:1") }
    #expect(failure?.problem.contains("'\(key)': a number from -1 to 1") == true)
  }
}
