// Events to and from the objects of a run log. Non-finite numbers are the strings "NaN", "inf", "-inf".

import EnsueFiles

extension RunEvent {
  /// The event as one object; `event` comes first.
  public var json: JSONValue {
    var object: JSONObject = ["event": .string(kind.rawValue)]
    switch self {
    case .epoch(let event): event.write(into: &object)
    case .test(let event): event.write(into: &object)
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
    switch RunEventKind(rawValue: try fields.string("event")) {
    case .epoch: self = .epoch(try EpochEvent(fields))
    case .test: self = .test(try TestEvent(fields, place: place))
    case .done: self = .done(try DoneEvent(fields))
    // Weights of classifiers are not averaged.
    case .averaged, nil: throw fields.failure("event", "epoch, test, done")
    }
  }
}

extension EvaluationSummary {
  fileprivate func write(into object: inout JSONObject) {
    object["loss"] = .number(loss)
    for kind in kinds { object[kind.rawValue] = self[kind].map { .number($0) } ?? .null }
    object["count"] = .number(count)
  }

  fileprivate init(_ fields: JSONFields, others: [String] = []) throws {
    let kinds = fields.has(MetricKind.mse.rawValue) ? MetricKind.ofNumbers : MetricKind.ofClasses
    try fields.allow(others + ["loss"] + kinds.map(\.rawValue) + ["count"])
    var values: [MetricKind: Double] = [:]
    for kind in kinds { values[kind] = try kind.value(in: fields) }
    self.init(loss: try fields.number("loss"), count: try fields.count("count"), kinds: kinds, values: values)
  }
}

extension MetricKind {
  /// The figure in a line of the log; nil for a correlation that is not defined.
  fileprivate func value(in fields: JSONFields) throws -> Double? {
    let isCorrelation = self == .pearson || self == .spearman
    if isCorrelation, !fields.has(rawValue) { return nil }
    let value = try fields.number(rawValue)
    let range: ClosedRange<Double>? = isShare ? 0...1 : isCorrelation ? -1...1 : nil
    if let range, !value.isNaN, !range.contains(value) {
      throw fields.failure(rawValue, "a number from \(Int(range.lowerBound)) to 1")
    }
    return value
  }
}

extension EpochEvent {
  fileprivate func write(into object: inout JSONObject) {
    object["epoch"] = .number(epoch)
    object["step"] = .number(step)
    object["seconds"] = .number(seconds)
    object["trainingLoss"] = .number(trainingLoss)
    object["learningRate"] = .number(learningRate)
    object["tokensPerSecond"] = .number(tokensPerSecond)
    if let drawVariance {
      object["drawVariance"] = .object([
        "withBaseline": .number(drawVariance.withBaseline), "withoutBaseline": .number(drawVariance.withoutBaseline),
      ])
    }
    guard let validation else { return }
    var inner = JSONObject()
    validation.write(into: &inner)
    object["validation"] = .object(inner)
  }

  fileprivate init(_ fields: JSONFields) throws {
    try fields.allow([
      "event", "epoch", "step", "seconds", "trainingLoss", "learningRate", "tokensPerSecond", "validation",
      "drawVariance",
    ])
    self.init(
      epoch: try fields.count("epoch"), step: try fields.count("step"), seconds: try fields.number("seconds"),
      trainingLoss: try fields.number("trainingLoss"), learningRate: try fields.number("learningRate"),
      tokensPerSecond: try fields.number("tokensPerSecond"),
      validation: fields.has("validation") ? try EvaluationSummary(fields.fields("validation")) : nil,
      drawVariance: fields.has("drawVariance") ? try DrawVariance(fields.fields("drawVariance")) : nil)
  }
}

extension DrawVariance {
  fileprivate init(_ fields: JSONFields) throws {
    try fields.allow(["withBaseline", "withoutBaseline"])
    self.init(
      withBaseline: try fields.number("withBaseline"), withoutBaseline: try fields.number("withoutBaseline"))
  }
}

extension TestEvent {
  fileprivate func write(into object: inout JSONObject) {
    summary.write(into: &object)
    guard let confusion else { return }
    object["labels"] = .array(confusion.labels.map { .string($0) })
    object["confusion"] = .array(confusion.counts.map { .array($0.map { .number($0) }) })
  }

  fileprivate init(_ fields: JSONFields, place: String) throws {
    guard !fields.has(MetricKind.mse.rawValue) else {
      self.init(summary: try EvaluationSummary(fields, others: ["event"]))
      return
    }
    let summary = try EvaluationSummary(fields, others: ["event", "labels", "confusion"])
    let labels = try fields.strings("labels")
    guard let confusion = ConfusionMatrix(labels: labels, counts: try fields.countRows("confusion")) else {
      throw JSONFields.failure(
        place, "'confusion': a row and a column for each of the \(labels.count) labels expected, found another shape")
    }
    guard confusion.total == summary.count else {
      throw JSONFields.failure(
        place, "'confusion': \(summary.count) examples expected, as in 'count', found \(confusion.total)")
    }
    self.init(summary: summary, confusion: confusion)
  }
}

extension DoneEvent {
  func write(into object: inout JSONObject) {
    object["reason"] = .string(reason)
    object["bestEpoch"] = bestEpoch.map { .number($0) } ?? .null
    object["epochs"] = .number(epochs)
    object["trainingSeconds"] = .number(trainingSeconds)
    object["parameters"] = .number(parameters)
    object["peakMemoryBytes"] = .number(peakMemoryBytes)
  }

  init(_ fields: JSONFields) throws {
    try fields.allow([
      "event", "reason", "bestEpoch", "epochs", "trainingSeconds", "parameters", "peakMemoryBytes",
    ])
    self.init(
      reason: try fields.string("reason"), bestEpoch: try fields.optionalCount("bestEpoch"),
      epochs: try fields.count("epochs"), trainingSeconds: try fields.number("trainingSeconds"),
      parameters: try fields.count("parameters"), peakMemoryBytes: try fields.count("peakMemoryBytes"))
  }
}
