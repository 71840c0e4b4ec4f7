// ensue data inspect, ensue data generate

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

  static let dataGenerate = ProgramCommand(
    Command(
      "data generate", group: "Data", "write a generated text",
      discussion: """
        Prints samples of one kind, each on a line of its own; a level has a line for each column of tiles, the lowest \
        tile first, and ends with an empty line. The same seed prints the same text, and a shorter text is the beginning \
        of a longer one. Kinds: \(TextTaskKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")).
        """,
      examples: [
        CommandExample("sums to learn from", "ensue data generate arithmetic --count 100000 > sums.txt")
      ],
      positionals: [Positional("KIND", .choice(TextTaskKind.allCases.map(\.rawValue)), .one, "what is written")],
      options: [
        .value("count", .integer(0...1_000_000_000), placeholder: "N", default: "10", "samples to write"),
        .value("seed", .integer(0...Int.max), placeholder: "N", default: "1", "seed of the samples"),
        .value(
          "part", .choice(SequencePart.allCases.map(\.rawValue)), default: SequencePart.training.rawValue,
          "the parts have different samples"),
      ])
  ) { arguments, output in
    guard let kind = arguments.positional("KIND").flatMap(TextTaskKind.init(rawValue:)) else { return }
    let part = arguments.text("part").flatMap(SequencePart.init(rawValue:)) ?? .training
    let task = TextTask(kind, seed: UInt64(arguments.integer("seed") ?? 1))
    for index in 0..<(arguments.integer("count") ?? 10) {
      try output.write(task.sample(index, of: part) + kind.ending)
    }
  }
}
