// char-128, char-512 and ptb-650, as in peers/language.py: LSTM layers over random text in segments, the states carried
// from one to the next (truncated back-propagation through time), the gradient's norm clipped.

import Ensue

/// The sizes and the optimiser of a language model.
struct LanguageModelSetting: Sendable {
  var symbols = 65
  /// Of the embedding and of every layer.
  var size: Int
  var layerCount: Int
  var batchSize = 50
  var steps = 50
  var dropout = 0.0
  var optimizer = OptimizerKind.adam
  var learningRate = 2e-3
  var clippedNorm = 5.0
  var segmentCount = 20

  static let char128 = LanguageModelSetting(size: 128, layerCount: 2)
  static let char512 = LanguageModelSetting(size: 512, layerCount: 3)
  /// The medium model of Zaremba et al. (2014).
  static let ptb650 = LanguageModelSetting(
    symbols: 10_000, size: 650, layerCount: 2, batchSize: 20, steps: 35, dropout: 0.5, optimizer: .sgd, learningRate: 1)

  /// Floating-point operations of a training step's products, for each token.
  var operationsPerToken: Double {
    let size = Double(size)
    let layer = RecurrentCost(gates: 4, input: size, hidden: size).training(inputGradient: true)
    return Double(layerCount) * layer + 3 * 2 * size * Double(symbols)
  }
}

struct LanguageModelWorkload: Workload {
  let rows: [RowDescription]
  private let segments: [TextSegment]
  private var trainer: Trainer<LanguageModel>
  private var states: [[RecurrentState]]?
  private var count = 0

  init(_ setting: LanguageModelSetting, name: String) {
    let key = RandomKey(seed: 1)
    rows = [
      RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: setting.operationsPerToken)
    ]
    segments = TextSegment.random(
      symbols: setting.symbols, batchSize: setting.batchSize, steps: setting.steps, count: setting.segmentCount)
    var configuration = OptimizerConfiguration()
    configuration.kind = setting.optimizer
    configuration.learningRate = setting.learningRate
    let model = LanguageModel(
      symbols: setting.symbols, size: setting.size, layerCount: setting.layerCount, dropout: setting.dropout,
      key: key.derived("model"))
    trainer = Trainer(
      model: model, optimizer: Optimizer(configuration), clipping: GradientClipping(norm: setting.clippedNorm),
      key: key.derived("training"))
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    let segment = segments[count % segments.count]
    count += 1
    let before = states
    var after = before
    _ = try trainer.step(on: [(segment, segment.targets.count)]) { model, segment, phase in
      let (loss, states) = model.loss(segment, from: before, phase)
      after = states
      return loss
    }
    states = after
    return Double(segment.targets.count)
  }
}
