// ensue pull: a model of the Hub into its cache.

import EnsueFiles
import EnsueHub
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let pull = ProgramCommand(
    Command(
      "pull", group: "Using", "bring a model from the Hub into its cache",
      discussion: """
        Brings configuration, tokenizer and weights of a repository, and prints the folder that holds them. The cache is \
        that of Hugging Face's Python library, in both directions. What is there is not brought again, what was \
        interrupted goes on, and every file is checked by its hash. Other commands then take hub:ORG/NAME for the folder.

        HF_TOKEN (private models), HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME and HF_ENDPOINT mean what they mean there.
        """,
      examples: [
        CommandExample("a small encoder", "ensue pull sentence-transformers/all-MiniLM-L6-v2"),
        CommandExample("at a tag, with all its text files", "ensue pull ORG/NAME@v1.0 --include '*.txt'"),
      ],
      positionals: [Positional("MODEL", .text, .one, "ORG/NAME, or ORG/NAME@REVISION: a branch, a tag, a commit")],
      options: [
        .repeated("include", .text, placeholder: "GLOB", "these files in place of the usual ones; * matches / too"),
        .flag("verify", "compute the hashes of files that are there, too"), .quiet,
      ])
  ) { arguments, output in
    let reference = try HubReference(arguments.positional("MODEL") ?? "")
    let globs = arguments.texts("include")
    let isQuiet = arguments.flag("quiet")
    var display = ProgressDisplay()
    defer { display.clear() }
    let pull = try HubClient().pull(
      reference, files: globs.isEmpty ? .usual : .matching(globs), isThorough: arguments.flag("verify")
    ) { progress in
      if isQuiet { return }
      display.update {
        ProgressLine(
          title: "pulling", completed: progress.completed, total: progress.total, elapsed: $0,
          processed: progress.received, unit: "bytes", detail: progress.file)
      }
    }
    display.clear()
    if !isQuiet { say(pull, isUsual: globs.isEmpty) }
    try output.writeLine(pull.folder)
  }

  /// - Parameter isUsual: whether weights were asked for.
  private static func say(_ pull: HubPull, isUsual: Bool) {
    if pull.fileCount > 0 {
      let received = pull.receivedBytes > 0 ? "\(Format.bytes(pull.receivedBytes)) received" : "all were there"
      StandardError.writeLine(
        "\(Format.count(pull.fileCount, "file")) of \(Format.bytes(pull.byteCount)), \(received), commit \(pull.commit)"
      )
    }
    if pull.hasPickledWeights {
      StandardError.writeLine(
        "the weights are pickled Python objects, which Ensue does not open: convert them to model.safetensors")
    } else if isUsual, pull.fileCount > 0, !pull.hasSafetensors {
      StandardError.writeLine("the repository has no weights as safetensors, and Ensue opens no others")
    }
  }
}
