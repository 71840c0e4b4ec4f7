// The run log: writing, resuming, reading, and every way in which a file can be wrong.

import EnsueEvaluation
import EnsueFiles
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("run logs")
struct RunLogTests {
  static func temporaryPath(_ name: String) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(base)/ensue-run-log-\(getpid())-\(name)-\(UInt64.random(in: 0 ... .max)).jsonl"
  }

  static func withPath<Result>(_ name: String, _ body: (String) throws -> Result) throws -> Result {
    let path = temporaryPath(name)
    defer { unlink(path) }
    return try body(path)
  }

  static func epoch(_ number: Int, loss: Double = 0.5) -> RunEvent {
    .epoch(
      EpochEvent(
        epoch: number, step: number * 100, seconds: Double(number) * 1.5, trainingLoss: loss, learningRate: 1e-3,
        tokensPerSecond: 412_345.6, validation: MetricKindTests.summary))
  }

  static let done = RunEvent.done(
    DoneEvent(
      reason: "earlyStopping", bestEpoch: 2, epochs: 7, trainingSeconds: 73.25, parameters: 402_434,
      peakMemoryBytes: 1 << 28))

  static func test() throws -> RunEvent {
    let labels = ["neg\"ative", "<b>\n", "日本"]
    let matrix = try #require(ConfusionMatrix(labels: labels, counts: [[3, 1, 0], [2, 4, 0], [0, 0, 1]]))
    return .test(TestEvent(EvaluationRecord(loss: .infinity, confusion: matrix)))
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try InputFile.contents(of: path), as: UTF8.self)
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    try RunLogTests.withPath("round-trip") { path in
      let events = try [
        RunLogTests.epoch(1), RunLogTests.epoch(2, loss: -.infinity), RunLogTests.epoch(3, loss: 1e-300),
        .epoch(
          EpochEvent(
            epoch: 4, step: 400, seconds: 0.1, trainingLoss: 2, learningRate: 0, tokensPerSecond: 0, validation: nil,
            drawVariance: DrawVariance(withBaseline: 0.25, withoutBaseline: .infinity))),
        RunLogTests.test(), RunLogTests.done,
      ]
      var log = try RunLog.open(path: path, keepingBytes: 0)
      for event in events { try log.append(event, durable: true) }
      let history = try RunHistory.contents(of: path)
      #expect(history.events == events)
      #expect(history.cutBytes == 0 && !history.isCut)
      #expect(log.byteCount == (try InputFile(path).size))
      #expect(history.epochs.count == 4)
      #expect(history.done?.parameters == 402_434)
    }
  }

  @Test("NaN is written as a string and read back as NaN")
  func notANumber() throws {
    try RunLogTests.withPath("nan") { path in
      var log = try RunLog.open(path: path)
      try log.append(RunLogTests.epoch(1, loss: .nan))
      #expect(try RunLogTests.text(path).contains("\"trainingLoss\":\"NaN\""))
      #expect(try #require(RunHistory.contents(of: path).epochs.first).trainingLoss.isNaN)
    }
  }

  @Test("the lines as text")
  func lines() throws {
    #expect(
      RunLogTests.epoch(3).json.description
        == #"{"event":"epoch","epoch":3,"step":300,"seconds":4.5,"trainingLoss":0.5,"learningRate":0.001,"#
        + #""tokensPerSecond":412345.6,"validation":{"loss":0.5,"accuracy":0.9,"macroF1":0.8,"macroRecall":0.7,"#
        + #""macroPrecision":0.6,"count":10}}"#)
    #expect(
      RunLogTests.done.json.description
        == #"{"event":"done","reason":"earlyStopping","bestEpoch":2,"epochs":7,"trainingSeconds":73.25,"#
        + #""parameters":402434,"peakMemoryBytes":268435456}"#)
  }

  @Test("a resume cuts the log to what its checkpoint knows")
  func resume() throws {
    try RunLogTests.withPath("resume") { path in
      var known = 0
      do {
        var log = try RunLog.open(path: path)
        for number in 1...5 {
          try log.append(RunLogTests.epoch(number))
          if number == 3 { known = log.byteCount }
        }
      }
      let whole = try RunLogTests.text(path)
      do {
        var log = try RunLog.open(path: path, keepingBytes: known)
        #expect(log.byteCount == known && log.droppedBytes == whole.utf8.count - known)
        for number in 4...5 { try log.append(RunLogTests.epoch(number)) }
      }
      #expect(try RunLogTests.text(path) == whole)
    }
  }

  @Test("a cut last line is ignored, counted, and removed when the log is opened again")
  func cut() throws {
    try RunLogTests.withPath("cut") { path in
      let line = RunLogTests.epoch(1).json.description + "\n"
      let part = String(RunLogTests.epoch(2).json.description.prefix(57))
      try OutputFile.write(line + part, to: path)
      let history = try RunHistory.contents(of: path)
      #expect(history.events == [RunLogTests.epoch(1)])
      #expect(history.cutBytes == 57 && history.isCut)
      do {
        var log = try RunLog.open(path: path)
        #expect(log.droppedBytes == 57)
        try log.append(RunLogTests.epoch(2))
      }
      #expect(try RunHistory.contents(of: path).events == [RunLogTests.epoch(1), RunLogTests.epoch(2)])
      // Without its line end even a whole object may be a part: `1` of `12`.
      try OutputFile.write(String(line.dropLast()), to: path)
      #expect(try RunHistory.contents(of: path).events.isEmpty)
    }
  }

  @Test("an empty log has no events")
  func empty() throws {
    try RunLogTests.withPath("empty") { path in
      try OutputFile.write("", to: path)
      #expect(try RunHistory.contents(of: path) == RunHistory(events: []))
      #expect(try RunLog.open(path: path).byteCount == 0)
    }
  }

  @Test("lengths that the log does not have are refused, and the file is left alone", arguments: [-1, 1_000_000, 10])
  func wrongLength(_ bytes: Int) throws {
    try RunLogTests.withPath("length") { path in
      let line = RunLogTests.epoch(1).json.description + "\n"
      try OutputFile.write(line, to: path)
      let failure = #expect(throws: Failure.self) { _ = try RunLog.open(path: path, keepingBytes: bytes).byteCount }
      #expect(failure?.kind == .data)
      #expect(failure?.description.contains(path) == true)
      #expect(try RunLogTests.text(path) == line)
    }
  }

  @Test("what is no file is refused", arguments: ["/tmp", "/dev/null", "/nowhere/metrics.jsonl"])
  func noFile(_ path: String) {
    let failure = #expect(throws: Failure.self) { _ = try RunLog.open(path: path).byteCount }
    #expect(failure?.kind == .cannotCreate)
  }

  static let good = epoch(1).json.description
  static let damages: [(line: String, words: [String])] = [
    ("", ["a value expected"]),
    ("{", ["a key in quotes expected"]),
    ("[]", ["an object expected", "an array"]),
    ("\u{0}\u{0}", ["JSON value expected"]),
    ("{\"event\":\"epoc\"}", ["'event'", "epoch, test, done expected", "'epoc'"]),
    ("{}", ["'event': a string expected, found nothing"]),
    ("{\"event\":\"done\"}", ["'reason'", "found nothing"]),
    (good.replacing("\"epoch\":1", "\"epoch\":1.0"), ["'epoch'", "whole number", "'1.0'"]),
    (good.replacing("\"epoch\":1", "\"epoch\":-1"), ["'epoch'", "whole number", "'-1'"]),
    (good.replacing("\"step\":100", "\"step\":99999999999999999999"), ["'step'", "whole number"]),
    (good.replacing("\"seconds\":1.5", "\"seconds\":1e999"), ["'seconds'", "a number"]),
    (good.replacing("\"seconds\":1.5", "\"seconds\":\"nan\""), ["'seconds'", "a number", "'nan'"]),
    (good.replacing("\"accuracy\":0.9", "\"accuracy\":1.5"), ["'validation.accuracy'", "from 0 to 1", "'1.5'"]),
    (good.replacing("\"count\":10", "\"count\":null"), ["'validation.count'", "null"]),
    (good.replacing("\"step\":100", "\"stepp\":100"), ["'stepp'", "one of"]),
    (good.replacing("\"step\":100", "\"step\":100,\"step\":1"), ["appears twice"]),
    (good + good, ["the end expected"]),
    (good, ["an epoch after 1 expected, found 1"]),
    (
      "{\"event\":\"test\",\"loss\":1,\"accuracy\":1,\"macroF1\":1,\"macroRecall\":1,\"macroPrecision\":1,\"count\":1,"
        + "\"labels\":[\"a\",\"b\"],\"confusion\":[[1,0]]}", ["'confusion'", "each of the 2 labels"]
    ),
    (
      "{\"event\":\"test\",\"loss\":1,\"accuracy\":1,\"macroF1\":1,\"macroRecall\":1,\"macroPrecision\":1,\"count\":2,"
        + "\"labels\":[\"a\"],\"confusion\":[[1]]}", ["'confusion'", "2 examples expected", "found 1"]
    ),
    (
      "{\"event\":\"test\",\"loss\":1,\"accuracy\":1,\"macroF1\":1,\"macroRecall\":1,\"macroPrecision\":1,\"count\":1,"
        + "\"labels\":[\"a\"],\"confusion\":[[-1]]}", ["'confusion'", "whole numbers"]
    ),
  ]

  @Test("a damaged line is refused with its number", arguments: 0..<damages.count)
  func damaged(_ index: Int) throws {
    let damage = RunLogTests.damages[index]
    try RunLogTests.withPath("damage-\(index)") { path in
      try OutputFile.write("\(RunLogTests.good)\n\(damage.line)\n\(RunLogTests.epoch(9).json)\n", to: path)
      let failure = #expect(throws: Failure.self) { try RunHistory.contents(of: path) }
      let text = failure?.description ?? ""
      #expect(failure?.kind == .data)
      #expect(text.hasPrefix("\(path):2"), "\(text)")
      #expect(text.hasSuffix("."), "\(text)")
      for word in damage.words { #expect(text.contains(word), "\(text)") }
    }
  }

  @Test("cutting a log anywhere loses at most the line that was cut")
  func everyCut() throws {
    try RunLogTests.withPath("every-cut") { path in
      let events = try [RunLogTests.epoch(1), RunLogTests.test(), RunLogTests.done]
      let bytes = Array(events.map { $0.json.description + "\n" }.joined().utf8)
      try OutputFile.write(bytes, to: path)
      for length in (0...bytes.count).reversed() {
        #expect(truncate(path, off_t(length)) == 0)
        let history = try RunHistory.contents(of: path)
        let whole = bytes[..<length].count { $0 == UInt8(ascii: "\n") }
        #expect(history.events == Array(events[..<whole]))
      }
    }
  }
}

extension String {
  /// A copy with the one occurrence of `part` replaced; an unchanged copy would make a test prove nothing.
  fileprivate func replacing(_ part: String, _ replacement: String) -> String {
    guard let range = firstRange(of: part) else { preconditionFailure("\(part) is not in \(self)") }
    return String(self[..<range.lowerBound]) + replacement + String(self[range.upperBound...])
  }
}
