// ensue plot schedule, ensue plot positions, ensue plot attention-times, ensue plot curves

import EnsueExperiments
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueTraining

extension ProgramCommand {
  static let plotSchedule = ProgramCommand(
    Command(
      "plot schedule", group: "Plots", "schedules of the learning rate, as a picture or a table",
      discussion: """
        Without --output a table of the rates. Each schedule takes the options that it has; --relative lets noam, \
        whose rates are small, stand beside others. Constants of its own may follow a name, which may then stand \
        several times: the width and the warm-up's steps of noam:512:4000, the steps of linear-warm-up:500, the \
        warm-up before a decay and its steps of cosine:exponential:500. With the step t, the warm-up's w and Adam's β₂:

        """ + ScheduleKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ") + ".",
      examples: [
        CommandExample("warm-ups side by side", "ensue plot schedule untuned-linear untuned-exponential"),
        CommandExample(
          "one schedule with several constants", "ensue plot schedule noam:512:4000 noam:512:8000 noam:256:4000"),
        CommandExample(
          "the Transformer's schedule and the cosine as a picture",
          "ensue plot schedule noam cosine --warmup-steps 4000 --steps 50000 --relative --output schedules.svg"),
      ],
      positionals: [
        Positional("NAME", .text, .oneOrMore, "a schedule, with constants of its own or without")
      ],
      options: [.picture], settings: SchedulePlot.settings.options)
  ) { arguments, output in
    var plot = SchedulePlot.settings.defaults
    plot.schedules = try arguments.positionals("NAME").map { try PlottedSchedule($0) }
    try SchedulePlot.settings.apply(arguments, to: &plot)
    if arguments.text("output") == nil {
      try output.write(plot.table().text(width: Terminal.width))
    } else {
      try arguments.writePicture(plot.chart().svg, &output)
    }
    if let note = plot.note { StandardError.writeLine(note) }
  }

  static let plotPositions = ProgramCommand(
    Command(
      "plot positions", group: "Plots", "the sinusoidal vectors of positions, as a heat map",
      discussion: """
        The table of Vaswani et al. (2017): sines at even features, cosines at odd ones, waves from 2π to 10000 · 2π \
        positions long. Without --output the map in characters.
        """,
      examples: [
        CommandExample("a hundred positions", "ensue plot positions --length 100 --output positions.png"),
        CommandExample("how alike positions are", "ensue plot positions --dot-products --output products.svg"),
      ],
      options: [
        .value("length", .integer(1...5000), placeholder: "N", default: "64", "positions"),
        .value("width", .integer(1...8192), placeholder: "N", default: "128", "features of a position"),
        .flag("dot-products", "the dot products of all pairs of positions instead"),
        .value("picture-width", .number(NumberRange(200...4000)), default: "720", "width of the picture"), .picture,
      ])
  ) { arguments, output in
    var plot = PositionsPlot()
    plot.length = arguments.integer("length") ?? plot.length
    plot.width = arguments.integer("width") ?? plot.width
    plot.pictureWidth = arguments.number("picture-width") ?? plot.pictureWidth
    plot.showsProducts = arguments.flag("dot-products")
    if arguments.text("output") == nil {
      try output.write(plot.map.text(width: Terminal.width))
    } else {
      try arguments.writePicture(plot.map.svg, &output)
    }
  }
}

extension ProgramCommand {
  static let plotAttentionTimes = ProgramCommand(
    Command(
      "plot attention-times", group: "Plots", "attention's time by the length of a sequence",
      discussion: """
        Measures forward and backward passes over one sequence at lengths that double: Performer's linear attention \
        beside softmax attention. Prints a table, with the most memory that the process has needed so far; alone on \
        the machine, please.
        """,
      examples: [
        CommandExample("linear and quadratic", "ensue plot attention-times --output times.svg"),
        CommandExample("as a decoder needs it", "ensue plot attention-times --causal --longest 4096"),
      ],
      options: [
        .value("shortest", .integer(1...65_536), placeholder: "N", default: "256", "steps of the shortest sequence"),
        .value("longest", .integer(1...65_536), placeholder: "N", default: "16384", "no sequence is longer"),
        .value("width", .integer(1...1024), placeholder: "N", default: "64", "of queries, keys and values"),
        .value("features", .integer(1...4096), placeholder: "N", default: "128", "Performer's random features"),
        .flag("causal", "no query sees a later key"),
        .value("picture-width", .number(NumberRange(200...4000)), default: "720", "width of the picture"), .picture,
        .threads,
      ])
  ) { arguments, output in
    var plot = AttentionTimes()
    plot.shortest = arguments.integer("shortest") ?? plot.shortest
    plot.longest = arguments.integer("longest") ?? plot.longest
    plot.width = arguments.integer("width") ?? plot.width
    plot.featureCount = arguments.integer("features") ?? plot.featureCount
    plot.pictureWidth = arguments.number("picture-width") ?? plot.pictureWidth
    plot.isCausal = arguments.flag("causal")
    let rows = try arguments.withThreads { try plot.measured { StandardError.writeLine($0) } }
    try output.write(plot.table(rows).text(width: Terminal.width))
    if arguments.text("output") != nil { try arguments.writePicture(plot.chart(rows).svg, &output) }
  }
}

extension ProgramCommand {
  static let plotCurves = ProgramCommand(
    Command(
      "plot curves", group: "Plots", "how models of language, translation or piano rolls learned",
      discussion: "Training and validation loss by step, from the runs' logs. Without --output a table.",
      examples: [
        CommandExample("two models", "ensue plot curves runs/lstm runs/gpt --output curves.svg")
      ],
      positionals: [
        Positional(
          "RUN", .path, .oneOrMore, "run folders of language models, translation models or models of piano rolls")
      ],
      options: [
        .value("picture-width", .number(NumberRange(200...4000)), default: "720", "width of the picture"), .picture,
      ])
  ) { arguments, output in
    let curves = try LearningCurves(
      folders: arguments.positionals("RUN"), pictureWidth: arguments.number("picture-width") ?? 720)
    if arguments.text("output") == nil {
      try output.write(curves.table.text(width: Terminal.width))
    } else {
      try arguments.writePicture(curves.chart.svg, &output)
    }
  }
}

extension CommandOption {
  fileprivate static let picture = CommandOption.value(
    "output", .path, placeholder: "FILE", "a picture, NAME.svg or NAME.png; - writes SVG to standard output")
}

extension ParsedArguments {
  /// Writes a picture to where --output says.
  fileprivate func writePicture(_ svg: @autoclosure () throws -> String, _ output: inout StandardOutput) throws {
    let path = try required("output")
    if path == "-" { return try output.write(svg()) }
    let file = try PictureFile(path)
    try file.write(svg: svg())
    StandardError.writeLine("the picture is \(path)")
  }
}
