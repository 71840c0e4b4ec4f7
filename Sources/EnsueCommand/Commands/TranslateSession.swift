// Sentences to translations: those of the command line, of a file or pipe, or typed one after another.

import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueTasks
import EnsueText

/// Translates what comes, in its order.
struct TranslateSession {
  private let translator: TextTranslator
  private let request: TranslateArguments
  private let writer: TranslationWriter
  /// Sentences read so far, and those whose translations were written.
  private var count = 0
  private var writtenCount = 0
  private var symbolCount = 0
  /// Symbols of the sentences, and those that the model does not know.
  private var sourceCount = 0
  private var unknownCount = 0
  /// Translations that the greatest length cut, which nobody chose.
  private var cutCount = 0
  /// Lines that could not be translated.
  private var badCount = 0

  /// - Throws: `Failure` of kind `usage` for what a model without attention does not have.
  init(bundle: TranslationBundle, _ request: TranslateArguments) throws(Failure) {
    if request.showsAlignments { try TranslationSearchArguments.requireAttention(of: bundle, for: "--alignments") }
    try TranslationSearchArguments.check(request.search, of: bundle)
    var translator = TextTranslator(model: bundle.model, codecs: bundle.codecs, search: request.search)
    (translator.sourceLimit, translator.limitAdvice) = (request.sourceLimit, "Divide it, or raise --max-source.")
    (self.translator, self.request, writer) = (translator, request, TranslationWriter(request))
  }

  /// Sentences of the command line.
  mutating func translate(_ sentences: [String], to output: inout StandardOutput) throws {
    try write(inputs(sentences, from: "sentence "), to: &output)
    try finish()
  }

  /// Standard input to its end. A file comes in large batches, what a program writes at once.
  mutating func stream(to output: inout StandardOutput) throws {
    var lines = StandardInputLines()
    // On a terminal the translations themselves show how far it is.
    var display = request.isQuiet || Terminal.outputIsTerminal ? nil : ProgressDisplay()
    defer { display?.clear() }
    let window = 8 * request.search.batchSize
    while let batch = try next(&lines, limit: window, to: &output) {
      try write(inputs(batch, from: "standard input:"), to: &output)
      display?.update { [writtenCount, symbolCount] elapsed in
        ProgressLine(
          title: "translating", completed: 0, total: 0, elapsed: elapsed, processed: symbolCount, unit: "symbols",
          detail: "\(writtenCount) lines")
      }
    }
    display?.clear()
    try finish()
  }

  /// Asks for one sentence after another; a wrong one ends nothing.
  mutating func converse(to output: inout StandardOutput) throws {
    StandardError.writeLine("type a sentence and Enter; Ctrl-D ends")
    var lines = StandardInputLines()
    StandardError.write("> ")
    while true {
      do {
        guard let batch = try next(&lines, limit: 256, to: &output) else { break }
        try write(inputs(batch, from: "line "), to: &output)
      } catch let failure as Failure where failure.kind == .data {
        StandardError.writeLine(ExitStatus.line(about: failure))
        writtenCount = count
      }
      StandardError.write("> ")
    }
    StandardError.writeLine("")
    try finish()
  }

  /// The next lines that can be read; nil at the end.
  private mutating func next(
    _ lines: inout StandardInputLines, limit: Int, to output: inout StandardOutput
  ) throws -> [String]? {
    while true {
      do {
        return try lines.next(limit: limit)
      } catch let failure as Failure where failure.kind == .data && request.skipsBad {
        count += 1
        try leaveEmpty(failure, to: &output)
        // A program at the other end of the pipe may wait for the answer before it asks again.
        try output.flush()
      }
    }
  }

  /// The next sentences with their places and prefixes.
  private mutating func inputs(_ lines: [String], from place: String) -> [TranslationInput] {
    lines.map { line in
      count += 1
      let place = "\(place)\(count)"
      if request.hasTabbedPrefixes {
        let parts = line.utf8.split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        return TranslationInput(texts[0], prefix: texts.count > 1 ? texts[1] : "", place: place)
      }
      guard let prefixes = request.prefixes else { return TranslationInput(line, place: place) }
      return TranslationInput(line, prefix: count <= prefixes.count ? prefixes[count - 1] : "", place: place)
    }
  }

  /// Translates and writes. What comes before a sentence that ends the work is written before its error.
  private mutating func write(_ inputs: [TranslationInput], to output: inout StandardOutput) throws {
    let failures = inputs.map { translator.failure($0) }
    let prefixCount = request.prefixes.map { max(0, $0.count - writtenCount) } ?? inputs.count
    let wrong = request.skipsBad ? nil : failures.firstIndex { $0 != nil }
    let end = min(wrong ?? inputs.count, prefixCount, inputs.count)
    let good = (0..<end).filter { failures[$0] == nil }
    var results = try translator.translate(good.map { inputs[$0] })[...]
    for (input, failure) in zip(inputs, failures).prefix(end) {
      if let failure {
        try leaveEmpty(failure, to: &output)
      } else if let translations = results.popFirst() {
        note(translations)
        try output.write(writer.text(input, translations, number: writtenCount))
      }
    }
    // A program at the other end of the pipe may wait for the answer before it asks again.
    try output.flush()
    guard end < inputs.count else { return }
    if end == prefixCount, let prefixes = request.prefixes {
      throw Failure(
        .data, at: inputs[end].place,
        "a line of --prefix-file for every sentence expected, found \(prefixes.count) lines")
    }
    if let failure = failures[end] { throw failure }
  }

  /// Counts the translations of a sentence.
  private mutating func note(_ translations: [TranslatedText]) {
    writtenCount += 1
    guard let best = translations.first else { return }
    symbolCount += best.targetTokens.count
    sourceCount += best.sourceTokens.count - (best.readsSourceEnd ? 1 : 0)
    unknownCount += best.unknownCount
    if !best.isComplete { cutCount += 1 }
  }

  /// Goes on after a line that cannot be translated: its place stays, so that those after it have theirs.
  private mutating func leaveEmpty(_ failure: Failure, to output: inout StandardOutput) throws {
    (writtenCount, badCount) = (writtenCount + 1, badCount + 1)
    StandardError.writeLine(ExitStatus.line(about: failure))
    try output.write(writer.text(of: failure))
  }

  /// Says at the end what a user should know.
  private func finish() throws {
    if unknownCount > 0, !request.isQuiet {
      let unit = translator.codecs.source.codec.level.unit
      StandardError.writeLine(
        "\(unknownCount) of the \(sourceCount) \(unit)s of the sentences are not in the model's vocabulary: read as"
          + " unknown")
    }
    if cutCount > 0, !request.choosesLength, !request.isQuiet, translator.codecs.targetEndID != nil {
      StandardError.writeLine(
        "\(cutCount) of \(writtenCount) translations did not end and were cut; --maximum-length says where")
    }
    try requireAllPrefixesRead()
    guard badCount == 0 else {
      throw Failure(
        .data, "lines that can be translated expected, found \(badCount) of \(count) that cannot",
        advice: "They were left empty.")
    }
  }

  private func requireAllPrefixesRead() throws {
    guard let prefixes = request.prefixes, prefixes.count > count else { return }
    throw Failure(
      .data, at: "--prefix-file", "as many lines as sentences (\(count)) expected, found \(prefixes.count)")
  }
}
