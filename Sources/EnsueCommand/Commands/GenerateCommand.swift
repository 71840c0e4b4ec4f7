// ensue generate: a text from a character model, printed as it is made.

import EnsueBundle
import EnsueFiles
import EnsueTasks
import EnsueTensor

extension ProgramCommand {
  static let generate = ProgramCommand(
    Command(
      "generate", group: "Using", "write text with a character model",
      discussion: """
        Prints the prompt and what the model writes after it, character by character. The same seed gives the same \
        text.
        """,
      examples: [
        CommandExample("a scene", "ensue generate runs/characters --prompt \"KING\" --length 500 --temperature 0.8")
      ],
      positionals: [Positional("RUN", .path, .one, "a run folder or a bundle")],
      options: [
        .value("prompt", .text, default: "a new line", "what the text begins with"),
        .value("length", .integer(0...1_000_000_000), placeholder: "N", default: "200", "characters to write"),
        .value(
          "temperature", .number(NumberRange(0...100)), default: "1",
          "1 draws as the model says, less is likelier, 0 always the likeliest"),
        .value("seed", .integer(0...Int.max), placeholder: "N", default: "1", "seed of the draws"),
      ])
  ) { arguments, output in
    let bundle = try LanguageModelBundle(contentsOf: arguments.positional("RUN") ?? "")
    let prompt = arguments.text("prompt") ?? ""
    // One character at a time is no work to share.
    try ThreadPool.$current.withValue(.single) {
      var generator = bundle.generator(
        after: prompt, temperature: arguments.number("temperature") ?? 1,
        seed: UInt64(arguments.integer("seed") ?? 1))
      if generator.unknownCount > 0 {
        StandardError.writeLine(
          "\(generator.unknownCount) of the \(prompt.unicodeScalars.count) characters of the prompt are not in the"
            + " model's alphabet: read as unknown")
      }
      try output.write(shown(prompt.unicodeScalars))
      try output.flush()
      for _ in 0..<(arguments.integer("length") ?? 200) {
        try output.write(shown(CollectionOfOne(generator.next())))
        try output.flush()
      }
      try output.writeLine("")
    }
  }

  /// A terminal obeys control characters; a file or program gets the text as it is.
  private static func shown(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = ""
    for scalar in scalars {
      if Terminal.outputIsTerminal, scalar != "\n", scalar != "\t" {
        text += ExitStatus.escaped(String(scalar))
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
