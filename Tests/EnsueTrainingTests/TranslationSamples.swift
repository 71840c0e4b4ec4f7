// Small translation models of every kind.

import EnsueLayers
import EnsueModels
import EnsueTensor

/// A model to hold the laws of translation models against.
struct TranslationSample: Sendable {
  let name: String
  let architecture: TranslationArchitecture

  /// Whether what was written before the last symbol is forgotten.
  var isFed: Bool {
    if case .recurrent(let configuration) = architecture { configuration.context == .jordan } else { false }
  }

  static let sourceCount = 9
  static let targetCount = 7

  /// With large weights, so that the symbols before and the source matter.
  /// - Parameter deviation: of what is added to every weight.
  func model(deviation: Double = 0.5) throws -> AnyTranslationModel {
    var (model, index) = (try architecture.makeModel(key: RandomKey(seed: 4)), 0)
    model.forEachParameter { _, tensor, _ in
      tensor =
        tensor.detached + Tensor.normal(tensor.shape, deviation: deviation, key: RandomKey(seed: 9).derived(index))
      index += 1
    }
    return model
  }

  private static func recurrent(
    _ name: String, _ change: (inout RecurrentTranslatorConfiguration) -> Void
  ) -> TranslationSample {
    var configuration = RecurrentTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (sourceCount, targetCount)
    (configuration.embeddingSize, configuration.hiddenSize, configuration.encoderHiddenSize) = (3, 4, 2)
    change(&configuration)
    return TranslationSample(name: name, architecture: .recurrent(configuration))
  }

  private static func transformer(
    _ name: String, _ change: (inout TransformerTranslatorConfiguration) -> Void
  ) -> TranslationSample {
    var configuration = TransformerTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (sourceCount, targetCount)
    (configuration.transformer.width, configuration.transformer.headCount) = (4, 2)
    (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 5)
    change(&configuration)
    return TranslationSample(name: name, architecture: .transformer(configuration))
  }

  static let transformers: [TranslationSample] = [
    transformer("post-norm, sinusoids, tied") { _ in },
    transformer("pre-norm, learned positions, one table, a decoder of one block") {
      ($0.transformer.norm, $0.transformer.hasFinalNorm, $0.positions) = (.pre, true, .learned)
      ($0.contextLength, $0.isTied, $0.hasOutputBias, $0.decoderLayerCount) = (12, false, true, 1)
      ($0.sharesEmbeddings, $0.sourceVocabularySize) = (true, targetCount)
    },
    transformer("rotary, shared keys, gated, no norms") {
      ($0.positions, $0.transformer.keyHeadCount, $0.transformer.feedForward) = (.rotary, 1, .gated)
      ($0.transformer.norm, $0.transformer.initializer, $0.scalesEmbeddings) = (.none, .tFixup, false)
    },
  ]

  static let fixedContexts: [TranslationSample] = [
    recurrent("first states, LSTM, reversed") {
      ($0.context, $0.cell, $0.bridge, $0.reversesSource) = (.initialState, .lstm, .states, true)
      ($0.isBidirectional, $0.encoderHiddenSize, $0.encoderLayerCount, $0.decoderLayerCount) = (false, 4, 2, 2)
    },
    recurrent("first states, tanh, deep output, residual") {
      ($0.context, $0.cell, $0.readout, $0.readoutSize) = (.initialState, .rnn, .tanh, 5)
      ($0.connection, $0.decoderLayerCount, $0.embeddingSize) = (.residual, 2, 4)
    },
    recurrent("every step, GRU, maxout") { $0.context = .everyStep },
    recurrent("every step, attentional, skips") {
      ($0.context, $0.readout, $0.connection, $0.bridge) = (.everyStep, .attentional, .skip, .zeros)
    },
    recurrent("Jordan, tied") {
      ($0.context, $0.cell, $0.embeddingSize, $0.isTied) = (.jordan, .outputFeedback, 4, true)
    },
    recurrent("Jordan, own cell, maxout") {
      $0.cellFormula = "state o\nh = tanh(W_h x + U_h o + b_h)\no' = σ(U_o h + W_o x)\noutput o'"
      ($0.context, $0.embeddingSize, $0.readout, $0.zoneout) = (.jordan, 4, .maxout, 0.25)
    },
  ]

  static let attentive: [TranslationSample] = [
    recurrent("Bahdanau, GRU") { _ in },
    recurrent("Bahdanau, LSTM, sparsemax, tied, one table") {
      ($0.cell, $0.distribution, $0.readout) = (.lstm, .sparsemax, .tanh)
      ($0.isTied, $0.sharesEmbeddings, $0.sourceVocabularySize) = (true, true, targetCount)
    },
    recurrent("Bahdanau, own cell, two layers, states alone") {
      $0.cellFormula = "state h\nh' = tanh(W_h x + U_h h + b_h)\noutput h'"
      ($0.decoderLayerCount, $0.readout, $0.score, $0.bridge) = (2, .state, .dot, .states)
    },
    recurrent("Luong, LSTM, fed") {
      ($0.context, $0.cell, $0.encoderLayerCount, $0.decoderLayerCount) = (.luong, .lstm, 2, 2)
    },
    recurrent("Luong, GRU, not fed, concat") { ($0.context, $0.feedsInput, $0.score) = (.luong, false, .additive) },
    recurrent("Luong, joined, dot, reversed") {
      ($0.context, $0.feedsInput, $0.score, $0.readout, $0.bridge) = (.luong, false, .dot, .joined, .output)
      ($0.cell, $0.isBidirectional, $0.encoderHiddenSize, $0.reversesSource) = (.lstm, false, 4, true)
    },
    recurrent("Luong, local, monotonic") { ($0.context, $0.localAttention, $0.localRadius) = (.luong, .monotonic, 2) },
    recurrent("Luong, local, predictive, maxout") {
      ($0.context, $0.localAttention, $0.localRadius) = (.luong, .predictive, 3)
      ($0.feedsInput, $0.readout) = (false, .maxout)
    },
    recurrent("Bahdanau, leaky LSTM, learned first states") {
      ($0.cell, $0.leak, $0.learnsInitialState) = (.lstm, 0.4, true)
    },
  ]

  static let all = transformers + fixedContexts + attentive

  /// Random symbols.
  static func texts(_ lengths: [Int], below count: Int, seed: Int) -> [[Int32]] {
    let key = RandomKey(seed: UInt64(seed))
    return lengths.enumerated().map { row, length in
      (0..<length).map { Int32(key.derived(row).bits(at: $0) % UInt64(count)) }
    }
  }

  /// Pairs of a source and an input.
  func pairs(_ lengths: [(Int, Int)], seed: Int) -> (sources: [[Int32]], inputs: [[Int32]]) {
    (
      TranslationSample.texts(lengths.map(\.0), below: architecture.sourceVocabularySize, seed: seed),
      TranslationSample.texts(lengths.map(\.1), below: architecture.targetVocabularySize, seed: seed + 1)
    )
  }
}

extension TranslationSample: CustomStringConvertible {
  var description: String { name }
}
