// ensue attend for translation models: a source and its translation on two arguments, or lines of both with a tab
// between.

import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks

/// Pairs read one after another, and the picture of them all.
struct TranslationAttendSession {
  private let translator: TextTranslator
  private let headCount: Int
  private let writer = AlignmentWriter(shading: Terminal.shading, width: Terminal.width)
  private let (layer, head): (Int?, Int?)
  private let isJSON: Bool
  private let pictures: AttentionPictures
  /// One that says how to look for a translation.
  private let givenOption: String?
  private var readings: [TranslationReading] = []
  private var count = 0

  /// - Throws: `Failure` of kind `usage` for a model without attention.
  init(_ path: String, _ arguments: ParsedArguments, pictures: AttentionPictures) throws {
    let bundle = try TranslationBundle(contentsOf: path)
    try TranslationSearchArguments.requireAttention(of: bundle, for: path)
    translator = TextTranslator(
      model: bundle.model, codecs: bundle.codecs, search: try TranslationSearchArguments.search(arguments))
    givenOption = TranslationSearchArguments.names.first { arguments.isGiven($0) }
    headCount = bundle.headCount
    (layer, head, isJSON) = (arguments.integer("layer"), arguments.integer("head"), arguments.flag("json"))
    self.pictures = pictures
  }

  mutating func run(_ texts: [String], to output: inout StandardOutput) throws {
    guard texts.count <= 2 else {
      throw Failure(
        .usage, "a source, or a source and its translation, expected, found \(texts.count) texts",
        advice: "Give more of them on standard input, a line each, with a tab between source and translation.")
    }
    if texts.count == 2 { try refuseSearch("a source alone expected, found its translation too") }
    if texts.isEmpty {
      var lines = StandardInputLines()
      while let batch = try lines.next() {
        for line in batch { try output.write(read(line)) }
        // A program at the other end of the pipe may wait for the answer before it asks again.
        try output.flush()
      }
    } else {
      try output.write(read(texts[0], target: texts.count > 1 ? texts[1] : nil))
    }
    guard !pictures.isEmpty else { return }
    try pictures.write(svg: AlignmentWriter.chart(readings).svg)
  }

  /// - Throws: `Failure` of kind `usage` where an option says how to look for what is given.
  private func refuseSearch(_ problem: String) throws(Failure) {
    guard let givenOption else { return }
    throw Failure(.usage, at: "--\(givenOption)", problem, advice: "Nothing is looked for.")
  }

  private mutating func read(_ line: String) throws -> String {
    let parts = line.utf8.split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
    let texts = parts.map { String(decoding: $0, as: UTF8.self) }
    if texts.count > 1 {
      try refuseSearch("sources alone expected, found the translation too in sentence \(count + 1)")
    }
    return try read(texts[0], target: texts.count > 1 ? texts[1] : nil)
  }

  private mutating func read(_ source: String, target: String?) throws -> String {
    count += 1
    let reading = try translator.reading(
      TranslationInput(source, place: "sentence \(count)"), target: target, headCount: headCount
    ).selecting(layer: layer, head: head)
    if !pictures.isEmpty {
      try pictures.requireRoom(after: readings.count)
      readings.append(reading)
    }
    if isJSON { return writer.json(reading) }
    return (count == 1 ? "" : "\n") + writer.text(reading)
  }
}
