// Wrong command lines and configurations: a table of line, exit code and words of the message.

import EnsueFiles
import EnsueTasks
import Testing

struct BadLine: Sendable, CustomTestStringConvertible {
  let line: String
  let kind: Failure.Kind
  let words: [String]

  init(_ line: String, _ kind: Failure.Kind, _ words: String...) {
    self.line = line
    self.kind = kind
    self.words = words
  }

  var testDescription: String { line }
}

/// The failure of parsing a line and applying it to the sample configuration.
func failure(of line: String) -> Failure? {
  do {
    let invocation = try SampleProgram.commands.invocation(for: SampleProgram.words(line))
    guard case .run(let parsed) = invocation, parsed.command.hasSettings else { return nil }
    var configuration = SampleConfiguration()
    try SampleConfiguration.settings.apply(parsed, to: &configuration, ignoring: ["task"])
    return nil
  } catch {
    return error as? Failure
  }
}

struct BadCommandLineTests {
  static let train = "train classify --out r"

  static let commands: [BadLine] = [
    BadLine("frobnicate", .usage, "ensue: a command expected, found 'frobnicate'", "'ensue help' lists the commands."),
    BadLine("evaluat runs", .usage, "Perhaps 'ensue evaluate' was meant."),
    BadLine("Evaluate runs", .usage, "Perhaps 'ensue evaluate' was meant."),
    BadLine("train", .usage, "ensue train: a command expected", "classify, language-model."),
    BadLine("train clasify", .usage, "found 'clasify'", "Perhaps 'ensue train classify' was meant."),
    BadLine("train xyzxyzxyz", .usage, "It is one of classify, language-model."),
    BadLine("train --seed 3 classify", .usage, "ensue train: a command expected, found '--seed'"),
    BadLine("classify --data x", .usage, "Perhaps 'ensue train classify' was meant."),
    BadLine("--seed 3", .usage, "a command expected, found '--seed'"),
    BadLine("∅", .usage, "a command expected, found ''"),
    BadLine("help frobnicate", .usage, "a command expected, found 'frobnicate'"),
    BadLine("help train clasify", .usage, "Perhaps 'ensue train classify' was meant."),
    BadLine("completion", .usage, "SHELL expected"),
    BadLine("completion fish", .usage, "one of bash, zsh expected, found 'fish'"),
    BadLine("completion bsh", .usage, "Perhaps 'bash' was meant."),
  ]

  static let options: [BadLine] = [
    BadLine("train classify", .usage, "--out FOLDER expected (the run folder)"),
    BadLine("\(train) --hiden 3", .usage, "found '--hiden'", "Perhaps --hidden was meant."),
    BadLine("\(train) --sed 3", .usage, "Perhaps --seed was meant."),
    BadLine("\(train) --learning 3", .usage, "Perhaps --learning-rate was meant."),
    BadLine("\(train) --no-train-embedding", .usage, "Perhaps --no-train-embeddings was meant."),
    BadLine("\(train) --frobnicate-all", .usage, "'ensue help train classify' lists the options."),
    BadLine("\(train) --training.seed 3", .usage, "Write --set training.seed=VALUE."),
    BadLine("\(train) --model.leak=0.5", .usage, "Write --set model.leak=VALUE."),
    BadLine("\(train) -x", .usage, "found '-x'"),
    BadLine("\(train) -1", .usage, "found '-1'"),
    BadLine("\(train) ---seed 1", .usage, "Perhaps --seed was meant."),
    BadLine("\(train) --Seed 1", .usage, "Perhaps --seed was meant."),
    BadLine("\(train) --s\u{0065}\u{0301}ed 1", .usage, "an option"),
    BadLine("\(train) --\u{212A}eep 1", .usage, "an option"),
    BadLine("\(train) --seed", .usage, "--seed: a whole number of at least 0 expected, found the end"),
    BadLine("\(train) --seed --json", .usage, "found '--json'", "written --seed=VALUE."),
    BadLine("\(train) --seed --", .usage, "found '--'"),
    BadLine("predict r --prompt --json", .usage, "--prompt: text expected", "written --prompt=VALUE."),
    BadLine("\(train) --seed 1 --seed 2", .usage, "--seed: one value expected, found '1' and '2'"),
    BadLine("\(train) --train-embeddings --no-train-embeddings", .usage, "one value expected, found both"),
    BadLine("\(train) --train-embeddings=yes", .usage, "no value expected, found 'yes'", "or --no-train-embeddings."),
    BadLine("\(train) --no-train-embeddings=1", .usage, "Write --no-train-embeddings alone."),
    BadLine("\(train) --json=true", .usage, "--json: no value expected", "Write --json alone."),
    BadLine("\(train) --no-json", .usage, "an option", "Perhaps --json was meant."),
    BadLine("\(train) extra", .usage, "no argument expected, found 'extra'"),
    BadLine("\(train) -- --json", .usage, "no argument expected, found '--json'"),
    BadLine("\(train) -", .usage, "no argument expected, found '-'"),
    BadLine("evaluate", .usage, "RUN expected (a run folder)", "'ensue help evaluate' shows the usage."),
    BadLine("evaluate ∅", .usage, "RUN: a path expected, found ''"),
    BadLine("predict a b c", .usage, "at most 2 arguments expected, found 'c'"),
    BadLine("evaluate r --set model.leak=1", .usage, "found '--set'"),
  ]

  static let values: [BadLine] = [
    BadLine("\(train) --hidden 0", .usage, "--hidden: a whole number from 1 to 8192 expected, found '0'"),
    BadLine("\(train) --hidden 8193", .usage, "from 1 to 8192"),
    BadLine("\(train) --hidden=-4", .usage, "found '-4'"),
    BadLine("\(train) --hidden -4", .usage, "found '-4'"),
    BadLine("\(train) --hidden 4.0", .usage, "a whole number"),
    BadLine("\(train) --hidden 1e3", .usage, "a whole number"),
    BadLine("\(train) --hidden 0x10", .usage, "a whole number"),
    BadLine("\(train) --hidden +5", .usage, "a whole number"),
    BadLine("\(train) --hidden ␣5", .usage, "found ' 5'"),
    BadLine("\(train) --hidden ٣", .usage, "a whole number"),
    BadLine("\(train) --hidden ∅", .usage, "found ''"),
    BadLine("\(train) --hidden none", .usage, "found 'none'"),
    BadLine("\(train) --seed 99999999999999999999", .usage, "--seed: a whole number"),
    BadLine("\(train) --seed 1e99", .usage, "--seed: a whole number"),
    BadLine("\(train) --learning-rate nan", .usage, "a number from 0 to 10 expected, found 'nan'"),
    BadLine("\(train) --learning-rate inf", .usage, "found 'inf'"),
    BadLine("\(train) --learning-rate -1", .usage, "found '-1'"),
    BadLine("\(train) --learning-rate 1e99", .usage, "from 0 to 10"),
    BadLine("\(train) --learning-rate 1e400", .usage, "found '1e400'"),
    BadLine("\(train) --learning-rate 0x1p3", .usage, "found '0x1p3'"),
    BadLine("\(train) --learning-rate 1,5", .usage, "found '1,5'"),
    BadLine("\(train) --learning-rate .", .usage, "found '.'"),
    BadLine("\(train) --learning-rate 1e", .usage, "found '1e'"),
    BadLine("\(train) --learning-rate 1_000", .usage, "found '1_000'"),
    BadLine("\(train) --dropout 1.0", .usage, "a number of at least 0 and below 1 expected, found '1.0'"),
    BadLine("\(train) --clip 0", .usage, "a number above 0, or none, expected, found '0'"),
    BadLine("\(train) --data ∅", .usage, "--data: a path, or none, expected, found ''"),
    BadLine("\(train) --model bilstn", .usage, "mean-pooling, lstm, bilstm", "Perhaps 'bilstm' was meant."),
    BadLine("\(train) --model BiLSTM", .usage, "found 'BiLSTM'", "Perhaps 'bilstm' was meant."),
    BadLine("\(train) --schedule cosin", .usage, "Perhaps 'cosine' was meant."),
    BadLine("\(train) --labels [1,2]", .usage, "a list of texts"),
    BadLine("\(train) --labels [\"a\"", .usage, "a list of texts"),
    BadLine("evaluate r --batch-size 0", .usage, "from 1 to 65536"),
    BadLine("evaluate r --threshold 1", .usage, "above 0 and below 1"),
    BadLine("evaluate r --metric f1", .usage, "one of accuracy, macro-f1"),
    BadLine("\(train) --model \u{1B}[31m", .usage, "'\\u{1b}[31m'"),
  ]

  static let assignments: [BadLine] = [
    BadLine("\(train) --set model.leak", .usage, "--set: path=value expected, found 'model.leak'"),
    BadLine("\(train) --set", .usage, "--set"),
    BadLine("\(train) --set model.hiddenSise=3", .configuration, "Perhaps 'model.hiddenSize' was meant."),
    BadLine("\(train) --set hiddenSize=3", .configuration, "Perhaps 'model.hiddenSize' was meant."),
    BadLine("\(train) --set seed=3", .configuration, "found 'seed'", "Perhaps 'training.seed' was meant."),
    BadLine("\(train) --set training.sed=3", .configuration, "Perhaps 'training.seed' was meant."),
    BadLine("\(train) --set model=lstm", .configuration, "It is a section", "such as 'model.kind'."),
    BadLine("\(train) --set =3", .configuration, "found ''"),
    BadLine("\(train) --set model.hiddenSize=", .configuration, "--set model.hiddenSize", "found ''"),
    BadLine("\(train) --set model.hiddenSize=0", .configuration, "from 1 to 8192"),
    BadLine("\(train) --set model.kind=gru", .configuration, "one of mean-pooling, lstm, bilstm, transformer"),
    BadLine("\(train) --set model.leak=1.5", .configuration, "--set model.leak: a number from 0 to 1 expected"),
    BadLine("\(train) --set embedding.isTrained=yes", .configuration, "true or false expected, found 'yes'"),
    BadLine("\(train) --set data.validation=0.5", .configuration, "such as 'data.validation.share'."),
    BadLine("\(train) --config /nonexistent/file.json", .missing, "/nonexistent/file.json", "cannot be read"),
    BadLine("train --config /nonexistent/file.json", .missing, "/nonexistent/file.json"),
  ]

  @Test(arguments: commands + options + values + assignments)
  func badLine(_ bad: BadLine) {
    let failure = failure(of: bad.line)
    #expect(failure?.kind == bad.kind)
    for word in bad.words { #expect(failure?.description.contains(word) == true, "\(failure?.description ?? "none")") }
    // One line, nothing that a terminal would obey, advice that is a sentence.
    let scalars = (failure?.description ?? "").unicodeScalars
    #expect(!scalars.contains { $0.properties.generalCategory == .control })
    #expect(failure?.advice.isEmpty == true || failure?.advice.utf8.last == UInt8(ascii: "."))
    #expect(failure?.problem.utf8.last != UInt8(ascii: "."))
  }

  static let configurations: [BadLine] = [
    BadLine("[]", .configuration, "c.json: an object of settings expected, found an array"),
    BadLine("3", .configuration, "found a number"),
    BadLine(#"{"modle": {}}"#, .configuration, "found 'modle'", "Perhaps 'model' was meant."),
    BadLine(#"{"model": {"hiden": 3}}"#, .configuration, "found 'model.hiden'"),
    BadLine(#"{"model": {"hidden": 3}}"#, .configuration, "Perhaps 'model.hiddenSize' was meant."),
    BadLine(#"{"model.hiddenSize": 3}"#, .configuration, "a name without dots", "found 'model.hiddenSize'"),
    BadLine(#"{"hiddenSize": 3}"#, .configuration, "Perhaps 'model.hiddenSize' was meant."),
    BadLine(#"{"model": 3}"#, .configuration, "c.json: model: an object of settings expected, found 3"),
    BadLine(#"{"model": {"hiddenSize": 4.0}}"#, .configuration, "c.json: model.hiddenSize: a whole number", "4.0"),
    BadLine(#"{"model": {"hiddenSize": "64"}}"#, .configuration, "found '64'"),
    BadLine(#"{"model": {"hiddenSize": null}}"#, .configuration, "found null"),
    BadLine(#"{"model": {"hiddenSize": 0}}"#, .configuration, "from 1 to 8192 expected, found 0"),
    BadLine(#"{"model": {"hiddenSize": [1]}}"#, .configuration, "found an array"),
    BadLine(#"{"model": {"kind": "bilstn"}}"#, .configuration, "Perhaps 'bilstm' was meant."),
    BadLine(#"{"model": {"kind": {}}}"#, .configuration, "found an object"),
    BadLine(#"{"model": {"dropout": 1}}"#, .configuration, "at least 0 and below 1"),
    BadLine(#"{"optimizer": {"learningRate": 1e999}}"#, .configuration, "found 1e999"),
    BadLine(#"{"optimizer": {"learningRate": true}}"#, .configuration, "found true"),
    BadLine(#"{"embedding": {"isTrained": 1}}"#, .configuration, "true or false expected, found 1"),
    BadLine(#"{"data": {"training": ""}}"#, .configuration, "a path, or none, expected, found ''"),
    BadLine(#"{"data": {"labels": ["a", 1]}}"#, .configuration, "a list of texts"),
    BadLine(#"{"data": {"validation": {"chare": 0}}}"#, .configuration, "Perhaps 'data.validation.share' was meant."),
    BadLine(#"{"training": {"seed": -1}}"#, .configuration, "training.seed", "found -1"),
    BadLine(#"{"training": {"seed": 1, "a\nb": 2}}"#, .configuration, "'training.a\\nb'"),
  ]

  @Test(arguments: configurations)
  func badConfiguration(_ bad: BadLine) throws {
    let json = try JSONValue.parse(Array(bad.line.utf8), name: "c.json")
    var configuration = SampleConfiguration()
    let before = SampleConfiguration.settings.json(of: configuration)
    let failure = #expect(throws: Failure.self) {
      try SampleConfiguration.settings.apply(json: json, to: &configuration, file: "c.json")
    }
    #expect(failure?.kind == bad.kind)
    for word in bad.words { #expect(failure?.description.contains(word) == true, "\(failure?.description ?? "none")") }
    #expect(SampleConfiguration.settings.json(of: configuration) == before, "a refused file changes nothing")
  }
}
