// Records of runs from their logs, their JSON form, and groups over seeds.

import EnsueEvaluation
import EnsueFiles
import Testing

@Suite("run records and groups")
struct RunRecordTests {
  static func epoch(_ number: Int, loss: Double?, accuracy: Double = 0.5) -> RunEvent {
    .epoch(
      EpochEvent(
        epoch: number, step: number, seconds: Double(number), trainingLoss: 1 / Double(number), learningRate: 0.1,
        tokensPerSecond: 10,
        validation: loss.map {
          EvaluationSummary(loss: $0, accuracy: accuracy, macroF1: 0, macroRecall: 0, macroPrecision: 0, count: 4)
        }))
  }

  static func done(best: Int?) -> RunEvent {
    .done(
      DoneEvent(
        reason: "epochs", bestEpoch: best, epochs: 3, trainingSeconds: 3.5, parameters: 18_764, peakMemoryBytes: 1))
  }

  static func record(_ events: [RunEvent], parameters: Int? = nil) throws -> RunRecord {
    try RunRecord(
      history: RunHistory(events: events), place: "runs/a/metrics.jsonl", name: "runs/a", model: "LSTM", dataset: "MR",
      seed: .max, parameters: parameters)
  }

  @Test("a test result goes before validation")
  func tested() throws {
    let matrix = try #require(ConfusionMatrix(labels: ["a", "b"], counts: [[3, 1], [2, 4]]))
    let test = TestEvent(EvaluationRecord(loss: 0.25, confusion: matrix))
    let record = try RunRecordTests.record([
      RunRecordTests.epoch(1, loss: 0.1, accuracy: 1), .test(test), RunRecordTests.done(best: 1),
    ])
    #expect(record.split == .test && record.accuracy == 0.7 && record.loss == 0.25)
    #expect(record.confusion == matrix && record.summary.count == 10)
    #expect(record.parameters == 18_764 && record.trainingSeconds == 3.5 && record.epochs == 3)
    #expect(record.stopReason == "epochs")
    #expect(
      record.curve == [CurvePoint(epoch: 1, trainingLoss: 1, validationLoss: 0.1, validationAccuracy: 1)])
  }

  @Test(
    "without a test the best epoch counts",
    arguments: [
      ([0.3, 0.2, 0.4], nil, 2), ([0.3, 0.2, 0.4], 3, 3), ([.nan, 0.2, 0.2], nil, 2), ([.nan, .nan], nil, 1),
      ([nil, 0.5, 0.4], nil, 3), ([0.3, nil, 0.4], 2, 1), ([.infinity, 7], nil, 2),
    ] as [([Double?], Int?, Int)])
  func best(_ losses: [Double?], _ kept: Int?, _ expected: Int) throws {
    var events = losses.enumerated().map {
      RunRecordTests.epoch($0.offset + 1, loss: $0.element, accuracy: Double($0.offset + 1) / 10)
    }
    if let kept { events.append(RunRecordTests.done(best: kept)) }
    let record = try RunRecordTests.record(events, parameters: 5)
    #expect(record.split == .validation)
    #expect(record.accuracy == Double(expected) / 10)
    #expect(record.parameters == (kept == nil ? 5 : 18_764))
    #expect((record.stopReason == nil) == (kept == nil))
  }

  @Test("a run without results is refused", arguments: [[], [epoch(1, loss: nil)], [done(best: nil)]])
  func nothing(_ events: [RunEvent]) {
    let failure = #expect(throws: Failure.self) { try RunRecordTests.record(events) }
    #expect(failure?.kind == .data)
    #expect(failure?.description.hasPrefix("runs/a/metrics.jsonl: a test or validation result expected") == true)
  }

  @Test("a run that was continued after its end has not ended")
  func continued() throws {
    let record = try RunRecordTests.record([
      RunRecordTests.epoch(1, loss: 1), RunRecordTests.done(best: 1), RunRecordTests.epoch(7, loss: 0.5),
    ])
    #expect(record.stopReason == nil && record.epochs == 7 && record.trainingSeconds == 7)
  }

  @Test("the JSON form has the promised keys and parses")
  func json() throws {
    let record = try RunRecordTests.record([RunRecordTests.epoch(1, loss: .nan)])
    let text = RunRecord.jsonText(of: [record, record])
    let array = try #require(JSONValue.parse(Array(text.utf8), name: "json").arrayValue)
    let object = try #require(array.first?.objectValue)
    #expect(array.count == 2)
    #expect(
      object.keys.prefix(7) == [
        "run", "model", "accuracy", "macroF1", "macroRecall", "parameters", "trainingSeconds",
      ])
    #expect(object["parameters"] == .null && object["loss"] == .string("NaN"))
    #expect(object["seed"] == .number("18446744073709551615"))
    #expect(RunRecord.jsonText(of: []) == "[]\n")
  }

  static func run(_ name: String, _ model: String, seed: UInt64, accuracy: Double, configuration: String = "")
    -> RunRecord
  {
    RunRecord(
      name: name, model: model, dataset: "MR", seed: seed, configuration: configuration, split: .test,
      summary: EvaluationSummary(
        loss: 1, accuracy: accuracy, macroF1: accuracy, macroRecall: accuracy, macroPrecision: accuracy, count: 8),
      parameters: 7, trainingSeconds: 2, epochs: 1, stopReason: "epochs")
  }

  @Test("runs that differ only in their seed are one group")
  func groups() throws {
    let groups = RunGroup.groups(of: [
      RunRecordTests.run("a1", "LSTM", seed: 1, accuracy: 0.5),
      RunRecordTests.run("b1", "GRU", seed: 1, accuracy: 0.25),
      RunRecordTests.run("a2", "LSTM", seed: 2, accuracy: 0.75), RunRecordTests.run("a3", "LSTM", seed: 2, accuracy: 1),
    ])
    #expect(groups.map(\.name) == ["LSTM", "GRU"])
    #expect(groups[0].runs.map(\.name) == ["a1", "a2", "a3"])
    #expect(groups[0].repeatedSeeds == 1 && groups[1].repeatedSeeds == 0)
    #expect(groups[0].spread(of: .accuracy) == Spread([0.5, 0.75, 1]))
    #expect(groups[0].parameters == 7)
  }

  @Test("one title for several configurations gets the run's name")
  func titles() {
    let groups = RunGroup.groups(of: [
      RunRecordTests.run("small", "LSTM", seed: 1, accuracy: 0.5, configuration: "h=50"),
      RunRecordTests.run("large", "LSTM", seed: 1, accuracy: 0.5, configuration: "h=500"),
    ])
    #expect(groups.map(\.name) == ["LSTM (small)", "LSTM (large)"])
  }
}
