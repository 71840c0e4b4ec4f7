// Files of chorales: those of the data folder, well-formed small ones, and what must be refused.

import EnsueData
import EnsueFiles
import Testing

private let good = "[[[60, 64], [62]]]"

struct BadChorales: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: [UInt8]
  /// After the path: empty, or the byte.
  let place: String
  let words: String

  /// Text in place of the training part.
  static func training(_ name: String, _ text: String, _ words: String) -> BadChorales {
    whole(name, "{\"train\": \(text), \"valid\": \(good), \"test\": \(good)}", words)
  }

  static func whole(_ name: String, _ text: String, at place: String = "", _ words: String) -> BadChorales {
    BadChorales(testDescription: name, bytes: Array(text.utf8), place: place, words: words)
  }
}

private func many(_ text: String, _ count: Int) -> String {
  Array(repeating: text, count: count).joined(separator: ",")
}

private let badChorales: [BadChorales] = [
  .whole("empty file", "", at: "@0", "a value expected, found the end"),
  .whole("not JSON", "MThd", at: "@0", "a JSON value expected"),
  .whole("cut short", "{\"train\": [[[60, 6", at: "@18", "',' or ']' expected"),
  .whole("text after the end", "{} x", at: "@3", "the end expected"),
  .whole("byte order mark", "\u{FEFF}{}", at: "@0", "a byte order mark"),
  .whole("nesting", String(repeating: "[", count: 5_000), at: "@64", "nesting deeper than 64"),
  .whole("a part twice", "{\"train\": \(good), \"train\": \(good)}", at: "@30", "'train' appears twice"),
  .training("Python's NaN", "[[[NaN], [60]]]", "a JSON value expected"),
  .training("leading zero", "[[[060], [60]]]", "',' or ']' expected"),
  BadChorales(
    testDescription: "invalid UTF-8", bytes: [0x7B, 0x22, 0xFF, 0x22], place: "@1", words: "invalid UTF-8 in a string"),
  .whole("array", "[\(good)]", "an object of train, valid and test expected, found an array"),
  .whole("number", "60", "an object of train, valid and test expected, found a number"),
  .whole("no parts", "{}", "the part train expected, found none"),
  .whole("no test part", "{\"train\": \(good), \"valid\": \(good)}", "the part test expected, found none"),
  .whole("misspelt part", "{\"trian\": \(good)}", "found 'trian'. Did you mean train?"),
  .whole("upper case", "{\"Test\": \(good)}", "found 'Test'. Did you mean test?"),
  .whole("foreign key", "{\"composer\": 1}", "found 'composer'. Remove it."),
  .training("part is null", "null", "an array of chorales in train expected, found null"),
  .training("part is an object", "{}", "an array of chorales in train expected, found an object"),
  .training("empty part", "[]", "chorales in train expected, found an empty array"),
  .training("chorale is a string", "[\"60\"]", "an array of steps in train[0] expected, found a string"),
  .training("empty chorale", "[[[60], [60]], []]", "2 to 10000 steps in train[1] expected, found 0"),
  .training("one step", "[[[60]]]", "2 to 10000 steps in train[0] expected, found 1"),
  .training("too many steps", "[[\(many("[]", 10_001))]]", "2 to 10000 steps in train[0] expected, found 10001"),
  .training("step is a number", "[[[60], 60]]", "an array of notes in train[0][1] expected, found a number"),
  .training("note is a string", "[[[60], [62, \"64\"]]]", "a MIDI note in train[0][1][1] expected, found a string"),
  .training("note is null", "[[[null], [60]]]", "a MIDI note in train[0][0][0] expected, found null"),
  .training("note is an array", "[[[[60]], [60]]]", "a MIDI note in train[0][0][0] expected, found an array"),
  .training("note is true", "[[[true], [60]]]", "found true or false"),
  .training("below the piano", "[[[20], [60]]]", "21 to 108, or -1 for a rest, in train[0][0][0] expected, found '20'"),
  .training("above the piano", "[[[60], [60, 109]]]", "in train[0][1][1] expected, found '109'"),
  .training("between the keys", "[[[60.5], [60]]]", "found '60.5'"),
  .training("another negative", "[[[-2], [60]]]", "found '-2'"),
  .training("minus zero", "[[[-0.0], [60]]]", "found '-0.0'"),
  .training("huge", "[[[99999999999999999999], [60]]]", "found '99999999999999999999'"),
  .training("infinite", "[[[1e999], [60]]]", "found '1e999'"),
  .training("too many notes", "[[[\(many("60", 89))], [60]]]", "at most 88 notes in train[0][0] expected, found 89"),
]

@Suite struct GeneratedChoralesReaderTests {
  private func read(_ bytes: [UInt8]) throws -> Chorales {
    try TestFiles.with(["c.json": bytes]) { directory in
      do {
        return try ChoralesReader.read("\(directory)/c.json")
      } catch let failure as Failure {
        throw TestFiles.relative(failure, to: directory)
      }
    }
  }

  @Test(arguments: badChorales) func refused(_ bad: BadChorales) throws {
    let failure = try #require(throws: Failure.self) { _ = try read(bad.bytes) }
    #expect(failure.kind == .data && failure.description.contains(bad.words), "\(failure)")
    #expect(bad.place.isEmpty || failure.place == "c.json\(bad.place)", "\(failure)")
    #expect(failure.place.hasPrefix("c.json") && !failure.description.contains("\n"))
  }

  @Test func missingAndUnreadable() throws {
    let missing = try #require(throws: Failure.self) { _ = try ChoralesReader.read("/no/such/file.json") }
    #expect(missing.kind == .missing)
    let directory = try #require(throws: Failure.self) {
      try TestFiles.with([:]) { _ = try ChoralesReader.read($0) }
    }
    #expect(directory.kind == .missing && directory.problem.contains("a directory"))
    let large = try #require(throws: Failure.self) {
      _ = try read([UInt8](repeating: 0x20, count: ChoralesReader.sizeLimit + 1))
    }
    #expect(large.kind == .data && large.problem == "at most 16777216 bytes expected, found 16777217")
  }

  @Test func smallFile() throws {
    let text = """
      {"valid": [[[], [21, 108]]], "test": [[[60.0, 6e1], [64, -1, -1.0]]],
       "train": [[[60, 64, 67], [62, 60], []], [[72], [72]]]}
      """
    let chorales = try read(Array(text.utf8))
    #expect(chorales.training.map { $0.steps.map(\.notes) } == [[[60, 64, 67], [60, 62], []], [[72], [72]]])
    #expect(chorales.validation.map { $0.steps.map(\.notes) } == [[[], [21, 108]]])
    #expect(chorales.test.map { $0.steps.map(\.notes) } == [[[60], [64]]])
    #expect(chorales.report.summary == "9 steps, 11 notes, 2 silent steps, 2 rests left out, 1 unison joined")
    #expect(chorales.digest == Digest(of: Array(text.utf8)))
    let task = ChoralesTask(chorales)
    #expect(SequencePart.allCases.map { task.count(of: $0) } == [2, 1, 1])
    let example = task.example(0, of: .training)
    #expect(example.length == 2 && example.judged == 0..<2)
    guard case .multiHot(let answers) = example.target else { throw CancellationError() }
    #expect(Array(example.input(at: 0)) == PianoKeys([60, 64, 67]).multiHot)
    #expect(Array(example.input(at: 1)) == PianoKeys([60, 62]).multiHot)
    #expect(answers == PianoKeys([60, 62]).multiHot + PianoKeys().multiHot)
  }

  /// Any damage to a good file gives chorales or one line, and chorales that can be used.
  @Test func damagedFiles() throws {
    let text = Array("{\"train\": \(good), \"valid\": [[[60.0, -1], []]], \"test\": \(good)}".utf8)
    let alphabet = Array("0123456789-.eE[]{},:\"trainvld \n".utf8) + [0, 0xFF, 0xC3]
    var random = SplitMix64(seed: 5)
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = text
      for _ in 0...random.below(3) {
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[place] = random.element(of: alphabet)
        case 1: bytes.insert(random.element(of: alphabet), at: place)
        default: bytes.remove(at: place)
        }
      }
      do {
        let task = ChoralesTask(try ChoralesReader.parse(bytes, name: "c.json"))
        #expect(task.example(0, of: .training).length >= 1 && task.baseline(on: .test).loss.isFinite)
      } catch let failure as Failure {
        refused += 1
        #expect(failure.kind == .data && !failure.description.contains("\n"), "\(failure)")
      }
    }
    #expect(10_000..<20_000 ~= refused, "\(refused)")
  }

  @Test func keysAreASet() {
    var keys = PianoKeys()
    #expect(keys.isEmpty && keys.count == 0 && !keys.contains(20) && !keys.contains(1_000) && !keys.contains(-5))
    for note in PianoKeys.notes {
      #expect(keys.insert(note) && !keys.insert(note) && keys.contains(note))
      #expect(PianoKeys([note]).notes == [note] && PianoKeys([note]).multiHot.firstIndex(of: 1) == note - 21)
    }
    #expect(keys.count == 88 && keys.notes == Array(21...108) && keys.multiHot.allSatisfy { $0 == 1 })
  }

  /// Two keys by hand: p(60) = (3 + ½) / (4 + 1), p(64) = (1 + ½) / 5, all others ½ / 5.
  @Test func frequenciesByHand() throws {
    let pieces = [
      PianoRoll([PianoKeys([21]), PianoKeys([60]), PianoKeys([60])]),
      PianoRoll([PianoKeys(), PianoKeys([60, 64]), PianoKeys()]),
    ]
    let frequencies = KeyFrequencies(of: pieces)
    #expect(frequencies.probabilities[39] == 0.7 && frequencies.probabilities[43] == 0.3)
    #expect(frequencies.probabilities[0] == 0.1)
    // 86 ln(1/0.9) + [3 ln(1/0.7) + ln(1/0.3) + ln(1/0.3) + 3 ln(1/0.7)] / 4
    #expect(abs(frequencies.loss(on: pieces) - 10.198_003_164_644_133) < 1e-12, "\(frequencies.loss(on: pieces))")
    #expect(frequencies.loss(on: []) == 0)
  }

  /// The last number is by Python, with `d` the file as a dictionary of lists of lists of sets of notes:
  ///
  ///     steps = lambda part: [s for c in d[part] for s in c[1:]]
  ///     p = [(sum(k in s for s in steps("train")) + .5) / (len(steps("train")) + 1) for k in range(21, 109)]
  ///     t = steps("test")
  ///     -sum(log(p[k - 21] if k in s else 1 - p[k - 21]) for s in t for k in range(21, 109)) / len(t)
  @Test(
    .enabled(
      if: TestFiles.hasData("jsb-chorales"), "the JSB chorales are not in the data folder (set ENSUE_DATA)"),
    arguments: [
      ("jsb-chorales-quarter.json", [13_807, 4_602, 4_725], 90_002, 64, 0, [43, 96], 11.091_028_652_357_217),
      ("jsb-chorales-16th.json", [55_228, 18_408, 18_900], 361_467, 256, 7_393, [36, 81], 11.527_685_721_638_068),
    ])
  func realChorales(
    _ file: String, _ steps: [Int], _ notes: Int, _ silent: Int, _ unisons: Int, _ range: [Int],
    _ baseline: Double
  ) throws {
    let chorales = try ChoralesReader.read(TestFiles.data("jsb-chorales/\(file)"))
    let parts = SequencePart.allCases.map { chorales.pieces(of: $0) }
    #expect(parts.map(\.count) == [229, 76, 77])
    #expect(parts.map { $0.reduce(0) { $0 + $1.steps.count } } == steps)
    #expect(chorales.report.steps == steps.reduce(0, +) && chorales.report.notes == notes)
    #expect(chorales.report.silentSteps == silent && chorales.report.unisons == unisons && chorales.report.rests == 0)
    let sounding = parts.flatMap { $0 }.flatMap(\.steps).flatMap(\.notes)
    #expect([sounding.min(), sounding.max()] == range)
    let task = ChoralesTask(chorales)
    #expect(task.summary.contains("229 training, 76 validation, 77 test"))
    for index in 0..<77 {
      #expect(task.example(index, of: .test).length == chorales.test[index].steps.count - 1)
    }
    let batch = task.batch(Array(0..<77), of: .test)
    #expect(batch.judgedRows.count == steps[2] - 77 && batch.lengths == batch.lengths.sorted(by: >))
    #expect(abs(task.baseline(on: .test).loss - baseline) < 1e-9)
  }
}
