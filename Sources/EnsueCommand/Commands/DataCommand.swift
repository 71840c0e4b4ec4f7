// ensue data inspect

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueTasks
import EnsueText

extension ProgramCommand {
  static let dataInspect = ProgramCommand(
    Command(
      "data inspect", group: "Data", "what is in a data set",
      discussion:
        "Files with digests, class balance, lengths, duplicates within and across parts, conflicting labels, frequent tokens.",
      examples: [
        CommandExample(
          "a table of reviews", "ensue data inspect --data reviews.csv --text-column review --label-column stars"),
        CommandExample("the movie reviews", "ensue data inspect --dataset mr --data MR/"),
      ],
      options: [.flag("json", "one JSON object"), .flag("examples", "print three sentences of each class")],
      settings: ClassificationConfiguration.readingTable.options)
  ) { arguments, output in
    var configuration = ClassificationConfiguration()
    try ClassificationConfiguration.readingTable.apply(arguments, to: &configuration)
    let splits = try configuration.data.request().load()
    let tokenizer = configuration.text.tokenizer.makeTokenizer(lowercase: configuration.text.lowercases)
    let inspection = DataInspection(
      splits.parts, lengthLimit: configuration.text.maximumLength, frequentCount: 20,
      tokens: { tokenizer.tokens(in: $0).map { String(decoding: $0, as: UTF8.self) } },
      tokenCount: { tokenizer.tokens(in: $0).count })
    if arguments.flag("json") {
      try output.writeLine(inspection.json.description)
      return
    }
    for line in inspection.lines(width: Terminal.width) { try output.writeLine(line) }
    guard arguments.flag("examples") else { return }
    for (index, label) in splits.labels.enumerated() {
      try output.writeLine("\(label):")
      for example in splits.training.examples.filter({ $0.label == index }).prefix(3) {
        try output.writeLine("  \(Failure.shown(example.text))")
      }
    }
  }
}
