// ensue predict: lines in, a label for each out, in order, as they come.

import EnsueBundle
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let predict = ProgramCommand(
    Command(
      "predict", group: "Using", "classify sentences",
      discussion:
        "Reads one sentence a line, from standard input unless sentences are given; writes label, probability and sentence, separated by tabs.",
      examples: [
        CommandExample("a file of sentences", "ensue predict runs/bilstm < sentences.txt"),
        CommandExample("one sentence", "ensue predict runs/bilstm \"the food was good, not bad at all\""),
      ],
      positionals: [
        Positional("RUN", .path, .one, "a run folder, a bundle or the folder of a pre-trained classifier"),
        Positional("SENTENCE", .text, .any, "sentences; none, or -, reads standard input"),
      ],
      options: [.flag("json", "a JSON object a line, with the probabilities of all classes"), .precision, .threads])
  ) { arguments, output in
    let bundle = try ClassifierFolder.bundle(
      at: ModelPlace.folder(arguments.positional("RUN") ?? ""), precision: arguments.precision)
    let writer = PredictionWriter(bundle: bundle, isJSON: arguments.flag("json"))
    let sentences = arguments.positionals("SENTENCE")
    if sentences.count > 1, sentences.contains("-") {
      throw Failure(.usage, "sentences or - expected, found both", advice: "- reads standard input.")
    }
    if sentences.isEmpty || sentences == ["-"] {
      var lines = StandardInputLines()
      while let batch = try lines.next() {
        try output.write(writer.lines(batch))
        // A program at the other end of the pipe may wait for the answer before it asks again.
        try output.flush()
      }
    } else {
      try output.write(writer.lines(sentences))
    }
  }
}

/// Predictions as text.
struct PredictionWriter {
  let bundle: any TextClassifierBundle
  let isJSON: Bool

  func lines(_ texts: [String]) -> String {
    zip(texts, bundle.probabilities(of: texts)).map(line).joined()
  }

  private func line(_ text: String, _ probabilities: [Double]) -> String {
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    guard isJSON else {
      // A terminal obeys control characters; a file or program gets the text as it was.
      let shown = Terminal.outputIsTerminal ? ExitStatus.escaped(text) : text
      return "\(bundle.labels[best])\t\(Format.fixed(probabilities[best], places: 4))\t\(shown)\n"
    }
    var classes = JSONObject()
    for (label, probability) in zip(bundle.labels, probabilities) { classes[label] = .number(probability) }
    let object: JSONValue = .object([
      "text": .string(text), "label": .string(bundle.labels[best]), "probabilities": .object(classes),
    ])
    return object.description + "\n"
  }
}
