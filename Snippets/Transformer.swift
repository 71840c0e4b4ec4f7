// A decoder-only Transformer: train it, then read one symbol after another with a cache.

import Ensue

var configuration = TransformerLanguageModelConfiguration()
(configuration.vocabularySize, configuration.contextLength) = (10, 32)
(configuration.transformer.width, configuration.transformer.headCount) = (32, 4)
(configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 128)
(configuration.transformer.dropout, configuration.transformer.attentionDropout) = (0, 0)
let model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 1))

// 0 3 6 9 2 5 …: every symbol is the last one plus 3. The target of every row is the symbol after it.
let tokens = PackedTokens((0..<4).map { row in (0..<20).map { Int32((row + 3 * $0) % 10) } })
let targets = tokens.ids.map { Int(($0 + 3) % 10) }

var optimizer = OptimizerConfiguration()
optimizer.learningRate = 0.003
var trainer = Trainer(model: model, optimizer: Optimizer(optimizer), key: RandomKey(seed: 2))
for _ in 0..<100 {
  let report = try trainer.step(on: [(batch: (), count: targets.count)]) { model, _, phase in
    try model.loss(tokens, targets: targets, phase)
  }
  if report.step.isMultiple(of: 20) { print(report.step, report.loss) }
}

var cache = trainer.model.makeCache()
var symbols: [Int32] = [7]
for _ in 0..<12 {
  let scores = try trainer.model.next(PackedTokens([[symbols[symbols.count - 1]]]), &cache)
  symbols.append(Int32(scores.argmax()[0]))
}
print(symbols)  // 7 0 3 6 9 2 5 8 1 4 7 0 3
