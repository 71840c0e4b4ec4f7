// A language model's figures in its run log.

import EnsueFiles

/// The lines of a language model's run log.
public typealias LanguageModelEpoch = TaskEpoch<LanguageModelSummary>
public typealias LanguageModelEvent = TaskEvent<LanguageModelSummary>
public typealias LanguageModelHistory = TaskHistory<LanguageModelSummary>

extension LanguageModelSummary: TaskSummary {
  public typealias Scalars = LanguageModelScalarKind

  private static let keys = ["loss", "bits", "perplexity", "accuracy", "count", "unknown"]
  private static let derivedKeys = ["perplexityPerWord", "bitsPerCharacter", "bitsPerByte"]
  private static let textKeys = ["tokens", "words", "characters", "bytes"]

  public func write(into object: inout JSONObject) {
    object["loss"] = .number(loss)
    object["bits"] = .number(bits)
    object["perplexity"] = .number(perplexity)
    object["accuracy"] = .number(accuracy)
    object["count"] = .number(count)
    object["unknown"] = .number(unknownCount)
    for (key, value) in zip(LanguageModelSummary.derivedKeys, [perplexityPerWord, bitsPerCharacter, bitsPerByte]) {
      if let value { object[key] = .number(value) }
    }
    guard let text else { return }
    let counts = [text.tokenCount, text.wordCount, text.characterCount, text.byteCount]
    for (key, count) in zip(LanguageModelSummary.textKeys, counts) { object[key] = .number(count) }
  }

  /// Bits, perplexity and what follows from the text's length are there for people.
  public init(_ fields: JSONFields, others: [String]) throws {
    typealias Summary = LanguageModelSummary
    try fields.allow(others + Summary.keys + Summary.derivedKeys + Summary.textKeys)
    let accuracy = try fields.number("accuracy")
    guard accuracy.isNaN || 0...1 ~= accuracy else { throw fields.failure("accuracy", "a number from 0 to 1") }
    let counts = fields.has("tokens") ? try Summary.textKeys.map { try fields.count($0) } : []
    self.init(
      loss: try fields.number("loss"), accuracy: accuracy, count: try fields.count("count"),
      unknownCount: try fields.count("unknown"),
      text: counts.isEmpty
        ? nil
        : TextMeasure(tokenCount: counts[0], wordCount: counts[1], characterCount: counts[2], byteCount: counts[3]))
  }
}
