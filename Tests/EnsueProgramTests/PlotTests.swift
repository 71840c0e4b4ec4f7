// `ensue plot`: tables, pictures, what must be refused.

import EnsueFiles
import EnsueTraining
import Foundation
import Testing

@Suite struct PlotTests {
  private static let kinds = ScheduleKind.allCases.map(\.rawValue)

  @Test(arguments: kinds) func everyScheduleIsATableAndAPicture(_ kind: String) throws {
    try Sandbox.with { sandbox in
      let table = try Program.run("plot schedule \(kind) --steps 1000", in: sandbox.path)
      #expect(table.code == 0, "\(table)")
      #expect(table.outputLines.count == 14 && table.outputLines[0].contains(kind), "\(table)")
      #expect(table.outputLines[2].hasPrefix("    1 ") && table.outputLines[13].hasPrefix("1,000"), "\(table)")
      for ending in ["svg", "png"] {
        let result = try Program.run("plot schedule \(kind) --output a.\(ending)", in: sandbox.path)
        #expect(result.code == 0 && result.output.isEmpty, "\(result)")
        #expect(result.errorText.contains("the picture is a.\(ending)"))
      }
      let svg = try sandbox.text("a.svg")
      #expect(svg.hasPrefix("<?xml") && svg.contains("Schedule \(kind)"))
      let png = try InputFile.contents(of: sandbox.place("a.png"))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 5000)
      let piped = try Program.run("plot schedule \(kind) --output -", in: sandbox.path)
      #expect(piped.outputText == svg)
    }
  }

  @Test func severalCurvesInOneChart() throws {
    try Sandbox.with { sandbox in
      let line = "plot schedule \(PlotTests.kinds.joined(separator: " ")) --warmup-steps 100 --decay-steps 500"
      let result = try Program.run("\(line) --relative --output all.svg", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      let svg = try sandbox.text("all.svg")
      for kind in PlotTests.kinds { #expect(svg.contains(">\(kind)<"), "\(kind)") }
      #expect(result.errorText.contains("as if validation never improved"))
      // A curve that lies on another is dashed: the inverse root on noam's, the untuned ones on the warm-ups.
      #expect(svg.contains("class=\"line dashed\""))
    }
  }

  @Test func theTableHasTheRates() throws {
    let result = try Program.run(
      "plot schedule linear-warm-up constant --steps 12 --warmup-steps 10 --learning-rate 0.5",
      in: NSTemporaryDirectory())
    let rows = result.outputLines.map { $0.split(separator: " ") }
    #expect(rows[2] == ["1", "0.05000", "0.5000"] && rows[6] == ["5", "0.2500", "0.5000"], "\(result)")
    #expect(rows[13] == ["12", "0.5000", "0.5000"], "\(result)")
  }

  /// d^-0.5 · min(t^-0.5, t · w^-1.5) with other d and w.
  @Test func oneScheduleWithSeveralConstants() throws {
    try Sandbox.with { sandbox in
      let line = "plot schedule noam:64:4 noam:256:4 noam:64:16 --steps 12"
      let result = try Program.run(line, in: sandbox.path)
      let rows = result.outputLines.map { $0.split(separator: " ") }
      #expect(rows[0].suffix(3) == ["noam:64:4", "noam:256:4", "noam:64:16"], "\(result)")
      #expect(rows[2][3] == "0.001953" && rows[5].prefix(3) == ["4", "0.06250", "0.03125"], "\(result)")
      #expect(try Program.run("\(line) --output a.svg", in: sandbox.path).code == 0)
      let svg = try sandbox.text("a.svg")
      #expect(svg.contains(">noam:64:4<") && svg.contains(">noam:256:4<"))
    }
  }

  @Test func oneDecayAfterSeveralWarmUps() throws {
    let result = try Program.run(
      "plot schedule cosine cosine:linear:4 cosine:exponential cosine:none:2 --steps 12 --warmup-steps 8",
      in: NSTemporaryDirectory())
    let rows = result.outputLines.map { $0.split(separator: " ") }
    // 1/8, 1/4, 1 - exp(-1/8), 1/2: constants of its own come before the options.
    #expect(rows[2] == ["1", "0.1250", "0.2500", "0.1175", "0.5000"], "\(result)")
    #expect(rows[5].prefix(3) == ["4", "0.5000", "1.000"], "\(result)")
  }

  /// Twenty epochs of five steps: two at the whole rate, then half of it more after each.
  @Test func epochsAreNotSteps() throws {
    let result = try Program.run(
      "plot schedule epoch-decay --steps 100 --hold-epochs 2 --decay-ratio 0.5", in: NSTemporaryDirectory())
    let rows = result.outputLines.map { $0.split(separator: " ") }
    #expect(rows[3] == ["10", "1.000"] && rows[4] == ["19", "0.2500"] && rows[5] == ["28", "0.06250"], "\(result)")
    #expect(result.errorText.contains("epoch-decay: with an epoch every 5 steps"), "\(result)")
  }

  @Test(arguments: ["", " --dot-products"]) func positions(_ option: String) throws {
    try Sandbox.with { sandbox in
      let text = try Program.run("plot positions --length 20 --width 30\(option)", in: sandbox.path)
      #expect(text.code == 0 && text.outputLines.count == 21, "\(text)")
      for ending in ["svg", "png"] {
        let result = try Program.run("plot positions\(option) --output a.\(ending)", in: sandbox.path)
        #expect(result.code == 0, "\(result)")
      }
      #expect(try sandbox.text("a.svg").contains(option.isEmpty ? "Sinusoidal positions" : "Dot products"))
    }
  }

  @Test(arguments: ["", " --causal"]) func attentionTimes(_ option: String) throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(
        "plot attention-times --shortest 16 --longest 100 --features 8\(option) --output a.svg", in: sandbox.path)
      let lengths = result.outputLines.dropFirst(2).compactMap { $0.split(separator: " ").first }
      #expect(result.code == 0 && lengths == ["16", "32", "64"], "\(result)")
      #expect(try sandbox.text("a.svg").contains("milliseconds"))
    }
  }

  #if os(Linux)
    /// A matrix of all scores of 8,192 steps has 256 MiB: there is room for the program, and none for that. As large
    /// are the random features of the queries and the keys, 4,096 each, which shows that the limit holds.
    @Test(arguments: [(8, true), (4096, false)])
    func attentionTakesNoMemoryQuadraticInTheLength(_ features: Int, _ hasRoom: Bool) throws {
      let result = try Program.shell(
        "ulimit -v 340000; MALLOC_ARENA_MAX=1 SWIFT_BACKTRACE=enable=no exec \"$ENSUE\" plot attention-times"
          + " --shortest 8192 --longest 8192 --width 8 --features \(features) --threads 1", in: NSTemporaryDirectory())
      #expect((result.code == 0) == hasRoom, "\(result)")
      #expect(result.errorText.contains("Performer, 8,192 steps"), "\(result)")
    }
  #endif

  /// The losses of the log, a row each validation.
  @Test func curvesOfATranslationModel() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let table = try Program.run("plot curves run", in: sandbox.path)
      #expect(table.code == 0 && table.outputLines.count == 5, "\(table)")
      let rows = table.outputLines.dropFirst(2).map { $0.split(separator: " ") }
      #expect(rows.allSatisfy { $0.count == 6 && Double($0[3]) != nil } && table.outputText.contains("perplexity"))
      let picture = try Program.run("plot curves run --output a.svg", in: sandbox.path)
      #expect(picture.code == 0, "\(picture)")
      #expect(try sandbox.text("a.svg").contains("training"))
    }
  }

  static let bad: [BadCase] = [
    BadCase("curves of a classifier", "plot curves run", 65, "a classifier", "report.html") { try $0.addRun() },
    BadCase(
      "lengths the wrong way round", "plot attention-times --shortest 64 --longest 32", 64, "at most 32", "found 64"),
    BadCase("no schedule", "plot schedule", 64, "NAME expected"),
    BadCase("unknown schedule", "plot schedule cosin", 64, "'cosin'", "Perhaps 'cosine' was meant."),
    BadCase("a schedule twice", "plot schedule noam noam", 64, "noam twice"),
    BadCase("the same constants twice", "plot schedule noam:64:4 cosine noam:64:4", 64, "noam:64:4 twice"),
    BadCase(
      "a constant too many", "plot schedule noam:64:4:5", 64, "noam:SCHEDULE-WIDTH:WARMUP-STEPS", "'noam:64:4:5'"),
    BadCase("a constant of none", "plot schedule constant:5", 64, "constant expected", "'constant:5'"),
    BadCase("a constant that is no number", "plot schedule noam:64:x", 64, "--warmup-steps", "'x'"),
    BadCase("a constant of 0", "plot schedule noam:0", 64, "--schedule-width", "'0'"),
    BadCase("unknown warm-up", "plot schedule cosine:exponentail", 64, "--warmup", "Perhaps 'exponential' was meant."),
    BadCase(
      "an option that no schedule is left to read", "plot schedule noam:64:4 noam:64:8 --warmup-steps 100", 78,
      "schedule.warmUpSteps", "100 would do nothing"),
    BadCase("one step", "plot schedule noam --steps 1", 64, "--steps", "from 2 to"),
    BadCase("a picture of another kind", "plot schedule noam --output a.gif", 64, ".svg or .png", "'a.gif'"),
    BadCase("a picture without a kind", "plot positions --output picture", 64, "'picture'"),
    BadCase("a picture in no folder", "plot positions --output gone/a.svg", 73, "gone/a.svg"),
    BadCase("a PNG in no folder", "plot schedule step --output gone/a.png", 73, "gone/a.png"),
    BadCase("no positions", "plot positions --length 0", 64, "--length", "from 1 to 5000"),
    BadCase("too narrow", "plot positions --picture-width 20 --output a.svg", 64, "--picture-width"),
    BadCase(
      "a warm-up longer than training", "plot schedule cosine --steps 100 --warmup-steps 100", 78,
      "schedule.warmUpSteps",
      "fewer steps than the 100"),
    BadCase(
      "a constant that none has", "plot schedule cosine noam --hold-epochs 3", 78, "schedule.holdEpochs",
      "3 would do nothing"),
    BadCase("a rate below nothing", "plot schedule cosine --minimum-rate -1", 64, "--minimum-rate", "from 0 to 1"),
  ]

  @Test(arguments: bad) func refused(_ bad: BadCase) throws { try bad.check() }
}
