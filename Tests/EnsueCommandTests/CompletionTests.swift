// The completion scripts, run by the shells they are for.

import EnsueFiles
import EnsueTasks
import Foundation
import Testing

struct CompletionCase: Sendable, CustomTestStringConvertible {
  /// The words up to the cursor; the last is being typed.
  let words: [String]
  let offered: [String]
  let notOffered: [String]

  init(_ line: String, _ offered: [String], not notOffered: [String] = []) {
    words = line.split(separator: " ").map { $0 == "∅" ? "" : String($0) }
    self.offered = offered
    self.notOffered = notOffered
  }

  var testDescription: String { words.joined(separator: " ") }
}

struct CompletionTests {
  static let bashPath = shell("bash")
  static let zshPath = shell("zsh")

  static let cases: [CompletionCase] = [
    CompletionCase("ensue ∅", ["train", "evaluate", "predict", "completion", "help"], not: ["classify", "--version"]),
    CompletionCase("ensue tr", ["train"], not: ["evaluate", "predict"]),
    CompletionCase("ensue --", ["--version", "--help"], not: ["--seed"]),
    CompletionCase("ensue train ∅", ["classify", "language-model"], not: ["evaluate"]),
    CompletionCase("ensue train --", ["--config", "--help"], not: ["--seed"]),
    CompletionCase("ensue help ∅", ["train", "evaluate"]),
    CompletionCase("ensue help train c", ["classify"], not: ["language-model"]),
    CompletionCase("ensue train classify --tr", ["--train-embeddings"], not: ["--seed"]),
    CompletionCase("ensue train classify --no", ["--no-train-embeddings", "--note"]),
    CompletionCase("ensue train classify --model ∅", ["mean-pooling", "lstm", "bilstm", "transformer"]),
    CompletionCase("ensue train classify --seed 3 --model b", ["bilstm"], not: ["lstm"]),
    CompletionCase("ensue train classify --schedule ∅", ["cosine", "noam"]),
    CompletionCase("ensue train classify --seed ∅", [], not: ["--seed", "alpha.tsv"]),
    CompletionCase("ensue train classify --set mod", ["model.kind=", "model.leak="], not: ["training.seed="]),
    CompletionCase("ensue train classify --data ∅", ["alpha.tsv", "two words.tsv"], not: ["--seed"]),
    CompletionCase("ensue train --config a", ["alpha.tsv"]),
    CompletionCase("ensue evaluate ∅", ["alpha.tsv"], not: ["--json"]),
    CompletionCase("ensue evaluate --j", ["--json"], not: ["--metric"]),
    CompletionCase("ensue evaluate run --metric ∅", ["accuracy", "macro-f1"]),
    CompletionCase("ensue completion ∅", ["bash", "zsh"]),
  ]

  // bash splits at '=', so these lines differ between the shells.
  static let bashCases =
    cases + [
      CompletionCase("ensue train classify --model = bi", ["bilstm"], not: ["lstm"]),
      CompletionCase("ensue train classify --model =", ["bilstm", "lstm"]),
      CompletionCase("ensue train classify --set model.kind = l", ["lstm"], not: ["bilstm"]),
      CompletionCase("ensue train classify --set embedding.isTrained = ∅", ["true", "false"]),
    ]
  static let zshCases =
    cases + [
      CompletionCase("ensue train classify --model=bi", ["bilstm"], not: ["lstm"]),
      CompletionCase("ensue train classify --set model.kind=l", ["lstm"], not: ["bilstm"]),
      CompletionCase("ensue train classify --set=model.kind=l", ["lstm"], not: ["bilstm"]),
    ]

  @Test(.enabled(if: bashPath != nil, "bash is not installed"), arguments: bashCases)
  func bash(_ test: CompletionCase) throws { try checkBash(test, SampleProgram.commands) }

  private func checkBash(_ test: CompletionCase, _ commands: CommandSet) throws {
    let script =
      commands.completionScript(for: .bash) + """
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _ensue
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    try check(test, CompletionTests.run(CompletionTests.bashPath, script, test.words))
  }

  @Test(.enabled(if: zshPath != nil, "zsh is not installed"), arguments: zshCases)
  func zsh(_ test: CompletionCase) throws { try checkZsh(test, SampleProgram.commands) }

  private func checkZsh(_ test: CompletionCase, _ commands: CommandSet) throws {
    // Stand-ins for zsh's own functions, which work only while a line is edited: they print what they are given.
    let standIns = """
      compset() { local value=${words[CURRENT]##${~2}}; words[CURRENT]=$value; }
      offer() { local word; for word; do [[ $word == ${words[CURRENT]}* ]] && print -r -- $word; done; return 0; }
      compadd() { while [[ $1 != -- ]]; do shift; done; shift; offer "$@"; }
      _describe() { while [[ $1 == -* ]]; do shift; done; local -a list=("${(@P)2}"); offer "${list[@]%%:*}"; }
      _files() { offer *(N); }
      _message() { :; }

      """
    let script =
      standIns + commands.completionScript(for: .zsh) + """
        words=("$@")
        CURRENT=$#
        _ensue
        """
    try check(test, CompletionTests.run(CompletionTests.zshPath, script, test.words))
  }

  private static let listCommands = CommandSet(
    program: "ensue", about: "Trains classifiers.",
    commands: [
      Command(
        "train classify", group: "Training", "train a sentence classifier",
        settings: ClassificationConfiguration.settings.options)
    ], examples: [])

  /// Of a list whose elements are paths a shell completes them, one of other texts it leaves alone.
  static let listCases =
    ["--data", "--validation", "--test", "--embeddings"].map {
      CompletionCase("ensue train classify \($0) a", ["alpha.tsv"], not: ["two words.tsv"])
    } + [CompletionCase("ensue train classify --lora-maps ∅", [], not: ["alpha.tsv"])]

  @Test(.enabled(if: bashPath != nil, "bash is not installed"), arguments: listCases)
  func bashCompletesListsOfPaths(_ test: CompletionCase) throws {
    try checkBash(test, CompletionTests.listCommands)
  }

  @Test(.enabled(if: zshPath != nil, "zsh is not installed"), arguments: listCases)
  func zshCompletesListsOfPaths(_ test: CompletionCase) throws { try checkZsh(test, CompletionTests.listCommands) }

  private func check(_ test: CompletionCase, _ output: String) {
    let lines = output.split(separator: "\n").map { String($0) }
    for word in test.offered { #expect(lines.contains(word), "\(word) in \(lines)") }
    for word in test.notOffered { #expect(!lines.contains(word), "\(word) in \(lines)") }
    let typed = test.words.last ?? ""
    let prefix = typed.split(separator: "=", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
    #expect(lines.allSatisfy { $0.hasPrefix(prefix) })
  }

  @Test(.enabled(if: bashPath != nil, "bash is not installed"))
  func bashReadsItsScript() throws {
    _ = try CompletionTests.run(
      CompletionTests.bashPath, SampleProgram.commands.completionScript(for: .bash), [], flag: "-n")
  }

  @Test(.enabled(if: zshPath != nil, "zsh is not installed"))
  func zshReadsItsScript() throws {
    _ = try CompletionTests.run(
      CompletionTests.zshPath, SampleProgram.commands.completionScript(for: .zsh), [], flag: "-n")
  }

  private static func shell(_ name: String) -> String? {
    ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The standard output of a script; anything on standard error, or an exit code but 0, is an issue.
  private static func run(_ shell: String?, _ script: String, _ arguments: [String], flag: String? = nil) throws
    -> String
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ensue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["alpha.tsv", "two words.tsv"] { try OutputFile.write("", to: folder.appending(path: name).path) }
    let file = folder.appending(path: ".script").path
    try OutputFile.write(script, to: file)
    let process = Process()
    process.executableURL = URL(filePath: shell ?? "")
    process.currentDirectoryURL = folder
    process.arguments = (flag.map { [$0] } ?? []) + [file] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(complaints.isEmpty, "\(String(decoding: complaints, as: UTF8.self))")
    return String(decoding: text, as: UTF8.self)
  }
}
