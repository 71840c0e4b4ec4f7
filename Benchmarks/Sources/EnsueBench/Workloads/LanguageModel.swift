// A language model over recurrent layers, and the random text that it reads.

import Ensue

/// Embedding → dropout → recurrent layers → dropout → linear layer to the symbols.
struct LanguageModel: Module {
  var embedding: Embedding
  var layers: RecurrentStack
  var output: Linear
  private let dropout: Dropout

  /// LSTM layers as wide as the embedding.
  init(symbols: Int, size: Int, layerCount: Int, dropout rate: Double, key: RandomKey) {
    embedding = Embedding(vocabularySize: symbols, featureCount: size, key: key.derived("embedding"))
    layers = RecurrentStack(
      RecurrentCellKind.lstm.formula(),
      cell: RecurrentCellConfiguration(inputSize: size, hiddenSize: size, recurrentInitializer: .uniform),
      RecurrentStackConfiguration(layerCount: layerCount, dropout: rate), key: key.derived("layers"))
    output = Linear(inputSize: size, outputSize: symbols, key: key.derived("output"))
    dropout = Dropout(rate: rate)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("layers", &layers)
    visitor.module("output", &output)
  }

  /// - Returns: the mean cross-entropy, and the states at the end without their history.
  func loss(
    _ segment: TextSegment, from states: [[RecurrentState]]?, _ phase: Phase
  ) -> (loss: Tensor, states: [[RecurrentState]]) {
    let vectors = embedding(segment.tokens)
    let read = vectors.replacingValues(dropout(vectors.values, phase.derived("embedding")))
    let encoding = layers(read, from: states, phase.derived("layers"))
    let loss = outputCrossEntropy(
      dropout(encoding.output.values, phase.derived("output")), weight: output.weight, bias: output.bias,
      targets: segment.targets)
    return (loss, encoding.finalStates.map { $0.map(\.detached) })
  }
}

/// A piece of text for each row of a batch, and the same pieces a symbol later.
struct TextSegment: Sendable {
  let tokens: PackedTokens
  /// In the order of the packed rows.
  let targets: [Int]

  /// Consecutive segments of a random text, one sequence a row of the batch, as `peers/language.py` draws it.
  static func random(symbols: Int, batchSize: Int, steps: Int, count: Int) -> [TextSegment] {
    let length = count * steps + 1
    let ids = RandomIDs.drawn(batchSize * length, below: symbols)
    return stride(from: 0, to: count * steps, by: steps).map { start in
      let rows = (0..<batchSize).map { Array(ids[$0 * length + start..<$0 * length + start + steps]) }
      // Time-major, as the rows are packed.
      let targets = (0..<steps).flatMap { step in
        (0..<batchSize).map { Int(ids[$0 * length + start + step + 1]) }
      }
      return TextSegment(tokens: PackedTokens(rows), targets: targets)
    }
  }
}

/// The random ids that `randomIds` of `peers/peer.py` gives.
enum RandomIDs {
  /// Knuth's 64-bit linear congruential generator, its upper bits.
  static func drawn(_ count: Int, below symbols: Int) -> [Int32] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int32(truncatingIfNeeded: (state >> 33) % UInt64(symbols))
    }
  }
}
