// One line of a language model's run log, to and from its object. The kinds of line are those of every run log.

import EnsueFiles

/// Something that happened in a language model's run and is worth a line of `metrics.jsonl`.
public enum LanguageModelEvent: Sendable, Equatable {
  case epoch(LanguageModelEpoch)
  case test(LanguageModelSummary)
  case done(DoneEvent)

  /// The event's name in the log.
  public var kind: RunEventKind {
    switch self {
    case .epoch: .epoch
    case .test: .test
    case .done: .done
    }
  }

  /// The event as one object; `event` comes first.
  public var json: JSONValue {
    var object: JSONObject = ["event": .string(kind.rawValue)]
    switch self {
    case .epoch(let event): event.write(into: &object)
    case .test(let summary): summary.write(into: &object)
    case .done(let event): event.write(into: &object)
    }
    return .object(object)
  }

  /// Reads an event.
  /// - Parameters:
  ///   - json: what `json` gives.
  ///   - place: the file and line, for messages.
  /// - Throws: `Failure` of kind `data` for a missing, unknown or mistyped member.
  public init(json: JSONValue, place: String) throws {
    let fields = try JSONFields(json, place: place)
    guard let kind = RunEventKind(rawValue: try fields.string("event")) else {
      throw fields.failure("event", RunEventKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    switch kind {
    case .epoch: self = .epoch(try LanguageModelEpoch(fields))
    case .test: self = .test(try LanguageModelSummary(fields, others: ["event"]))
    case .done: self = .done(try DoneEvent(fields))
    }
  }
}

extension LanguageModelSummary {
  private static let keys = ["loss", "bits", "perplexity", "accuracy", "count", "unknown"]
  private static let derivedKeys = ["perplexityPerWord", "bitsPerCharacter", "bitsPerByte"]
  private static let textKeys = ["tokens", "words", "characters", "bytes"]

  /// All figures as one object.
  public var json: JSONValue {
    var object = JSONObject()
    write(into: &object)
    return .object(object)
  }

  fileprivate func write(into object: inout JSONObject) {
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
  fileprivate init(_ fields: JSONFields, others: [String] = []) throws {
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

extension LanguageModelEpoch {
  fileprivate func write(into object: inout JSONObject) {
    object["epoch"] = .number(epoch)
    object["step"] = .number(step)
    object["seconds"] = .number(seconds)
    object["trainingLoss"] = .number(trainingLoss)
    object["learningRate"] = .number(learningRate)
    object["tokensPerSecond"] = .number(tokensPerSecond)
    var inner = JSONObject()
    validation.write(into: &inner)
    object["validation"] = .object(inner)
  }

  fileprivate init(_ fields: JSONFields) throws {
    try fields.allow([
      "event", "epoch", "step", "seconds", "trainingLoss", "learningRate", "tokensPerSecond", "validation",
    ])
    self.init(
      epoch: try fields.count("epoch"), step: try fields.count("step"), seconds: try fields.number("seconds"),
      trainingLoss: try fields.number("trainingLoss"), learningRate: try fields.number("learningRate"),
      tokensPerSecond: try fields.number("tokensPerSecond"),
      validation: try LanguageModelSummary(fields.fields("validation")))
  }
}
