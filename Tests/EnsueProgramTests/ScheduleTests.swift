// Schedules and optimisers of the training commands: the rate in the logs, resumes, old configurations, what must be
// refused.

import EnsueFiles
import Foundation
import Testing

@Suite(.serialized) struct ScheduleProgramTests {
  private static let classify = "train classify --data data.tsv --model mean --embedding-size 4 --quiet"
  private static let characters =
    "train language --data text.txt --hidden 8 --embedding-size 4 --layers 1 --batch 8 --steps 10 --quiet"

  /// The learning rates of a run's epochs.
  private static func rates(_ sandbox: Sandbox, _ run: String) throws -> [Double] {
    try sandbox.text("\(run)/metrics.jsonl").split(separator: "\n").compactMap { line in
      let event = try JSONValue.parse(Array(line.utf8), name: "metrics.jsonl").objectValue
      return event?["event"] == .string("epoch") ? event?["learningRate"]?.doubleValue : nil
    }
  }

  @Test func theRateIsLogged() throws {
    try Sandbox.with { sandbox in
      // 160 sentences to train on: three steps an epoch.
      let line = "\(ScheduleProgramTests.classify) --epochs 4 --patience 9 --learning-rate 0.1"
      for (options, expected) in [
        ("", [0.1, 0.1, 0.1, 0.1]), ("--schedule linear-warm-up --warmup-steps 6", [0.05, 0.1, 0.1, 0.1]),
        ("--schedule step --decay-steps 3 --decay-ratio 0.5", [0.1, 0.05, 0.025, 0.0125]),
        ("--schedule linear-decay --minimum-rate 0.5", [2.0, 5, 8, 11].map { 0.1 * (1 - 0.5 * $0 / 12) }),
        ("--schedule epoch-decay --decay-ratio 0.5 --warmup-steps 6", [0.05, 0.05, 0.025, 0.0125]),
        ("--schedule linear-decay --accumulate 3", [0.0, 1, 2, 3].map { 0.1 * (1 - $0 / 4) }),
      ] {
        let run = "run" + options.filter { $0 != " " }
        let result = try Program.run("\(line) \(options) --out \(run)", in: sandbox.path)
        #expect(result.code == 0, "\(result)")
        let found = try ScheduleProgramTests.rates(sandbox, run)
        #expect(found.count == 4 && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(options): \(found)")
      }
    }
  }

  @Test func aPlateauLowersTheRate() throws {
    try Sandbox.withText { sandbox in
      // A rate at which nothing is learnt: every epoch after the first few is a stalled one.
      let result = try Program.run(
        "\(ScheduleProgramTests.characters) --epochs 8 --patience 50 --optimizer sgd --learning-rate 1e-9"
          + " --schedule reduce-on-plateau --plateau-patience 2 --decay-ratio 0.5 --minimum-rate 0.2 --out run",
        in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      let rates = try ScheduleProgramTests.rates(sandbox, "run").map { ($0 / 1e-9 * 1000).rounded() / 1000 }
      #expect(rates == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2], "\(rates)")
    }
  }

  /// What must be equal after a resume.
  private static func outcome(_ sandbox: Sandbox, _ run: String) throws -> [String] {
    let digest = try InputFile.digest(of: sandbox.place("\(run)/bundle/model.safetensors")).description
    return try [digest] + rates(sandbox, run).map { "\($0)" }
  }

  @Test(arguments: [
    "--optimizer nesterov --schedule cosine --warmup-steps 4", "--optimizer rmsprop --schedule noam --warmup-steps 9",
    "--optimizer rmsprop --set optimizer.normalizedMomentum=0.5 --schedule step",
    "--optimizer adagrad --schedule inverse-square-root --warmup-steps 5",
    "--optimizer radam --schedule untuned-linear --set optimizer.beta2=0.99",
    "--optimizer adamw --weight-decay 0.1 --set optimizer.decaysVectors=false --schedule exponential-warm-up",
    "--optimizer sgd --learning-rate 1e-9 --schedule reduce-on-plateau --plateau-patience 1",
  ]) func stoppedAndGoneOnWith(_ options: String) throws {
    try Sandbox.withText(lines: 400) { sandbox in
      let line =
        "\(ScheduleProgramTests.characters) --epochs 4 --patience 50 --learning-rate 0.01"
        .replacing(" --learning-rate 0.01", with: options.contains("learning-rate") ? "" : " --learning-rate 0.01")
        + " \(options) --set training.checkpointSeconds=0.001"
      let whole = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      var hits = 0
      for attempt in 1...12 where hits < 3 {
        let program = try Program.start(Program.words("\(line) --out killed"), in: sandbox.path)
        Thread.sleep(forTimeInterval: 0.03 * Double(attempt))
        program.send(SIGKILL)
        if try program.result().signal == SIGKILL { hits += 1 }
      }
      #expect(hits > 0)
      let last = try Program.run("\(line) --out killed", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      #expect(
        try ScheduleProgramTests.outcome(sandbox, "killed") == ScheduleProgramTests.outcome(sandbox, "whole"))
    }
  }

  @Test func configurationsFromBeforeSchedulesStillLoad() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun("whole")
      try sandbox.addUnfinishedRun("run")
      // As they were written before there were schedules and these constants.
      let path = "run/configuration.json"
      var object = try #require(JSONValue.parse(Array(sandbox.text(path).utf8), name: path).objectValue)
      #expect(object["schedule"] != nil)
      object["schedule"] = nil
      var optimizer = try #require(object["optimizer"]?.objectValue)
      for key in ["squareDecay", "normalizedMomentum", "decaysVectors"] {
        #expect(optimizer[key] != nil)
        optimizer[key] = nil
      }
      object["optimizer"] = .object(optimizer)
      try sandbox.write(JSONValue.object(object).indented, path)
      let result = try Program.run("\(TrainedRun.command) --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      #expect(
        try InputFile.digest(of: sandbox.place("run/bundle/model.safetensors"))
          == InputFile.digest(of: sandbox.place("whole/bundle/model.safetensors")))
    }
  }

  /// Noam's d was 512 in the configuration of every run, whatever its schedule.
  @Test func configurationsWithNoamsWidthStillLoad() throws {
    try Sandbox.with { sandbox in
      try sandbox.addUnfinishedRun("run")
      let path = "run/configuration.json"
      var object = try #require(JSONValue.parse(Array(sandbox.text(path).utf8), name: path).objectValue)
      var schedule = try #require(object["schedule"]?.objectValue)
      #expect(schedule["width"] == .null)
      schedule["width"] = .number("512")
      schedule["warmUp"] = nil
      object["schedule"] = .object(schedule)
      try sandbox.write(JSONValue.object(object).indented, path)
      let result = try Program.run("\(TrainedRun.command) --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
    }
  }

  @Test func noamHasTheWidthOfTheTransformer() throws {
    try Sandbox.with { sandbox in
      let line =
        ScheduleProgramTests.classify.replacing("mean", with: "transformer")
        + " --heads 2 --epochs 1 --learning-rate 1 --schedule noam --warmup-steps 6"
      for (options, width) in [("", 4.0), (" --schedule-width 16", 16.0)] {
        let run = "run\(Int(width))"
        let result = try Program.run("\(line)\(options) --out \(run)", in: sandbox.path)
        #expect(result.code == 0, "\(result)")
        // Three steps of six.
        let expected = 3 / (6 * 6.0.squareRoot()) / width.squareRoot()
        let found = try ScheduleProgramTests.rates(sandbox, run)
        #expect(found.count == 1 && found.allSatisfy { abs($0 - expected) < 1e-12 }, "\(options): \(found)")
      }
    }
  }

  @Test(arguments: ["classify", "language"]) func helpHasTheSettings(_ task: String) throws {
    let text = try Program.run("train \(task) --help", in: NSTemporaryDirectory()).outputText
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in [
      "--optimizer NAME how gradients change weights: sgd, momentum, nesterov, rmsprop, adagrad, adam, adamw, radam"
        + " [optimizer.kind=adam]",
      "--schedule NAME how the learning rate changes: constant, noam, linear-warm-up, exponential-warm-up,"
        + " untuned-exponential, untuned-linear, cosine, inverse-square-root, step, linear-decay,"
        + " reduce-on-plateau, epoch-decay [schedule.kind=constant]",
      "--warmup-steps N", "--decay-steps N", "--minimum-rate X", "--decay-ratio X", "--plateau-patience N",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
  }

  static let bad: [BadCase] = ["classify", "language"].flatMap { task -> [BadCase] in
    let train = "train \(task) --data data.tsv --quiet --out out"
    return [
      BadCase("\(task): unknown schedule", "\(train) --schedule cosin", 64, "'cosin'", "Perhaps 'cosine' was meant."),
      BadCase("\(task): unknown optimiser", "\(train) --optimizer rmsprob", 64, "Perhaps 'rmsprop' was meant."),
      BadCase("\(task): no warm-up", "\(train) --schedule noam --warmup-steps 0", 64, "--warmup-steps"),
      BadCase("\(task): a rate above all", "\(train) --schedule cosine --minimum-rate 2", 64, "from 0 to 1"),
      BadCase("\(task): a decay that grows", "\(train) --schedule step --decay-ratio 1.5", 64, "--decay-ratio"),
      BadCase(
        "\(task): a warm-up that the schedule does not have", "\(train) --warmup-steps 10", 78, "schedule.warmUpSteps",
        "constant", "found 10"),
      BadCase(
        "\(task): a decay that the schedule does not have", "\(train) --schedule noam --decay-steps 10", 78,
        "schedule.decaySteps", "noam"),
      BadCase("\(task): epochs held by no schedule", "\(train) --hold-epochs 3", 78, "schedule.holdEpochs", "found 3"),
      BadCase(
        "\(task): a ratio of no schedule", "\(train) --schedule cosine --decay-ratio 0.5", 78, "schedule.ratio",
        "cosine"),
      BadCase("\(task): patience of no schedule", "\(train) --plateau-patience 9", 78, "schedule.patience", "found 9"),
      BadCase("\(task): a width of no schedule", "\(train) --schedule-width 64", 78, "schedule.width", "found 64"),
      BadCase(
        "\(task): the width that runs once wrote, in no run's file", "\(train) --config c.json", 78, "schedule.width",
        "found 512"
      ) { try $0.write("{\"schedule\": {\"width\": 512}}", "c.json") },
      BadCase("\(task): a warm-up before nothing", "\(train) --warmup exponential", 78, "schedule.warmUp", "constant"),
      BadCase(
        "\(task): another warm-up of noam", "\(train) --schedule noam --warmup exponential", 78, "schedule.warmUp",
        "noam"),
      BadCase(
        "\(task): momentum of Adam", "\(train) --set optimizer.momentum=0.5", 78, "optimizer.momentum", "adam",
        "found 0.5"),
      BadCase(
        "\(task): β₁ of plain descent", "\(train) --optimizer sgd --set optimizer.beta1=0.8", 78, "optimizer.beta1",
        "sgd"),
      BadCase(
        "\(task): a warm-up longer than training",
        "\(train) --schedule cosine --epochs 1 --warmup-steps 100000", 78, "schedule.warmUpSteps", "found 100000"),
      BadCase("\(task): α of 1", "\(train) --set optimizer.squareDecay=1", 78, "optimizer.squareDecay", "below 1"),
    ]
  }

  @Test(arguments: bad) func refused(_ bad: BadCase) throws { try bad.check() }
}
