// The modules that a recurrent translation model's configuration asks for.

import EnsueFiles
import EnsueLayers
import EnsueTensor

extension RecurrentTranslatorConfiguration {
  /// Features of c; 0 for none.
  private var contextSize: Int {
    switch context {
    case .initialState: 0
    case .everyStep, .jordan: hiddenSize
    case .bahdanau, .luong: encoderSize
    }
  }

  /// A decoder that is fed its targets begins at the first of them.
  var usedBridge: BridgeKind { context == .jordan ? .zeros : bridge }

  /// Whether the decoder itself gives tanh(W [c; h]).
  private var combines: Bool { context == .luong && (readout ?? context.readout) == .attentional }

  /// Features of what the last layer reads.
  var readoutFeatureCount: Int {
    let own = combines ? hiddenSize : readoutSize ?? (isTied ? embeddingSize : hiddenSize)
    switch readout ?? context.readout {
    case .state: return hiddenSize
    case .joined: return contextSize + hiddenSize
    case .attentional, .tanh, .maxout: return own
    }
  }

  /// Whether `connection` makes another model than plain layers: the encoder, and a decoder that is a stack, have it.
  package var connectionHasEffect: Bool {
    func hasEffect(_ layerCount: Int, _ inputSize: Int, _ outputSize: Int) -> Bool {
      connection.hasEffect(layerCount: layerCount, inputSize: inputSize, outputSize: outputSize)
    }
    if hasEffect(encoderLayerCount, embeddingSize, encoderSize) { return true }
    switch context {
    case .initialState, .everyStep: return hasEffect(decoderLayerCount, embeddingSize + contextSize, hiddenSize)
    case .jordan, .bahdanau, .luong: return false
    }
  }

  var attention: AttentionConfiguration {
    AttentionConfiguration(
      score: score ?? context.score, distribution: distribution, querySize: hiddenSize, keySize: encoderSize,
      hiddenSize: attentionSize ?? hiddenSize, alpha: alpha)
  }

  func makeEmbeddings(key: RandomKey) -> TranslationEmbeddings {
    func table(_ rows: Int, _ name: String) -> Tensor {
      .uniform([rows, embeddingSize], in: -0.1...0.1, key: key.derived(name))
    }
    return TranslationEmbeddings(
      source: table(sourceVocabularySize, "source"),
      target: sharesEmbeddings ? nil : table(targetVocabularySize, "target"))
  }

  func makeDecoder(key: RandomKey) throws(Failure) -> RecurrentDecoder {
    switch context {
    case .initialState: return .fixed(FixedContextDecoder(try makeStack(key: key.derived("stack")), summary: nil))
    case .everyStep:
      return .fixed(FixedContextDecoder(try makeStack(key: key.derived("stack")), summary: makeSummary(key: key)))
    case .jordan:
      let cell = RecurrentCell(
        try formula(), cell(inputSize: contextSize, hiddenSize: hiddenSize), key: key.derived("cell"))
      return .fed(FedTargetDecoder(cell, summary: makeSummary(key: key)))
    case .bahdanau: return .attentive(try makeAttentive(.before, key: key))
    case .luong: return .attentive(try makeAttentive(combines ? .after : .beside, key: key))
    }
  }

  private func makeSummary(key: RandomKey) -> Projection {
    let weight = inputInitializer.matrix(output: hiddenSize, input: encoderSize, key: key.derived("summary"))
    return Projection(weight: weight, hasBias: true)
  }

  private func makeStack(key: RandomKey) throws(Failure) -> RecurrentStack {
    RecurrentStack(
      try formula(), cell: cell(inputSize: embeddingSize + contextSize, hiddenSize: hiddenSize),
      stack(layerCount: decoderLayerCount, isBidirectional: false), key: key)
  }

  private func makeAttentive(_ order: AttentionOrder, key: RandomKey) throws(Failure) -> AttentiveDecoder {
    AttentiveDecoder(
      AttentiveDecoderConfiguration(
        formula: try formula(), inputSize: embeddingSize, hiddenSize: hiddenSize, layerCount: decoderLayerCount,
        attention: attention, locality: localAttention.map { AttentionLocality(kind: $0, radius: localRadius) },
        order: order, feedsInput: context == .luong && feedsInput, dropout: dropout,
        dropsWholeSequences: dropsWholeSequences, inputInitializer: inputInitializer,
        recurrentInitializer: recurrentInitializer, regularization: regularization),
      key: key)
  }

  func makeReadout(key: RandomKey) -> Readout {
    Readout(
      readout ?? context.readout, stateSize: hiddenSize, vectorSize: embeddingSize, contextSize: contextSize,
      size: readoutFeatureCount, isCombined: combines, initializer: inputInitializer, key: key)
  }

  func cell(inputSize: Int, hiddenSize: Int) -> RecurrentCellConfiguration {
    RecurrentCellConfiguration(
      inputSize: inputSize, hiddenSize: hiddenSize, inputInitializer: inputInitializer,
      recurrentInitializer: recurrentInitializer, regularization: regularization)
  }

  /// The decoder's begin at what the bridge makes of these.
  var encoderCell: RecurrentCellConfiguration {
    var configuration = cell(inputSize: embeddingSize, hiddenSize: encoderHiddenSize ?? hiddenSize)
    configuration.learnsInitialState = learnsInitialState
    return configuration
  }

  private var regularization: RecurrentRegularization {
    RecurrentRegularization(
      dropout: recurrentDropout, zoneout: zoneout, memoryZoneout: cellOptions.chosen.memoryZoneout)
  }

  func stack(layerCount: Int, isBidirectional: Bool) -> RecurrentStackConfiguration {
    RecurrentStackConfiguration(
      layerCount: layerCount, isBidirectional: isBidirectional, connection: connection, dropout: dropout,
      dropsWholeSequences: dropsWholeSequences)
  }

  /// - Parameter rate: nil for `dropout`.
  func sequenceDropout(_ rate: Double?) -> SequenceDropout {
    SequenceDropout(rate: rate ?? dropout, dropsWholeSequences: dropsWholeSequences)
  }
}
