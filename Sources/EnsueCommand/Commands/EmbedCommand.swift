// ensue embed: a vector of each sentence.

import EnsueBundle
import EnsueFiles
import EnsueTasks
import EnsueTensor

extension ProgramCommand {
  static let embed = ProgramCommand(
    Command(
      "embed", group: "Using", "vectors of sentences from a pre-trained encoder",
      discussion: """
        Reads one sentence a line, from standard input unless sentences are given; writes a line of numbers for each, \
        separated by tabs. How the states of a sentence become one vector is what the folder's modules.json says, else \
        their mean. Sentences are the more alike, the larger the cosine between their vectors is.
        """,
      examples: [
        CommandExample(
          "a file of sentences",
          "ensue embed hub:sentence-transformers/all-MiniLM-L6-v2 < sentences.txt > vectors.tsv"),
        CommandExample("as one tensor", "ensue embed models/minilm --out vectors.safetensors < sentences.txt"),
      ],
      positionals: [
        Positional("MODEL", .path, .one, "a pre-trained encoder: a folder, a run that fine-tuned one, or hub:ORG/NAME"),
        Positional("SENTENCE", .text, .any, "sentences; none, or -, reads standard input"),
      ],
      options: [
        .value("out", .path, placeholder: "FILE", "write no text, but the tensor vectors of a safetensors file"),
        .value(
          "batch", .integer(1...4096), placeholder: "N", default: "32", "sentences at once; the numbers are the same"),
        .precision, .threads,
      ])
  ) { arguments, output in
    try arguments.withThreads {
      var session = try EmbeddingSession(arguments)
      defer { StandardError.note(cutCount: session.cutCount) }
      try GivenSentences(arguments).write(to: &output) { try session.read($0) }
      try session.finish()
    }
  }
}

/// Sentences read one batch after another, and the file of all their vectors.
private struct EmbeddingSession {
  private let encoder: PretrainedSentenceEncoder
  private let batchSize: Int
  private let file: String?
  private var vectors: [Tensor] = []
  private(set) var cutCount = 0

  init(_ arguments: ParsedArguments) throws {
    let place = try ModelPlace(arguments.positional("MODEL") ?? "")
    encoder = try PretrainedSentenceEncoder(
      folder: ClassifierFolder.encoder(at: place.folder), precision: arguments.precision)
    (batchSize, file) = (arguments.integer("batch") ?? 32, arguments.text("out"))
    StandardError.note(encoder.report, of: place.name)
  }

  /// The lines of sentences; none where a file is to have them.
  mutating func read(_ sentences: [String]) throws -> String {
    let (found, cut) = try encoder.embed(sentences, batchSize: batchSize)
    cutCount += cut
    guard file == nil else {
      vectors.append(found)
      return ""
    }
    let (numbers, width) = (found.floats, found.shape[1])
    return sentences.indices.map { row in
      numbers[row * width..<(row + 1) * width].map { "\($0)" }.joined(separator: "\t") + "\n"
    }.joined()
  }

  /// Writes the file.
  func finish() throws {
    guard let file else { return }
    guard !vectors.isEmpty else { throw Failure(.data, at: "standard input", "sentences expected, found none") }
    try SafetensorsWriter.write([(name: "vectors", tensor: concatenated(vectors, axis: 0))], to: file)
  }
}
