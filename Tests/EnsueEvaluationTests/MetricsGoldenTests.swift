// Classification metrics against scikit-learn: Tests/Goldens/metrics.py made the numbers.

import EnsueEvaluation
import EnsueFiles
import Testing

/// A case of `metrics.json`.
struct MetricsCase: CustomTestStringConvertible, Sendable {
  let name: String
  let object: JSONObject
  var testDescription: String { name }

  static let all: [MetricsCase] = {
    let path = OutputFile.directory(of: OutputFile.directory(of: #filePath)) + "/Goldens/metrics.json"
    guard let cases = try? JSONValue.contents(of: path).objectValue?["cases"]?.arrayValue else { return [] }
    return cases.compactMap { $0.objectValue }.map { MetricsCase(name: $0["name"]?.stringValue ?? "", object: $0) }
  }()

  func number(_ key: String) throws -> Double { try #require(object[key]?.doubleValue) }
  func numbers(_ key: String) throws -> [Double] { try #require(object[key]?.arrayValue).compactMap(\.doubleValue) }
  func integers(_ key: String) throws -> [Int] { try #require(object[key]?.arrayValue).compactMap(\.integerValue) }
}

@Suite("metrics equal scikit-learn's")
struct MetricsGoldenTests {
  @Test("the golden file is there")
  func goldens() {
    #expect(MetricsCase.all.count >= 12)
    #expect(Set(MetricsCase.all.map(\.name)).count == MetricsCase.all.count)
  }

  @Test("every figure to 1e-12", arguments: MetricsCase.all)
  func equal(_ golden: MetricsCase) throws {
    let count = try #require(golden.object["classes"]?.integerValue)
    var matrix = ConfusionMatrix(labels: (0..<count).map { "class \($0)" })
    let (truth, prediction) = (try golden.integers("truth"), try golden.integers("prediction"))
    #expect(truth.count == prediction.count && !truth.isEmpty)
    for (truth, prediction) in zip(truth, prediction) { matrix.add(truth: truth, prediction: prediction) }
    let rows = try #require(golden.object["confusion"]?.arrayValue).map { $0.arrayValue?.compactMap(\.integerValue) }
    #expect(matrix.counts == rows)

    let metrics = matrix.metrics
    #expect(metrics.count == truth.count)
    #expect(abs(metrics.accuracy - (try golden.number("accuracy"))) <= 1e-12)
    #expect(abs(metrics.macroPrecision - (try golden.number("macroPrecision"))) <= 1e-12)
    #expect(abs(metrics.macroRecall - (try golden.number("macroRecall"))) <= 1e-12)
    #expect(abs(metrics.macroF1 - (try golden.number("macroF1"))) <= 1e-12)
    #expect(metrics.classes.map(\.support) == (try golden.integers("support")))
    for (key, values) in [
      ("precision", metrics.classes.map(\.precision)), ("recall", metrics.classes.map(\.recall)),
      ("f1", metrics.classes.map(\.f1)),
    ] {
      let expected = try golden.numbers(key)
      #expect(expected.count == values.count)
      #expect(zip(values, expected).allSatisfy { abs($0 - $1) <= 1e-12 }, "\(key)")
    }
  }
}
