// ensue tag: a label of each word.

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let tag = ProgramCommand(
    Command(
      "tag", group: "Using", "label the words of sentences with a pre-trained encoder",
      discussion: """
        Reads one sentence a line, from standard input unless sentences are given; writes word, label and probability \
        of each word, separated by tabs, and an empty line after each sentence. The model is one of transformers' \
        …ForTokenClassification, for names of persons and places or for parts of speech. Words end at white space and \
        around punctuation; each has the label of its first token. Words beyond the tokens that the model reads have \
        the label -.

        With --entities neighbouring words of one kind are one entity: B-X begins one of kind X, I-X continues it, O \
        is outside. With --data labels and entities are compared with those of a file: a word a line in the first \
        column, its label in the last, an empty line between sentences.
        """,
      examples: [
        CommandExample("a file of sentences", "ensue tag hub:ORG/NAME < sentences.txt > words.tsv"),
        CommandExample("who and where", "ensue tag models/ner --entities \"Ada Lovelace lived in London.\""),
        CommandExample("how good it is", "ensue tag models/ner --data conll2003/test.txt"),
      ],
      positionals: [
        Positional(
          "MODEL", .path, .one, "a pre-trained encoder that labels words: a folder, a run or hub:ORG/NAME"),
        Positional("SENTENCE", .text, .any, "sentences; none, or -, reads standard input"),
      ],
      options: [
        .flag("entities", "entities instead of words: text, kind and the mean of the probabilities"),
        .flag("json", "a JSON object a sentence, with places in Unicode scalars; with --data one object"),
        .value("data", .path, placeholder: "FILE", "measure on words with labels, in columns as in CoNLL's files"),
        .value(
          "batch", .integer(1...4096), placeholder: "N", default: "32", "sentences at once; the numbers are the same"),
        .precision, .threads,
      ])
  ) { arguments, output in
    try arguments.withThreads {
      let sentences = try GivenSentences(arguments)
      if arguments.isGiven("data") {
        guard arguments.positionals("SENTENCE").isEmpty else {
          throw Failure(.usage, at: "--data", "a file or sentences expected, found both")
        }
        guard !arguments.flag("entities") else {
          throw Failure(.usage, at: "--entities", "sentences expected, found --data", advice: "It measures both.")
        }
      }
      var session = try TaggingSession(arguments)
      if let file = arguments.text("data") {
        try output.write(session.measure(file))
      } else {
        try sentences.write(to: &output) { try session.read($0) }
      }
      session.finish()
    }
  }
}

/// Sentences labelled one batch after another.
private struct TaggingSession {
  private let tagger: PretrainedTagger
  private let batchSize: Int
  private let writer: TagWriter
  private let isJSON: Bool
  /// Sentences that are too long, and their words without labels.
  private var (cutSentences, cutWords) = (0, 0)

  init(_ arguments: ParsedArguments) throws {
    let place = try ModelPlace(arguments.positional("MODEL") ?? "")
    tagger = try PretrainedTagger(
      folder: ClassifierFolder.encoder(at: place.folder), precision: arguments.precision)
    (batchSize, isJSON) = (arguments.integer("batch") ?? 32, arguments.flag("json"))
    writer = TagWriter(isJSON: isJSON, joinsEntities: arguments.flag("entities"))
    StandardError.note(tagger.report, of: place.name)
  }

  mutating func read(_ sentences: [String]) throws -> String {
    let found = try tagger.tags(of: sentences, batchSize: batchSize)
    for words in found { note(words.map { $0.label }) }
    return zip(sentences, found).map { writer.text(of: $0, $1) }.joined()
  }

  /// What the labels of a file say of the model's. A word that the model does not read is outside all entities.
  mutating func measure(_ file: String) throws -> String {
    let sentences = try LabelledWords.read(file, known: tagger.labels)
    let found = try tagger.labels(ofWords: sentences.map(\.words), batchSize: batchSize)
    for labels in found { note(labels) }
    let metrics = TaggingMetrics(
      truths: sentences.map(\.labels), predictions: found.map { $0.map { $0?.label ?? "O" } })
    return isJSON ? metrics.json + "\n" : metrics.text(width: Terminal.width)
  }

  private mutating func note(_ labels: [WordLabel?]) {
    let count = labels.count { $0 == nil }
    cutWords += count
    if count > 0 { cutSentences += 1 }
  }

  /// Says what was cut off.
  func finish() {
    guard cutWords > 0 else { return }
    StandardError.writeLine(
      "longer than the \(tagger.maximumLength) tokens that the model reads: \(Format.count(cutSentences, "sentence"));"
        + " without labels: \(Format.count(cutWords, "word"))")
  }
}

extension TaggingMetrics {
  fileprivate func text(width: Int) -> String {
    let rows = [
      ("accuracy", Format.percent(accuracy, places: 2)), ("precision", Format.percent(entities.precision, places: 2)),
      ("recall", Format.percent(entities.recall, places: 2)), ("F1", Format.percent(entities.f1, places: 2)),
      ("words", Format.count(wordCount)), ("sentences", Format.count(sentenceCount)),
    ]
    let lines = rows.map { name, value in "\(name)\(String(repeating: " ", count: 11 - name.count))\(value)\n" }
    guard !kinds.isEmpty else { return lines.joined() }
    let titles = ["precision", "recall", "F1", "entities", "found"]
    let table = TextTable(
      columns: [.init("kind")] + titles.map { .init($0, .trailing) },
      rows: kinds.map { kind in
        let shares = [kind.precision, kind.recall, kind.f1].map { Format.percent($0, places: 2) }
        return [kind.label] + shares + [Format.count(kind.support), Format.count(kind.predicted)]
      })
    return lines.joined() + "\n" + table.text(width: width)
  }

  fileprivate var json: String {
    func object(_ counts: ClassMetrics) -> JSONValue {
      .object([
        "precision": .number(counts.precision), "recall": .number(counts.recall), "f1": .number(counts.f1),
        "entities": .number(counts.support), "found": .number(counts.predicted),
      ])
    }
    var kindsByName = JSONObject()
    for kind in kinds { kindsByName[kind.label] = object(kind) }
    let whole: JSONObject = [
      "accuracy": .number(accuracy), "words": .number(wordCount), "sentences": .number(sentenceCount),
      "all": object(entities), "kinds": .object(kindsByName),
    ]
    return JSONValue.object(whole).description
  }
}
