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

  fileprivate func write(into object: inout JSONObject) {
    object["loss"] = .number(loss)
    object["bits"] = .number(bits)
    object["perplexity"] = .number(perplexity)
    object["accuracy"] = .number(accuracy)
    object["count"] = .number(count)
    object["unknown"] = .number(unknownCount)
  }

  /// Bits and perplexity follow from the loss and are there for people.
  fileprivate init(_ fields: JSONFields, others: [String] = []) throws {
    try fields.allow(others + LanguageModelSummary.keys)
    let accuracy = try fields.number("accuracy")
    guard accuracy.isNaN || 0...1 ~= accuracy else { throw fields.failure("accuracy", "a number from 0 to 1") }
    self.init(
      loss: try fields.number("loss"), accuracy: accuracy, count: try fields.count("count"),
      unknownCount: try fields.count("unknown"))
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
