// A language model's figures, and their log.

import EnsueEvaluation
import EnsueFiles
import Foundation
import Testing

@Suite struct LanguageModelLogTests {
  private static func epoch(_ number: Int, loss: Double) -> LanguageModelEpoch {
    LanguageModelEpoch(
      epoch: number, step: number * 10, seconds: 1.5, trainingLoss: 2, learningRate: 0.1, tokensPerSecond: 1000,
      validation: LanguageModelSummary(loss: loss, accuracy: 0.25, count: 99, unknownCount: 1))
  }

  private static let events: [LanguageModelEvent] = [
    .epoch(epoch(1, loss: 1.5)), .epoch(epoch(2, loss: .infinity)), .epoch(epoch(3, loss: 1.75)),
    .averaged(LanguageModelSummary(loss: 1.25, accuracy: 0.75, count: 99, unknownCount: 1)),
    .test(LanguageModelSummary(loss: 0.5, accuracy: 1, count: 3)),
    .done(
      DoneEvent(
        reason: "all epochs done", bestEpoch: 1, epochs: 3, trainingSeconds: 4.5, parameters: 7, peakMemoryBytes: 9)),
  ]

  @Test func figures() {
    let summary = LanguageModelSummary(loss: log(8), accuracy: 0.5, count: 4)
    #expect(abs(summary.bits - 3) < 1e-12 && abs(summary.perplexity - 8) < 1e-12)
  }

  @Test func thereAndBack() throws {
    try withLog { path in
      var log = try RunLog.open(path: path)
      for event in LanguageModelLogTests.events { try log.append(languageModel: event) }
      let history = try LanguageModelHistory.contents(of: path)
      #expect(history.events == LanguageModelLogTests.events && history.cutBytes == 0)
      #expect(history.isFinished && history.bestEpoch?.epoch == 1 && history.test?.loss == 0.5)
      #expect(history.averaged?.loss == 1.25)
      let bytes = try InputFile.contents(of: path)
      try OutputFile.write(Array(bytes.dropLast(5)), to: path)
      let cut = try LanguageModelHistory.contents(of: path)
      #expect(cut.cutBytes > 0 && !cut.isFinished && cut.epochs.count == 3 && cut.bestEpoch?.epoch == 3)
    }
  }

  @Test(arguments: [
    #"{"event":"epoch"}"#, #"{"event":"begin"}"#, "hello", "[]",
    #"{"event":"test","loss":1,"accuracy":2,"count":1,"unknown":0}"#,
    #"{"event":"test","loss":1,"accuracy":0.5,"count":-1,"unknown":0}"#,
    #"{"event":"test","loss":1,"accuracy":0.5,"count":1}"#,
    #"{"event":"test","loss":1,"accuracy":0.5,"count":1,"unknown":0,"macroF1":1}"#,
  ])
  func refused(_ line: String) throws {
    try withLog { path in
      try OutputFile.write(line + "\n", to: path)
      let failure = #expect(throws: Failure.self) { try LanguageModelHistory.contents(of: path) }
      #expect(failure?.kind == .data && failure?.place.hasPrefix("\(path):1") == true)
    }
  }

  @Test func epochsIncrease() throws {
    try withLog { path in
      var log = try RunLog.open(path: path)
      for number in [2, 1] { try log.append(languageModel: .epoch(LanguageModelLogTests.epoch(number, loss: 1))) }
      let failure = #expect(throws: Failure.self) { try LanguageModelHistory.contents(of: path) }
      #expect(failure?.description.contains("\(path):2: an epoch after 2 expected, found 1") == true)
    }
  }

  @Test func curves() {
    let event = LanguageModelLogTests.epoch(1, loss: log(4))
    let values = LanguageModelScalarKind.allCases.map { $0.value(in: event) }
    #expect(values.allSatisfy { $0?.isFinite == true })
    #expect(abs((LanguageModelScalarKind.validationBits.value(in: event) ?? 0) - 2) < 1e-12)
  }

  private func withLog(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "ensue-log-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}
