// Models of piano rolls from a file of pieces to a file of music; generated texts.

import EnsueFiles
import Foundation
import Testing

@Suite struct RollsTests {
  /// Pieces of two chords in turn, one step or two long.
  private static func pieces(_ count: Int, from first: Int) -> String {
    let list = (first..<first + count).map { index in
      let chords = ["[60,64,67]", "[62,65,69]"]
      let steps = (0..<12).map { chords[($0 / (1 + index % 2)) % 2] }
      return "[\(steps.joined(separator: ","))]"
    }
    return "[\(list.joined(separator: ","))]"
  }

  private static let line =
    "train rolls --data pieces.json --hidden 12 --epochs 250 --patience 250 --batch 4 --learning-rate 0.02 --dropout 0.1 --quiet"

  private static func with(_ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with { sandbox in
      let parts = [("train", 14), ("valid", 5), ("test", 4)].map { "\"\($0)\":\(pieces($1, from: $1))" }
      try sandbox.write("{\(parts.joined(separator: ","))}", "pieces.json")
      try body(sandbox)
    }
  }

  private static func log(_ sandbox: Sandbox, _ run: String) throws -> [String] {
    try sandbox.text("\(run)/metrics.jsonl").split(separator: "\n").map { line in
      var event = try #require(try JSONValue.parse(Array(line.utf8), name: "metrics").objectValue)
      for key in ["seconds", "tokensPerSecond", "trainingSeconds", "peakMemoryBytes"] { event[key] = nil }
      return JSONValue.object(event).description
    }
  }

  @Test func learnsAndWrites() throws {
    try RollsTests.with { sandbox in
      let trained = try Program.run("\(RollsTests.line) --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      for word in ["LSTM", "nats a step", "frame accuracy", "test", "best epoch"] {
        #expect(trained.outputText.contains(word), "\(word): \(trained)")
      }
      let test = try #require(try RollsTests.log(sandbox, "run").dropLast().last)
      let summary = try #require(try JSONValue.parse(Array(test.utf8), name: "test").objectValue)
      #expect(summary["loss"]?.doubleValue ?? 99 < 2.5 && summary["accuracy"]?.doubleValue ?? 0 > 0.5, "\(test)")
      #expect(summary["count"]?.integerValue == 4 * 11)
      let again = try Program.run("\(RollsTests.line) --out run", in: sandbox.path)
      #expect(again.code == 0 && again.outputText == trained.outputText, "\(again)")

      let written = try Program.run("rolls generate run --steps 12 --midi a.mid --temperature 0", in: sandbox.path)
      #expect(written.code == 0 && written.outputLines.count == 12, "\(written)")
      #expect(["C4 E4 G4", "D4 F4 A4"].contains(written.outputLines.first ?? ""), "\(written)")
      #expect(try sandbox.bytes("a.mid").starts(with: Array("MThd".utf8)))
      func drawn(_ seed: Int) throws -> String {
        try Program.run("rolls generate run/bundle --seed \(seed)", in: sandbox.path).outputText
      }
      #expect(try drawn(1) == drawn(1) && drawn(1) != drawn(2))
    }
  }

  @Test func stoppedRunsAndThreadsEndAlike() throws {
    try RollsTests.with { sandbox in
      let line = "\(RollsTests.line) --transposition 2 --set training.checkpointSeconds=0.001"
      let start = ContinuousClock.now
      let whole = try Program.run("\(line) --threads 1 --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let stopped = try sandbox.stopAtRandom("\(line) --threads 3", out: "killed", seconds: seconds, times: 4)
      #expect(stopped > 0, "the run was never stopped before its end")
      let last = try Program.run("\(line) --threads 2 --out killed", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      for name in ["bundle/model.safetensors", "bundle/configuration.json"] {
        #expect(try sandbox.bytes("killed/\(name)") == sandbox.bytes("whole/\(name)"), "\(name)")
      }
      #expect(try RollsTests.log(sandbox, "killed") == RollsTests.log(sandbox, "whole"))
    }
  }

  @Test(arguments: [
    ("train rolls --out out", 64, "--data"), ("train rolls --data gone.json --out out", 66, "gone.json"),
    ("train rolls --data data.tsv --out out", 65, "data.tsv"),
    ("train rolls --data pieces.json --transposition 12 --out out", 64, "--transposition"),
    ("train rolls --data pieces.json --hidden 8192 --layers 64 --out out", 78, "memory"),
    ("train rolls --data pieces.json --config text.json --out out", 78, "task"),
    ("rolls generate gone", 66, "gone"), ("rolls generate run --steps 1", 64, "--steps"),
  ])
  func refusals(_ line: String, _ code: Int32, _ word: String) throws {
    try RollsTests.with { sandbox in
      try sandbox.write("{\"task\": \"characters\"}", "text.json")
      let result = try Program.run(line, in: sandbox.path)
      #expect(result.code == code && result.errorText.contains(word), "\(result)")
      #expect(!sandbox.exists("out"))
    }
  }

  @Test func measuredAfterTraining() throws {
    try RollsTests.with { sandbox in
      let line = RollsTests.line.replacingOccurrences(of: "--epochs 250", with: "--epochs 3")
      let trained = try Program.run("\(line) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      try sandbox.addRun("classifier")
      func figures(_ options: String) throws -> JSONObject {
        let result = try Program.run("evaluate run --json \(options)", in: sandbox.path)
        return try #require(try JSONValue.parse(result.output, name: "figures").objectValue, "\(result)")
      }
      let test = try #require(try RollsTests.log(sandbox, "run").dropLast().last)
      let logged = try #require(try JSONValue.parse(Array(test.utf8), name: "test").objectValue)
      for options in ["", "--data pieces.json --threads 2"] {
        let found = try figures(options)
        for key in ["loss", "accuracy", "count"] { #expect(found[key] == logged[key], "\(key): \(found)") }
      }
      #expect(try figures("--data pieces.json --part training")["count"]?.integerValue == 14 * 11)
      #expect(try figures("--part validation")["count"]?.integerValue == 5 * 11)

      let table = try Program.run("evaluate run run/bundle --data pieces.json", in: sandbox.path)
      #expect(table.code == 0 && table.outputLines.count { $0.contains("LSTM") } == 2, "\(table)")
      for word in ["nats a step", "frame accuracy", "steps", "parameters"] {
        #expect(table.outputText.contains(word), "\(word): \(table)")
      }
      for (options, code, word) in [
        ("run --data gone.json", 66, "gone.json"), ("run --data data.tsv", 65, "data.tsv"),
        ("run --data pieces.json,pieces.json", 64, "one file of pieces"),
        ("run --data pieces.json --encoding latin1", 64, "one file of pieces"),
        ("run --window 4", 64, "a model of piano rolls"), ("run --map a=b", 64, "a model of piano rolls"),
        ("run --precision bf16", 64, "a model of piano rolls"), ("run/bundle", 64, "--data"),
        ("run classifier", 64, "found another"), ("classifier run", 64, "found another"),
      ] as [(String, Int32, String)] {
        let result = try Program.run("evaluate \(options)", in: sandbox.path)
        #expect(result.code == code && result.errorText.contains(word), "\(options): \(result)")
      }
      try sandbox.replace("64", with: "65", in: "pieces.json")
      let changed = try Program.run("evaluate run", in: sandbox.path)
      #expect(changed.code == 65 && changed.errorText.contains("pieces.json"), "\(changed)")
    }
  }

  /// The log-probabilities of what was written are those that the music has when it is measured.
  @Test(arguments: ["0", "1", "2"]) func logProbabilities(_ temperature: String) throws {
    try RollsTests.with { sandbox in
      let line = RollsTests.line.replacingOccurrences(of: "--epochs 250", with: "--epochs 3")
      let trained = try Program.run("\(line) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let write = "rolls generate run --steps 12 --seed 3 --temperature \(temperature)"
      let written = try Program.run("\(write) --log-probabilities", in: sandbox.path)
      let steps = written.outputLines.map { $0.split(separator: "\t").map(String.init) }
      try #require(steps.count == 12 && steps.allSatisfy { $0.count == 2 } && steps[0][0] == "-", "\(written)")
      #expect(try Program.run(write, in: sandbox.path).outputLines == steps.map { $0[1] })
      let pitches = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
      let piece = try steps.map { step in
        let notes = try step[1].split(separator: " ").filter { $0 != "-" }.map { name in
          let pitch = try #require(pitches.firstIndex(of: String(name.dropLast())))
          let octave = try #require(name.last?.wholeNumberValue)
          return "\(12 * (octave + 1) + pitch)"
        }
        return "[\(notes.joined(separator: ","))]"
      }
      let part = "[[\(piece.joined(separator: ","))]]"
      try sandbox.write("{\"train\":\(part),\"valid\":\(part),\"test\":\(part)}", "own.json")
      let measured = try Program.run("evaluate run --data own.json --json", in: sandbox.path)
      let figures = try #require(try JSONValue.parse(measured.output, name: "figures").objectValue, "\(measured)")
      let sum = steps.dropFirst().reduce(0) { $0 + (Double($1[0]) ?? .nan) }
      #expect(abs((figures["loss"]?.doubleValue ?? 0) + sum / 11) < 1e-3, "\(written) \(measured)")
    }
  }

  /// A bundle that was changed is refused, not believed.
  @Test func damagedBundles() throws {
    try RollsTests.with { sandbox in
      let line = RollsTests.line.replacingOccurrences(of: "--epochs 250", with: "--epochs 1")
      let trained = try Program.run("\(line) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let file = "run/bundle/configuration.json"
      let text = try sandbox.text(file)
      for (old, new) in [
        ("\"rolls\"", "\"characters\""), ("\"hiddenSize\": 12", "\"hiddenSize\": 4000"),
        ("\"lowestNote\": 21", "\"lowestNote\": 99"), ("\"format\": 1", "\"format\": 2"),
        ("\"openings\"", "\"openinks\""), ("60", "600"),
      ] {
        try sandbox.write(text, file)
        try sandbox.replace(old, with: new, in: file)
        let result = try Program.run("rolls generate run", in: sandbox.path)
        #expect(result.code == 65 && result.errorText.contains("run/bundle/"), "\(old): \(result)")
      }
    }
  }

  @Test func generatedTexts() throws {
    try Sandbox.with { sandbox in
      func text(_ options: String) throws -> String {
        let result = try Program.run("data generate \(options)", in: sandbox.path)
        #expect(result.code == 0 && result.error.isEmpty, "\(result)")
        return result.outputText
      }
      for kind in ["names", "xml", "arithmetic", "levels"] {
        let long = try text("\(kind) --count 20 --seed 3")
        #expect(try long.hasPrefix(text("\(kind) --count 5 --seed 3")))
        #expect(try long != text("\(kind) --count 20") && long != text("\(kind) --count 20 --seed 3 --part test"))
        #expect(long.split(separator: "\n").count >= 20)
      }
      #expect(try text("names --count 0").isEmpty)
      let unknown = try Program.run("data generate nams", in: sandbox.path)
      #expect(unknown.code == 64 && unknown.errorText.contains("names"), "\(unknown)")
    }
  }
}
