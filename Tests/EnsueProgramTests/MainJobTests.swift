// The main job: train, evaluate, predict, compare, in all forms of input and output.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct MainJobTests {
  /// Enough training to tell the words apart.
  private static let learned = "--model mean --hidden 16 --embedding-size 16 --learning-rate 0.02 --epochs 10 --quiet"

  @Test(arguments: ["tsv", "csv", "jsonl"])
  func trainEvaluatePredictCompare(_ form: String) throws {
    try Sandbox.with { sandbox in
      let rows = Sentences.rows(count: 300)
      let text =
        switch form {
        case "csv": Sentences.commaSeparated(rows)
        case "jsonl": Sentences.jsonLines(rows)
        default: Sentences.table(rows)
        }
      try sandbox.write(text, "reviews.\(form)")
      let trained = try Program.run(
        "train classify --data reviews.\(form) --test reviews.\(form) \(MainJobTests.learned) --out runs/mean",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      #expect(trained.error.isEmpty, "--quiet prints results only: \(trained)")
      for name in ["configuration.json", "bundle", "checkpoints", "metrics.jsonl", "report.html", "predictions.tsv"] {
        #expect(sandbox.exists("runs/mean/\(name)"), "\(name) expected in the run folder")
      }
      let predicted = try Program.run(
        "predict runs/mean", in: sandbox.path, input: Array("the food was so lovely\nthe plot was so dull\n".utf8))
      #expect(predicted.code == 0)
      #expect(predicted.outputLines.map { $0.prefix(4) } == ["pos\t", "neg\t"], "\(predicted)")
      let evaluated = try Program.run("evaluate runs/mean --json", in: sandbox.path)
      let whole = try Program.run("evaluate runs/mean --data reviews.\(form) --json", in: sandbox.path)
      #expect(evaluated.code == 0 && evaluated.output == whole.output, "\(evaluated)\n\(whole)")
      let compared = try Program.run("compare runs/mean --json", in: sandbox.path)
      let run = try #require(try MainJobTests.json(compared).arrayValue?.first?.objectValue)
      let evaluation = try #require(try MainJobTests.json(evaluated).objectValue)
      #expect(evaluation["accuracy"]?.doubleValue ?? 0 > 0.95, "\(evaluated)")
      for key in ["run", "accuracy", "macroF1", "macroRecall", "parameters", "trainingSeconds"] {
        #expect(run[key] == evaluation[key] && run[key] != nil, "\(key): \(compared)\n\(evaluated)")
      }
    }
  }

  static func json(_ result: ProgramResult) throws -> JSONValue {
    try JSONValue.parse(result.output, name: "standard output")
  }

  @Test func comparisonForPrograms() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun("runs/a")
      try sandbox.addRun("runs/b")
      let result = try Program.run("compare runs/a runs/b --json --report page.html", in: sandbox.path)
      #expect(result.code == 0 && result.error.isEmpty, "\(result)")
      let runs = try #require(try MainJobTests.json(result).arrayValue)
      #expect(runs.count == 2)
      let promised = ["run", "model", "accuracy", "macroF1", "macroRecall", "parameters", "trainingSeconds"]
      for run in runs { #expect(run.objectValue.map { Array($0.keys.prefix(7)) } == promised) }
      #expect(runs.map { $0.objectValue?["run"]?.stringValue } == ["a", "b"])
      let markdown = try Program.run("compare runs/a runs/b --markdown", in: sandbox.path)
      let table = markdown.outputLines.filter { $0.hasPrefix("|") }
      #expect(table.count >= 4 && Set(table.prefix(4).map { $0.count(where: { $0 == "|" }) }).count == 1, "\(markdown)")
      let page = try sandbox.text("page.html")
      try MainJobTests.checkPage(page)
      #expect(page.contains("<svg"))
    }
  }

  /// Well-formed, and nothing in it is fetched from elsewhere.
  private static func checkPage(_ page: String) throws {
    let namespace = "http://www.w3.org/2000/svg"
    let rest = page.replacingOccurrences(of: namespace, with: "")
    for address in ["http:", "https:", "src=", "@import", "url("] {
      #expect(!rest.contains(address), "the page must stand alone: \(address)")
    }
    #expect(page.lowercased().hasPrefix("<!doctype html>"))
    var open: [String] = []
    let void: Set<String> = ["meta", "link", "br", "hr", "img", "input", "!doctype"]
    for piece in page.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      let end = try #require(piece.firstIndex(of: ">"), "an unclosed tag: \(piece.prefix(60))")
      let tag = piece[..<end]
      let name = String(tag.prefix { !" /\n".contains($0) || tag.first == "/" && $0 == "/" }).lowercased()
      if name.hasPrefix("/") {
        #expect(open.popLast() == String(name.dropFirst()), "\(name) closes another element")
      } else if !tag.hasSuffix("/") && !void.contains(name) {
        open.append(name)
      }
    }
    #expect(open.isEmpty, "unclosed: \(open)")
  }

  @Test func predictionsAsText() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let texts = ["the film was good", "", "a\u{0}b\tc", "schön 🎬", "the soup was cold\r"]
      let input = Array(texts.joined(separator: "\n").utf8)
      let piped = try Program.run("predict run", in: sandbox.path, input: input)
      #expect(piped.code == 0 && piped.outputLines.count == 5, "\(piped)")
      #expect(try Program.run("predict run -", in: sandbox.path, input: input).output == piped.output)
      let objects = try Program.run("predict run --json", in: sandbox.path, input: input).outputLines.map {
        try JSONValue.parse(Array($0.utf8), name: "line").objectValue
      }
      for (line, object) in zip(piped.outputLines, objects) {
        let sum = object?["probabilities"]?.objectValue?.members.reduce(0) { $0 + ($1.value.doubleValue ?? 0) }
        #expect(abs((sum ?? 0) - 1) < 1e-12)
        #expect(object?["label"]?.stringValue == line.split(separator: "\t").first.map(String.init))
      }
      #expect(objects.map { $0?["text"]?.stringValue } == texts.dropLast() + ["the soup was cold"])
      // A sentence is judged alike alone and in company, at any thread count.
      let alone = try Program.run(["predict", "run", "--json", texts[0], "--threads", "1"], in: sandbox.path)
      #expect(try MainJobTests.json(alone).objectValue == objects[0])
      #expect(try Program.run("predict run", in: sandbox.path).output.isEmpty)
    }
  }

  /// A program at the other end writes a line and waits for its answer.
  @Test func conversation() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let script = """
        coproc ANSWERS { "$ENSUE" predict run; }
        for sentence in one two three; do
          echo "$sentence" >&${ANSWERS[1]}
          read -t 10 -u ${ANSWERS[0]} line || exit 9
          echo "$line"
        done
        """
      let result = try Program.shell(script, in: sandbox.path)
      #expect(result.code == 0 && result.outputLines.count == 3, "every line is answered at once: \(result)")
    }
  }

  @Test func pipes() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let closed = try Program.shell(
        // Where the tests ignore SIGPIPE, so does the shell, and echo complains.
        "for i in $(seq 20000); do echo the film was good $i; done 2>/dev/null | \"$ENSUE\" predict run | head -1;"
          + " echo ${PIPESTATUS[1]}", in: sandbox.path)
      #expect(closed.outputLines.count == 2 && closed.outputLines.last == "0" && closed.error.isEmpty, "\(closed)")
      let help = try Program.shell("\"$ENSUE\" help train classify | head -1; echo ${PIPESTATUS[0]}", in: sandbox.path)
      #expect(help.outputLines.last == "0" && help.error.isEmpty, "\(help)")
    }
  }

  @Test(.enabled(if: InputFile.exists("/dev/full"), "there is no /dev/full here"))
  func fullDevice() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      for line in ["predict run good", "compare run", "evaluate run --json", "help", "completion bash", "--version"] {
        let result = try Program.shell("\"$ENSUE\" \(line) > /dev/full", in: sandbox.path)
        #expect(result.code == 74 && result.errorLines.count == 1, "\(line): \(result)")
        #expect(result.errorText.contains("standard output: writing failed"), "\(line): \(result)")
      }
    }
  }

  @Test(arguments: [40, 60])
  func narrowWindow(_ width: Int) throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun("a-run-with-a-rather-long-name")
      try sandbox.addRun("b")
      let lines = [
        "help", "help train classify", "help compare", "compare a-run-with-a-rather-long-name b", "evaluate b",
        "data inspect --data data.tsv",
      ]
      for line in lines {
        let result = try Program.run(line, in: sandbox.path, environment: ["COLUMNS": "\(width)"])
        #expect(result.code == 0, "\(result)")
        for shown in result.outputLines { #expect(shown.count <= width, "\(line): \(shown)") }
      }
    }
  }

  @Test func helpAndCompletion() throws {
    try Sandbox.with { sandbox in
      let commands = [
        "", "demo", "train classify", "sweep classify", "evaluate", "predict", "compare", "data inspect",
        "experiment word-order",
      ]
      for command in commands {
        let asked = try Program.run("\(command) --help", in: sandbox.path)
        #expect(asked.code == 0 && asked.error.isEmpty && asked.outputText.contains("Usage: ensue"), "\(asked)")
        #expect(try Program.run("help \(command)", in: sandbox.path).output == asked.output)
      }
      #expect(try Program.run("--version", in: sandbox.path).outputText.hasPrefix("ensue "))
      let script = try Program.run("completion bash", in: sandbox.path)
      try sandbox.write(script.output, "completion.bash")
      let checked = try Program.shell("bash -n completion.bash", in: sandbox.path)
      #expect(script.code == 0 && checked.code == 0 && checked.error.isEmpty, "\(checked)")
      #expect(try Program.run("completion zsh", in: sandbox.path).outputText.hasPrefix("#compdef ensue"))
    }
  }
}
