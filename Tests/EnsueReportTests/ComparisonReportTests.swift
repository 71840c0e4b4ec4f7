// The comparison in its four forms.

import EnsueEvaluation
import EnsueReport
import Foundation
import Testing

@Suite("comparison reports")
struct ComparisonReportTests {
  static func run(
    _ name: String, _ model: String = "LSTM", seed: UInt64 = 1, right: Int = 77, dataset: String = "MR",
    split: RunSplit = .test, labels: [String] = ["negative", "positive"], epochs: Int = 5
  ) -> RunRecord {
    var matrix = ConfusionMatrix(labels: labels)
    for index in 0..<100 {
      let truth = index % labels.count
      matrix.add(truth: truth, prediction: index < right ? truth : (truth + 1) % labels.count)
    }
    let curve = (0..<epochs).map {
      CurvePoint(
        epoch: $0 + 1, trainingLoss: 1 / Double($0 + 1), validationLoss: 0.5, validationAccuracy: Double(right) / 100)
    }
    return RunRecord(
      name: name, model: model, dataset: dataset, seed: seed, split: split,
      summary: EvaluationRecord(loss: 0.5, confusion: matrix).summary, parameters: 402_434, trainingSeconds: 73.2,
      epochs: epochs, stopReason: "epochs", curve: curve, confusion: split == .test ? matrix : nil)
  }

  static let three = ComparisonReport(runs: [
    run("runs/lstm-1", seed: 1, right: 76), run("runs/lstm-2", seed: 2, right: 78), run("runs/gru", "GRU", right: 77),
  ])

  /// What is in the page's `main`, which is well-formed XML.
  @discardableResult
  static func main(_ html: String) throws -> MarkupProbe {
    let start = try #require(html.range(of: "<main>"))
    let end = try #require(html.range(of: "</main>"))
    let probe = MarkupProbe(String(html[start.lowerBound..<end.upperBound]))
    #expect(probe.problem == nil)
    return probe
  }

  @Test("the table's figures, the best marked")
  func table() {
    let table = ComparisonReportTests.three.table
    #expect(
      table.columns.map(\.title) == ["run", "model", "accuracy", "macro F1", "macro recall", "parameters", "training"])
    #expect(table.rows[0] == ["runs/lstm-1", "LSTM", "76.0 %", "76.0 %", "76.0 %", "402,434", "1 min 13 s"])
    #expect(table.emphasized == [.init(row: 1, column: 2), .init(row: 1, column: 3), .init(row: 1, column: 4)])
  }

  @Test("runs over seeds are grouped")
  func seeds() throws {
    let table = try #require(ComparisonReportTests.three.groupTable)
    #expect(table.rows.map { Array($0.prefix(3)) } == [["LSTM", "2", "77.0 ± 1.4 %"], ["GRU", "1", "77.0 %"]])
    #expect(ComparisonReport(runs: [ComparisonReportTests.run("a")]).groupTable == nil)
  }

  @Test("the page is whole and needs nothing else")
  func page() throws {
    let html = ComparisonReportTests.three.html
    let probe = try ComparisonReportTests.main(html)
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(probe.count(of: "table") == 2 + 3)
    // Two bar charts, loss, accuracy, three confusion matrices.
    #expect(probe.count(of: "svg") == 2 + 2 + 3)
    #expect(
      probe.texts(of: "h2") == ["Results", "Over seeds", "Scores by model", "Learning curves", "Confusion matrices"])
    for word in ["http:", "https:", "<script", "src=", "href", "url(", "@import"] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(
      probe.texts(of: "p").first?.hasPrefix(
        "3 runs of 2 configurations were measured on the test data of MR (100 examples).") == true)
    #expect(html == ComparisonReportTests.three.html)
  }

  @Test("hostile names stay text everywhere", arguments: Hostile.names)
  func hostile(_ name: String) throws {
    let runs = [
      ComparisonReportTests.run(name, name, seed: 1, dataset: name, labels: [name, "b", "c"]),
      ComparisonReportTests.run(name + "2", name, seed: 1, dataset: name, labels: [name, "b", "c"]),
    ]
    let report = ComparisonReport(runs: runs, title: name, notes: [name])
    let probe = try ComparisonReportTests.main(report.html)
    #expect(probe.elements.allSatisfy { !Hostile.forbidden.contains($0.name) })
    #expect(!report.html.lowercased().contains("<script"))
    #expect(probe.texts(of: "h1") == [DisplayText.clean(name)])
    let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [[String: Any]])
    #expect(json.first?["run"] as? String == name)
    #expect(!report.markdown.contains("<"))
    for line in report.text(width: 40).unicodeScalars.split(separator: "\n") {
      #expect(DisplayText.width(String(line)) <= 40)
    }
  }

  @Test("JSON has the promised keys and numbers")
  func json() throws {
    let data = Data(ComparisonReportTests.three.json.utf8)
    let array = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(array.count == 3)
    let first = try #require(array.first)
    for key in ["run", "model", "accuracy", "macroF1", "macroRecall", "parameters", "trainingSeconds"] {
      #expect(first[key] != nil, "\(key)")
    }
    #expect(first["accuracy"] as? Double == 0.76 && first["parameters"] as? Int == 402_434)
    #expect(first["split"] as? String == "test")
  }

  @Test("what changes the reading of the figures is said")
  func notes() {
    let diverged = RunRecord(
      name: "bad", model: "GRU", dataset: "MR", seed: 1, split: .test,
      summary: EvaluationSummary(loss: .nan, accuracy: 0.5, macroF1: 0, macroRecall: 0, macroPrecision: 0, count: 100),
      parameters: nil, trainingSeconds: 1, epochs: 1, stopReason: nil,
      curve: [CurvePoint(epoch: 1, trainingLoss: .nan, validationLoss: nil, validationAccuracy: nil)])
    let report = ComparisonReport(
      runs: [
        ComparisonReportTests.run("a", seed: 1), ComparisonReportTests.run("b", seed: 1),
        ComparisonReportTests.run("c", split: .validation), diverged,
      ], notes: ["Seven rows were skipped."])
    let notes = report.notes.joined(separator: "\n")
    for words in [
      "Seven rows were skipped.", "validation figures are shown: c.", "Training has not ended: bad.",
      "the run diverged: bad.", "measured on different data", "1 run repeats a seed",
    ] { #expect(notes.contains(words), "\(notes)") }
    #expect(report.table.emphasized.isEmpty)
    #expect(report.table.columns.map(\.title).contains("data"))
    #expect(report.table.rows[3].contains("not known"))
    #expect(ComparisonReportTests.three.notes.isEmpty)
  }

  @Test("many runs have a chart for each loss", arguments: [(5, 2), (6, 3), (30, 3)])
  func many(_ count: Int, _ charts: Int) throws {
    let report = ComparisonReport(
      runs: (0..<count).map { ComparisonReportTests.run("run \($0)", seed: UInt64($0), right: 50 + $0) })
    #expect(report.lineCharts.count == charts)
    try ComparisonReportTests.main(report.html)
  }

  @Test("the variance of draws is a curve of models that draw")
  func draws() throws {
    let drawn = (1...3).map {
      CurvePoint(
        epoch: $0, trainingLoss: 1, validationLoss: nil, validationAccuracy: nil,
        drawVariance: DrawVariance(withBaseline: 0.25 / Double($0), withoutBaseline: 2))
    }
    let plain = ComparisonReportTests.run("plain")
    let run = RunRecord(
      name: "drawn", model: "BiLSTM", dataset: "MR", seed: 1, split: .test, summary: plain.summary, parameters: 1,
      trainingSeconds: 1, epochs: 3, stopReason: "epochs", curve: drawn)
    let chart = try #require(ComparisonReport(runs: [plain, run]).lineCharts.last)
    #expect(chart.title == "Variance of draws" && chart.series.map(\.name) == ["drawn", "drawn"])
    #expect(chart.series.map { $0.points.map(\.y) } == [[0.25, 0.125, 0.25 / 3], [2, 2, 2]])
    #expect(ComparisonReport(runs: [plain]).lineCharts.allSatisfy { $0.title != "Variance of draws" })
  }

  @Test("no runs, and one run")
  func few() throws {
    let none = ComparisonReport(runs: [])
    #expect(none.json == "[]\n" && none.summary == "No runs were given.")
    #expect(none.text(width: 40).contains("(no rows)"))
    try ComparisonReportTests.main(none.html)
    let one = ComparisonReport(runs: [ComparisonReportTests.run("a", epochs: 0)])
    #expect(one.table.emphasized.isEmpty && one.lineCharts.isEmpty)
    #expect(one.summary.hasPrefix("1 run was measured on the test data of MR (100 examples)."))
    try ComparisonReportTests.main(one.html)
  }

  @Test("Markdown has the tables")
  func markdown() {
    let text = ComparisonReportTests.three.markdown
    #expect(text.hasPrefix("# Comparison of runs\n\n3 runs of 2 configurations"))
    #expect(text.contains("| runs/lstm-2 | LSTM | **78.0 %** | **78.0 %** | **78.0 %** | 402,434 | 1 min 13 s |\n"))
    #expect(text.contains("## Over seeds"))
  }
}
