// Generated texts on standard output.

import EnsueText
import EnsueModels
import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueReport
import EnsueTasks

/// Writes what `ensue generate` was asked for.
struct GenerateWriter {
  let bundle: LanguageModelBundle
  let request: GenerateArguments

  /// A text with its tokens.
  private struct Text {
    var text = ""
    var tokens: [(id: Int32, logProbability: Double)] = []
    /// Of all tokens of a beam together, those behind a stop string among them.
    var logProbability: Double?
  }

  /// One text, each piece as soon as it is final.
  func stream(to output: inout StandardOutput) throws {
    var generator = try TextGenerator(bundle.model, bundle.codec, prompts: request.prompts, request.generation)
    try output.write(shown(request.prompts[0].text))
    try output.flush()
    while let pieces = try generator.next() {
      for piece in pieces where !piece.text.utf8.isEmpty { try output.write(shown(piece.text)) }
      try output.flush()
    }
    try output.writeLine("")
  }

  /// Several texts side by side.
  func batch(to output: inout StandardOutput) throws {
    let prompts = request.prompts.flatMap { Array(repeating: $0, count: request.sampleCount) }
    var generator = try TextGenerator(bundle.model, bundle.codec, prompts: prompts, request.generation)
    var texts = prompts.map { _ in Text() }
    while let pieces = try generator.next() {
      for piece in pieces {
        texts[piece.sequence].text += piece.text
        if let id = piece.id, let logProbability = piece.logProbability {
          texts[piece.sequence].tokens.append((id, logProbability))
        }
      }
    }
    for (prompt, text) in zip(prompts, texts) { try write(prompt, text, to: &output) }
  }

  /// The likeliest texts.
  func search(to output: inout StandardOutput) throws {
    let search = BeamSearch(
      width: request.beamWidth ?? 1, lengthPenalty: request.lengthPenalty, resultCount: request.sampleCount,
      excludedIDs: bundle.codec.unwrittenIDs(of: bundle.model))
    // A beam cannot look into a text that is not final: it ends where its first stop string does.
    for prompt in request.prompts {
      let found = try search.search(
        bundle.model.prepared(), prompt: prompt.ids, limit: request.generation.length,
        endIDs: Set(bundle.endIDs))
      let texts = found.map { text(of: $0, after: prompt) }
      for text in texts.isEmpty ? [Text(logProbability: 0)] : texts { try write(prompt, text, to: &output) }
    }
  }

  private func text(of hypothesis: BeamHypothesis, after prompt: LanguagePrompt) -> Text {
    var decoder = bundle.codec.makeStreamDecoder()
    for id in prompt.text.utf8.isEmpty ? [] : prompt.ids { _ = decoder.append(id) }
    var stops = StopStrings(request.generation.stops)
    var result = Text(logProbability: hypothesis.logProbability)
    result.tokens = zip(hypothesis.ids, hypothesis.logProbabilities).map { (id: $0, logProbability: $1) }
    let ids = hypothesis.isComplete ? hypothesis.ids.dropLast() : hypothesis.ids[...]
    for id in ids { result.text += stops.append(decoder.append(id)) }
    result.text += stops.append(decoder.finish()) + stops.finish()
    return result
  }

  private func write(_ prompt: LanguagePrompt, _ text: Text, to output: inout StandardOutput) throws {
    if request.isJSON { return try output.writeLine(json(prompt, text).description) }
    guard request.showsProbabilities, !text.tokens.isEmpty else {
      return try output.writeLine(shown(prompt.text + text.text))
    }
    for (id, logProbability) in text.tokens {
      let token = ExitStatus.escaped(bundle.codec.decode(CollectionOfOne(id)))
      try output.writeLine("\(Format.fixed(logProbability, places: 4))\t\(id)\t\(token)")
    }
    try output.writeLine("")
  }

  private func json(_ prompt: LanguagePrompt, _ text: Text) -> JSONValue {
    var object: JSONObject = ["prompt": .string(prompt.text), "text": .string(text.text)]
    if let sum = text.logProbability { object["logProbability"] = .number(sum) }
    if request.showsProbabilities {
      object["tokens"] = .array(
        text.tokens.map { token in
          .object([
            "id": .number(Int(token.id)), "text": .string(bundle.codec.decode(CollectionOfOne(token.id))),
            "logProbability": .number(token.logProbability),
          ])
        })
    }
    return .object(object)
  }

  /// A terminal obeys control characters; a file or program gets the text as it is.
  private func shown(_ text: String) -> String {
    guard Terminal.outputIsTerminal else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if scalar != "\n", scalar != "\t" {
        shown += ExitStatus.escaped(String(scalar))
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
