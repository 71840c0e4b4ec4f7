// ensue generate: texts from a language model, one printed as it is made.

import EnsueText
import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueTasks
import EnsueTensor

extension ProgramCommand {
  static let generate = ProgramCommand(
    Command(
      "generate", group: "Using", "write text with a language model",
      discussion: """
        Prints the prompt and what the model writes after it, while it is made. The same seed gives the same text. \
        Several prompts or samples are made side by side and printed when all have ended.
        """,
      examples: [
        CommandExample("a scene", "ensue generate runs/characters --prompt \"KING\" --length 500 --temperature 0.8"),
        CommandExample("the likeliest of 8", "ensue generate runs/gpt --prompt \"KING\" --beam 8 --length 40"),
        CommandExample("until a line ends", "ensue generate runs/words --prompts lines.txt --stop \"\\n\" --top-p 0.9"),
      ],
      positionals: [
        Positional(
          "RUN", .path, .one, "a run folder, a bundle, a folder of the Hub with a GPT-2 or Llama, or hub:ORG/NAME")
      ],
      options: GenerateArguments.options)
  ) { arguments, output in
    let bundle = try LanguageModelBundle(
      contentsOf: ModelPlace.folder(arguments.positional("RUN") ?? ""), precision: arguments.precision)
    let request = try GenerateArguments(arguments, bundle)
    for prompt in request.prompts where prompt.unknownCount > 0 {
      StandardError.writeLine(
        "\(prompt.unknownCount) of the \(prompt.ids.count) \(bundle.codec.level.unit)s of the prompt are not in the"
          + " model's vocabulary: read as unknown")
    }
    let writer = GenerateWriter(bundle: bundle, request: request)
    if request.beamWidth != nil {
      try arguments.withThreads { try writer.search(to: &output) }
    } else if request.isStreamed {
      // One token at a time is no work to share.
      try ThreadPool.$current.withValue(.single) { try writer.stream(to: &output) }
    } else {
      try arguments.withThreads { try writer.batch(to: &output) }
    }
  }
}
