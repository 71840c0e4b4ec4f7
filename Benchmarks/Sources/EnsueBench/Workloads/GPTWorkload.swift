// gpt-baby, as in peers/gpt-baby.py: a decoder-only Transformer over random text, every piece of text on its own.

import Ensue

/// The sizes of a GPT-style model and of its training.
struct GPTSetting: Sendable {
  var symbols = 65
  var layerCount = 6
  var headCount = 6
  var width = 384
  var context = 256
  var batchSize = 8
  var segmentCount = 20

  /// Floating-point operations of a training step's products, for each symbol: forward, the gradients of inputs and of
  /// weights. Attention counts the pairs that a causal reach leaves: (context + 1) / 2 for each query, and scores once
  /// more in the backward pass, where they are computed again.
  var operationsPerToken: Double {
    let (width, keys) = (Double(width), Double(context + 1) / 2)
    let maps = 3 * 2 * (4 + 8) * width * width
    let attention = (2 + 5) * 2 * width * keys
    return Double(layerCount) * (maps + attention) + 3 * 2 * width * Double(symbols)
  }

  var model: TransformerLanguageModelConfiguration {
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (symbols, context)
    configuration.transformer.width = width
    (configuration.transformer.headCount, configuration.transformer.layerCount) = (headCount, layerCount)
    (configuration.transformer.feedForwardSize, configuration.transformer.activation) = (4 * width, .gelu)
    (configuration.transformer.dropout, configuration.transformer.attentionDropout) = (0, 0)
    configuration.transformer.hasBias = false
    return configuration
  }
}

struct GPTWorkload: Workload {
  let rows: [RowDescription]
  private let segments: [TextSegment]
  private var trainer: Trainer<TransformerLanguageModel>
  private var count = 0

  init(_ setting: GPTSetting = GPTSetting(), name: String) throws {
    let key = RandomKey(seed: 1)
    rows = [RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: setting.operationsPerToken)]
    segments = TextSegment.random(
      symbols: setting.symbols, batchSize: setting.batchSize, steps: setting.context, count: setting.segmentCount)
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (.adamw, 1e-3, 0.1)
    (optimizer.beta1, optimizer.beta2) = (0.9, 0.99)
    trainer = Trainer(
      model: try TransformerLanguageModel(setting.model, key: key.derived("model")), optimizer: Optimizer(optimizer),
      clipping: GradientClipping(norm: 1), key: key.derived("training"))
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    let segment = segments[count % segments.count]
    count += 1
    _ = try trainer.step(on: [(segment, segment.targets.count)]) { model, segment, phase in
      try model.loss(segment.tokens, targets: segment.targets, phase)
    }
    return Double(segment.targets.count)
  }
}
