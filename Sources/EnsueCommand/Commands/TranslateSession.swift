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

  /// - Throws: `Failure` of kind `usage` for what a model without attention does not have.
  init(bundle: TranslationBundle, _ request: TranslateArguments) throws(Failure) {
    if !bundle.isAttentive, request.showsAlignments || request.search.coveragePenalty > 0 {
      throw Failure(
        .usage, at: request.showsAlignments ? "--alignments" : "--coverage-penalty",
        "a model with attention expected, found \(bundle.architecture.title)",
        advice: "Its decoder knows the source by one vector.")
    }
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
    while let batch = try lines.next(limit: window) {
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
        guard let batch = try lines.next() else { break }
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

  /// Translates and writes. What comes before a sentence that cannot be translated is written before its error.
  private mutating func write(_ inputs: [TranslationInput], to output: inout StandardOutput) throws {
    let wrong = inputs.indices.first { failure(of: inputs[$0], number: writtenCount + $0 + 1) != nil }
    let good = inputs.prefix(wrong ?? inputs.count)
    let results = try translator.translate(Array(good))
    for (input, translations) in zip(good, results) {
      symbolCount += translations.first?.targetTokens.count ?? 0
      sourceCount += translations.first.map { $0.sourceTokens.count - ($0.readsSourceEnd ? 1 : 0) } ?? 0
      unknownCount += translations.first?.unknownCount ?? 0
      if translations.first?.isComplete == false { cutCount += 1 }
      writtenCount += 1
      try output.write(writer.text(input, translations, number: writtenCount))
    }
    // A program at the other end of the pipe may wait for the answer before it asks again.
    try output.flush()
    if let wrong, let failure = failure(of: inputs[wrong], number: writtenCount + 1) { throw failure }
  }

  /// Why a sentence cannot be translated; nil where it can.
  private func failure(of input: TranslationInput, number: Int) -> Failure? {
    if let prefixes = request.prefixes, number > prefixes.count {
      return Failure(
        .data, at: input.place, "a line of --prefix-file for every sentence expected, found \(prefixes.count) lines")
    }
    return translator.failure(input)
  }

  /// Says at the end what a user should know.
  private func finish() throws {
    if unknownCount > 0, !request.isQuiet {
      let unit = translator.codecs.source.codec.level.unit
      StandardError.writeLine(
        "\(unknownCount) of the \(sourceCount) \(unit)s of the sentences are not in the model's vocabulary: read as"
          + " unknown")
    }
    if cutCount > 0, !request.choosesLength, !request.isQuiet {
      StandardError.writeLine(
        "\(cutCount) of \(writtenCount) translations did not end and were cut; --maximum-length says where")
    }
    try requireAllPrefixesRead()
  }

  private func requireAllPrefixesRead() throws {
    guard let prefixes = request.prefixes, prefixes.count > count else { return }
    throw Failure(
      .data, at: "--prefix-file", "as many lines as sentences (\(count)) expected, found \(prefixes.count)")
  }
}
