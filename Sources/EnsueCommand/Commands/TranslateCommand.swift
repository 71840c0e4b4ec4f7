// ensue translate: lines in, translations out, in order, as they come.

import EnsueBundle
import EnsueFiles
import EnsueTasks

extension ProgramCommand {
  static let translate = ProgramCommand(
    Command(
      "translate", group: "Using", "translate sentences",
      discussion: """
        Reads one sentence a line, from standard input unless sentences are given, and writes one translation a line, \
        in the same order; an empty line stays empty. With --n-best every line has the sentence's number, the score \
        and the translation, separated by tabs. On a terminal it asks for sentences.
        """,
      examples: [
        CommandExample("a file", "ensue translate runs/de-en < in.de > out.en"),
        CommandExample("one sentence", "ensue translate runs/de-en \"ein mann fährt rad .\""),
        CommandExample("the five best with their scores", "ensue translate runs/de-en --n-best 5 < in.de"),
        CommandExample("as a program needs it", "ensue translate runs/de-en --json --alignments < in.de"),
      ],
      positionals: [
        Positional("RUN", .path, .one, "a run folder, a bundle, a folder of the Hub or hub:ORG/NAME"),
        Positional("SENTENCE", .text, .any, "sentences; none, or -, reads standard input"),
      ],
      options: TranslationSearchArguments.options() + TranslateArguments.options + [.precision])
  ) { arguments, output in
    let request = try TranslateArguments(arguments)
    let place = try ModelPlace(arguments.positional("RUN") ?? "")
    let bundle = try TranslationBundle(contentsOf: place.folder).prepared(arguments.precision, at: place.given)
    try arguments.withThreads {
      var session = try TranslateSession(bundle: bundle, request)
      if !request.sentences.isEmpty {
        try session.translate(request.sentences, to: &output)
      } else if Terminal.inputIsTerminal {
        try session.converse(to: &output)
      } else {
        try session.stream(to: &output)
      }
    }
  }
}
