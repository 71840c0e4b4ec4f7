// ensue attend: what a model with attention looks at.

import EnsueBundle
import EnsueFiles
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let attend = ProgramCommand(
    Command(
      "attend", group: "Using", "show what a model with attention looks at",
      discussion: """
        For each sentence the tokens and, layer by layer and head by head, the attention weights: how much each token \
        (a row) takes of each other (a column), in per cent. Where a mean is taken by attention, the words with their \
        weights; for documents, also the sentences. On a terminal with colours cells are shaded; NO_COLOR and pipes \
        get plain numbers. Sentences come from standard input unless they are given.

        Of a translation model: the source, and for each symbol of the translation (a row) how much it takes of each \
        symbol of the source (a column). Without a translation the model makes one; on standard input it follows the \
        source after a tab.

        Classifiers with attention: self-attention, multi-head-attention, transformer, hierarchical, recurrent ones \
        trained with --pooling attention, and pre-trained encoders, fine-tuned or as the Hub has them, with or without \
        a head. Of pairs of texts: co-attention, with the second text after --pair, or, on standard input, after a tab.
        """,
      examples: [
        CommandExample("one sentence", "ensue attend runs/transformer \"the food was good, not bad at all\""),
        CommandExample(
          "a picture of the second layer", "ensue attend runs/transformer --layer 2 --svg heads.svg \"not bad at all\""),
        CommandExample(
          "which words a translation comes from", "ensue attend runs/de-en \"ein mann\" \"a man\" --picture words.png"),
        CommandExample(
          "a pre-trained encoder on two texts", "ensue attend hub:ORG/NAME \"who came?\" --pair \"nobody came\""),
        CommandExample("the numbers, for a program", "ensue attend runs/han --json < documents.txt"),
      ],
      positionals: [
        Positional("RUN", .path, .one, "a run folder, a bundle, a folder of the Hub or hub:ORG/NAME"),
        Positional(
          "SENTENCE", .text, .any,
          "sentences, or a source and its translation; none, or -, reads standard input"),
      ],
      options: attendOptions + TranslationSearchArguments.options("translation: "))
  ) { arguments, output in
    let place = try ModelPlace(arguments.positional("RUN") ?? "")
    let pictures = try AttentionPictures(arguments)
    let sentences = try GivenSentences(arguments).list
    if BundleTaskKind(at: place.folder) == .translate {
      guard arguments.text("pair") == nil else {
        throw Failure(.usage, at: "--pair", "a pre-trained encoder or co-attention expected, found a translation model")
      }
      var session = try TranslationAttendSession(place.folder, arguments, pictures: pictures)
      return try session.run(sentences, to: &output)
    }
    if let name = TranslationSearchArguments.names.first(where: { arguments.isGiven($0) }) {
      throw Failure(
        .usage, at: "--\(name)",
        "a translation model expected, found \((BundleTaskKind(at: place.folder) ?? .classify).title)")
    }
    let bundle = try AttendingFolder.bundle(at: place.folder)
    StandardError.note(bundle.report, of: place.name)
    var session = AttentionSession(bundle: bundle, arguments, pictures: pictures)
    defer { StandardError.note(cutCount: session.cutCount) }
    if sentences.isEmpty {
      var lines = StandardInputLines()
      var reader = PredictionReader(readsPairs: session.readsPairs)
      while let batch = try lines.next() {
        let (texts, failure) = reader.texts(batch, from: "standard input")
        for text in texts { try output.write(session.read(text)) }
        // A program at the other end of the pipe may wait for the answer before it asks again.
        try output.flush()
        if let failure { throw failure }
      }
    } else {
      for sentence in sentences { try output.write(session.read(ClassifierText(sentence))) }
    }
    try session.finish()
  }

  private static let attendOptions: [CommandOption] = [
    .value(
      "pair", .text, placeholder: "TEXT", "pre-trained encoders and co-attention: the second text of each sentence"),
    .value("layer", .integer(1...64), placeholder: "N", "this layer only, from 1 on"),
    .value("head", .integer(1...1024), placeholder: "N", "this head only, from 1 on"),
    .value("svg", .path, placeholder: "FILE", "also write a picture of them, for at most 100 sentences"),
    .value("picture", .path, placeholder: "FILE", "the same, as NAME.svg or NAME.png"),
    .flag("json", "a JSON object a line, with all weights"),
  ]
}

/// Sentences read one after another, and the picture of them all.
private struct AttentionSession {
  private let bundle: any AttendingBundle
  private let pair: String?
  private let writer: AttentionWriter
  private let (layer, head): (Int?, Int?)
  private let isJSON: Bool
  private let pictures: AttentionPictures
  private var readings: [AttentionReading] = []
  private var isFirst = true
  private(set) var cutCount = 0

  init(bundle: any AttendingBundle, _ arguments: ParsedArguments, pictures: AttentionPictures) {
    (self.bundle, pair) = (bundle, arguments.text("pair"))
    (layer, head) = (arguments.integer("layer"), arguments.integer("head"))
    (isJSON, self.pictures) = (arguments.flag("json"), pictures)
    writer = AttentionWriter(shading: Terminal.shading, width: Terminal.width)
  }

  /// Whether lines are pairs.
  var readsPairs: Bool { pair == nil && bundle.readsPairs }

  /// What is said about a sentence, or a pair.
  mutating func read(_ text: ClassifierText) throws -> String {
    let reading = try bundle.attention(in: text.text, pair: pair ?? text.pair).selecting(layer: layer, head: head)
    if reading.isCut { cutCount += 1 }
    if !pictures.isEmpty {
      try pictures.requireRoom(after: readings.count)
      readings.append(reading)
    }
    defer { isFirst = false }
    return isJSON ? writer.json(reading) : (isFirst ? "" : "\n") + writer.text(reading)
  }

  /// Writes the picture.
  func finish() throws {
    guard !pictures.isEmpty else { return }
    try pictures.write(svg: writer.chart(readings).svg)
  }
}
