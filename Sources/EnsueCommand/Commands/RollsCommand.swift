// ensue rolls generate: music from a model of piano rolls.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueTensor

extension ProgramCommand {
  static let rollsGenerate = ProgramCommand(
    Command(
      "rolls generate", group: "Using", "write music with a model of piano rolls",
      discussion: """
        Begins as one of the pieces that the model learned from and goes on as it says. Prints a line of notes for each \
        step, and writes a MIDI file where one is named. The same seed gives the same music.
        """,
      examples: [
        CommandExample("a chorale to listen to", "ensue rolls generate runs/chorales --midi chorale.mid --seed 3")
      ],
      positionals: [Positional("RUN", .path, .one, "a run folder or a bundle")],
      options: [
        .value("steps", .integer(2...100_000), placeholder: "N", default: "64", "steps to write"),
        .value(
          "temperature", .number(NumberRange(0...100)), default: "1",
          "1 draws as the model says, less is likelier, 0 takes every note that is likelier than not"),
        .value("seed", .integer(0...Int.max), placeholder: "N", default: "1", "seed of the opening and the draws"),
        .flag("log-probabilities", "before the notes of each step their log-probability, in nats"),
        .value("midi", .path, placeholder: "FILE", "receives the music for programs that play it"),
      ])
  ) { arguments, output in
    let bundle = try RollBundle(contentsOf: arguments.positional("RUN") ?? "")
    try bundle.requirePiano(at: arguments.positional("RUN") ?? "")
    // One step at a time is no work to share.
    let steps = ThreadPool.$current.withValue(.single) {
      var generator = RollGenerator(
        bundle, temperature: arguments.number("temperature") ?? 1, seed: UInt64(arguments.integer("seed") ?? 1))
      return (0..<(arguments.integer("steps") ?? 64)).map { _ in
        (keys: PianoKeys(generator.next()), logProbability: generator.logProbability)
      }
    }
    let roll = PianoRoll(steps.map { $0.keys })
    if let file = arguments.text("midi") { try OutputFile.write(roll.midi(), to: file) }
    for step in steps {
      let figure = step.logProbability.map { Format.fixed($0, places: 4) } ?? "-"
      try output.writeLine(arguments.flag("log-probabilities") ? "\(figure)\t\(step.keys.text)" : step.keys.text)
    }
  }
}
