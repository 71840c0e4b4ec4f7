// ensue predict: lines in, a label or a number for each out, in order, as they come.

import EnsueBundle
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let predict = ProgramCommand(
    Command(
      "predict", group: "Using", "classify sentences",
      discussion: """
        Reads one sentence a line, from standard input unless sentences are given; writes label, probability and sentence, \
        separated by tabs. A model of pairs reads two texts with a tab between them; one of a number writes it in place of \
        label and probability.
        """,
      examples: [
        CommandExample("a file of sentences", "ensue predict runs/bilstm < sentences.txt"),
        CommandExample("one sentence", "ensue predict runs/bilstm \"the food was good, not bad at all\""),
        CommandExample("a pair of texts", "ensue predict runs/similar \"a man sings\" --pair \"someone is singing\""),
      ],
      positionals: [
        Positional(
          "RUN", .path, .one, "a run folder, a bundle, the folder of a pre-trained classifier or hub:ORG/NAME"),
        Positional("SENTENCE", .text, .any, "sentences; none, or -, reads standard input"),
      ],
      options: [
        .value("pair", .text, placeholder: "TEXT", "the second text, where one SENTENCE is given"),
        .flag("pairs", "lines are pairs; needless for a model that Ensue has trained on pairs"),
        .flag("json", "a JSON object a line, with the probabilities of all classes"), .precision, .threads,
      ])
  ) { arguments, output in
    try arguments.withThreads { try writePredictions(arguments, to: &output) }
  }

  private static func writePredictions(_ arguments: ParsedArguments, to output: inout StandardOutput) throws {
    let place = try ModelPlace(arguments.positional("RUN") ?? "")
    let bundle = try ClassifierFolder.bundle(at: place.folder, precision: arguments.precision)
    if arguments.isGiven("pair") || arguments.flag("pairs"), !bundle.readsPairs,
      ClassifierFolder.pretrained(at: place.folder) == nil
    {
      throw Failure.noPairs(at: place.given)
    }
    StandardError.note(bundle.report, of: place.name)
    let writer = PredictionWriter(bundle: bundle, isJSON: arguments.flag("json"))
    var reader = PredictionReader(readsPairs: bundle.readsPairs || arguments.flag("pairs"))
    var cutCount = 0
    defer { StandardError.note(cutCount: cutCount) }
    func write(_ texts: [ClassifierText]) throws {
      let read = texts.map { bundle.read($0) }
      cutCount += read.count { $0.isCut }
      try output.write(writer.lines(texts, read: read))
    }
    let sentences = try GivenSentences(arguments).list
    if let pair = arguments.text("pair") {
      guard sentences.count == 1 else {
        throw Failure(.usage, at: "--pair", "one sentence for its pair expected, found \(sentences.count)")
      }
      try write([ClassifierText(sentences[0], pair)])
    } else if sentences.isEmpty {
      var lines = StandardInputLines()
      while let batch = try lines.next() {
        let (texts, failure) = reader.texts(batch, from: "standard input")
        try write(texts)
        // A program at the other end of the pipe may wait for the answer before it asks again.
        try output.flush()
        if let failure { throw failure }
      }
    } else {
      let (texts, failure) = reader.texts(sentences, from: "SENTENCE")
      if let failure { throw failure }
      try write(texts)
    }
  }
}

/// From lines to texts or pairs.
struct PredictionReader {
  let readsPairs: Bool
  private var lineNumber = 0

  init(readsPairs: Bool) { self.readsPairs = readsPairs }

  /// What lines are, up to the first that is no pair where they are to be pairs.
  mutating func texts(_ lines: [String], from source: String) -> (texts: [ClassifierText], failure: Failure?) {
    var texts: [ClassifierText] = []
    for line in lines {
      lineNumber += 1
      let parts = line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      if !readsPairs {
        texts.append(ClassifierText(line))
      } else if parts.count == 2 {
        texts.append(
          ClassifierText(String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self)))
      } else {
        let failure = Failure(
          .data, at: "\(source):\(lineNumber)",
          "two texts with a tab between them expected, found \(parts.count == 1 ? "one text" : "\(parts.count)")",
          advice: "The second text of one SENTENCE may also be given with --pair.")
        return (texts, failure)
      }
    }
    return (texts, nil)
  }
}

/// Predictions as text.
struct PredictionWriter {
  let bundle: any TextClassifierBundle
  let isJSON: Bool

  func lines(_ texts: [ClassifierText]) -> String { lines(texts, read: texts.map { bundle.read($0) }) }

  /// - Parameter read: the texts as the model reads them.
  func lines(_ texts: [ClassifierText], read: [EncodedText]) -> String {
    switch bundle.problem {
    case .regression: zip(texts, bundle.numbers(ofRead: read)).map(line).joined()
    case .singleLabel, .multiLabel: zip(texts, bundle.probabilities(ofRead: read)).map(line).joined()
    }
  }

  private func line(_ text: ClassifierText, _ number: Double) -> String {
    guard isJSON else { return line([Format.fixed(number, places: 4)], text) }
    return line(["number": .number(number)], text)
  }

  private func line(_ text: ClassifierText, _ probabilities: [Double]) -> String {
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    guard isJSON else { return line([bundle.labels[best], Format.fixed(probabilities[best], places: 4)], text) }
    var classes = JSONObject()
    for (label, probability) in zip(bundle.labels, probabilities) { classes[label] = .number(probability) }
    return line(["label": .string(bundle.labels[best]), "probabilities": .object(classes)], text)
  }

  private func line(_ said: [String], _ text: ClassifierText) -> String {
    // A terminal obeys control characters; a file or program gets the text as it was.
    let shown = ([text.text] + (text.pair.map { [$0] } ?? [])).map {
      Terminal.outputIsTerminal ? ExitStatus.escaped($0) : $0
    }
    return (said + shown).joined(separator: "\t") + "\n"
  }

  private func line(_ said: JSONObject, _ text: ClassifierText) -> String {
    var object: JSONObject = ["text": .string(text.text)]
    if let pair = text.pair { object["pair"] = .string(pair) }
    for (key, value) in said.members { object[key] = value }
    return JSONValue.object(object).description + "\n"
  }
}
