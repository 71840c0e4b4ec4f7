// minilm, bert-base and their -forward, as in peers/encoder.py: a BERT classifier over sentences of one length; and
// minilm-forward-bf16, which has no peer: weights of 16 bits against those of 32.

import Ensue

/// The sizes of an encoder and of its batches.
struct EncoderSetting: Sendable {
  var layerCount: Int
  var width: Int

  static let minilm = EncoderSetting(layerCount: 6, width: 384)
  static let bertBase = EncoderSetting(layerCount: 12, width: 768)
  static let (words, headCount, batchSize, steps, batchCount) = (30_522, 12, 8, 128, 20)

  var configuration: EncoderConfiguration {
    var configuration = EncoderConfiguration(.bert)
    (configuration.layerCount, configuration.width, configuration.embeddingSize) = (layerCount, width, width)
    configuration.feedForwardSize = 4 * width
    return configuration
  }

  /// Floating-point operations of a forward pass's products, for each token.
  /// - Parameter steps: tokens that a token attends to.
  func forwardOperations(steps: Double = Double(EncoderSetting.steps)) -> Double {
    let width = Double(width)
    return Double(layerCount) * (2 * 12 * width * width + 2 * 2 * width * steps)
  }

  func model() throws -> EncoderModel {
    try EncoderModel(configuration, head: .classification, outputCount: 2, key: RandomKey(seed: 1))
  }

  /// AdamW as the peers have it.
  static func trainer(_ model: EncoderModel) -> Trainer<EncoderModel> {
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (.adamw, 5e-5, 0.01)
    optimizer.decaysVectors = false
    return Trainer(
      model: model, optimizer: Optimizer(optimizer), clipping: GradientClipping(norm: 1),
      key: RandomKey(seed: 1).derived("training"))
  }

  static func batches() -> [EncoderInput] {
    let ids = RandomIDs.drawn(batchCount * batchSize * steps, below: words)
    return (0..<batchCount).map { batch in
      let rows = (0..<batchSize).map { row in
        let start = (batch * batchSize + row) * steps
        return Array(ids[start..<start + steps])
      }
      return EncoderInput(tokens: PackedTokens(rows))
    }
  }
}

struct EncoderTrainingWorkload: Workload {
  let rows: [RowDescription]
  private let batches = EncoderSetting.batches()
  private var trainer: Trainer<EncoderModel>
  private var count = 0

  init(_ setting: EncoderSetting, name: String) throws {
    // The gradients of a product are two, and attention's scores are made twice.
    rows = [RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: 3 * setting.forwardOperations())]
    trainer = EncoderSetting.trainer(try setting.model())
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    let batch = batches[count % batches.count]
    count += 1
    let classes = (0..<EncoderSetting.batchSize).map { $0 % 2 }
    _ = try trainer.step(on: [(batch, classes.count)]) { model, batch, phase in
      try model.loss(batch, .classes(classes), phase)
    }
    return Double(batch.tokens.ids.count)
  }
}

struct EncoderForwardWorkload: Workload {
  let rows: [RowDescription]
  private let batches = EncoderSetting.batches()
  private let model: EncoderModel
  private var count = 0

  init(_ setting: EncoderSetting, name: String) throws {
    rows = [RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: setting.forwardOperations())]
    model = try setting.model().prepared()
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] {
    [
      try repeated(seconds: seconds) {
        let batch = batches[count % batches.count]
        count += 1
        _ = try model(batch)
        return Double(batch.tokens.ids.count)
      }
    ]
  }
}

struct EncoderPrecisionWorkload: Workload {
  let rows: [RowDescription]
  private let batches = EncoderSetting.batches()
  private let models: [EncoderModel]
  private var counts = [0, 0]

  init(_ setting: EncoderSetting, name: String) throws {
    let cost = setting.forwardOperations()
    let full = "\(name.replacing("-bf16", with: ""))-float32"
    rows = [
      RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: cost, comparedRow: full),
      RowDescription(name: full, unit: .tokensPerSecond, operationsPerUnit: cost),
    ]
    let model = try setting.model()
    models = [WeightPrecisionKind.bf16, .full].map { model.prepared($0) }
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  /// The two share the time.
  mutating func block(seconds: Double) throws -> [Double] {
    try models.indices.map { index in
      try repeated(seconds: seconds / 2) {
        let batch = batches[counts[index] % batches.count]
        counts[index] += 1
        _ = try models[index](batch)
        return Double(batch.tokens.ids.count)
      }
    }
  }
}
