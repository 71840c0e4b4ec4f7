// The parts that a recurrent translation model's configuration asks for.

import EnsueFiles
import EnsueLayers

extension RecurrentTranslatorConfiguration {
  /// Units of the encoder's layers, both directions together.
  var encoderSize: Int { (encoderHiddenSize ?? hiddenSize) * (isBidirectional ? 2 : 1) }

  /// Refuses sizes that do not go together.
  /// - Throws: `Failure` of kind `configuration`, naming the first setting at fault.
  public func check() throws(Failure) {
    let sizes = [
      ("sourceVocabularySize", sourceVocabularySize), ("targetVocabularySize", targetVocabularySize),
      ("embeddingSize", embeddingSize), ("hiddenSize", hiddenSize), ("encoderHiddenSize", encoderHiddenSize ?? 1),
      ("encoderLayerCount", encoderLayerCount), ("decoderLayerCount", decoderLayerCount),
      ("readoutSize", readoutSize ?? 1), ("attentionSize", attentionSize ?? 1), ("localRadius", localRadius),
    ]
    for (name, size) in sizes where size < 1 {
      throw Failure(.configuration, at: name, "a size of 1 or more expected, found \(size)")
    }
    let rates = [
      ("dropout", dropout), ("embeddingDropout", embeddingDropout ?? 0), ("outputDropout", outputDropout ?? 0),
      ("recurrentDropout", recurrentDropout), ("zoneout", zoneout), ("wordDropout", wordDropout),
      ("memoryZoneout", cellOptions.chosen.memoryZoneout ?? 0),
    ]
    for (name, rate) in rates where !(0..<1).contains(rate) {
      throw Failure(.configuration, at: name, "a share from 0 to below 1 expected, found \(rate)")
    }
    guard !sharesEmbeddings || sourceVocabularySize == targetVocabularySize else {
      throw Failure(
        .configuration, at: "sharesEmbeddings",
        "one vocabulary of both sides expected, found \(sourceVocabularySize) and \(targetVocabularySize) symbols",
        advice: "Choose a joint vocabulary, or two tables.")
    }
    try checkParts()
  }

  private func checkParts() throws(Failure) {
    let stacked = max(encoderLayerCount, context.isAttentive ? 1 : decoderLayerCount)
    guard connection != .skip || stacked == 1 else {
      throw Failure(
        .configuration, at: "connection",
        "one layer, or layers that are plain or residual, expected, found \(stacked) with the connection skip",
        advice: "Their outputs together have more features than a decoder reads.")
    }
    if usedBridge == .states || usedBridge == .output, encoderSize != hiddenSize {
      throw Failure(
        .configuration, at: "bridge",
        "as many units of the decoder as of the encoder's directions together expected, found \(hiddenSize) and "
          + "\(encoderSize)", advice: "Choose the bridge tanh, or other sizes.")
    }
    guard context != .initialState || bridge != .zeros else {
      throw Failure(
        .configuration, at: "bridge", "states of the encoder expected with the context initial-state, found zeros")
    }
    let readout = readout ?? context.readout
    switch (context, readout) {
    case (.initialState, .joined), (.initialState, .attentional), (.luong, .state):
      throw Failure(
        .configuration, at: "readout",
        "a readout for the context \(context.rawValue) expected, found \(readout.rawValue)",
        advice: "Choose \(context.readout.rawValue), tanh or maxout.")
    case (.luong, .joined), (.luong, .tanh), (.luong, .maxout):
      guard !feedsInput else {
        throw Failure(
          .configuration, at: "feedsInput", "no input feeding expected with the readout \(readout.rawValue), found it",
          advice: "Choose the readout attentional, or no input feeding.")
      }
    case (.initialState, _), (.everyStep, _), (.jordan, _), (.bahdanau, _), (.luong, .attentional): break
    }
    guard localAttention == nil || context == .luong else {
      throw Failure(
        .configuration, at: "localAttention", "the context luong expected, found \(context.rawValue)")
    }
    guard !isTied || readoutFeatureCount == embeddingSize else {
      throw Failure(
        .configuration, at: "isTied",
        "a readout of the \(embeddingSize) features of a symbol's vector expected for a tied output, found "
          + "\(readoutFeatureCount)")
    }
    if context.isAttentive { try attention.validate() }
    if context == .jordan { try checkFeedback() }
  }

  /// What is fed back to a cell takes the place of its output, whose only memory it is.
  private func checkFeedback() throws(Failure) {
    let formula = try formula()
    let isOwn = !cellFormula.utf8.isEmpty
    let feedsOutput = formula.states.count == 1 && formula.output == "\(formula.states[0])'"
    guard feedsOutput, isOwn || cell == .outputFeedback else {
      throw Failure(
        .configuration, at: "cell",
        "a cell whose one state is its output expected with the context \(context.rawValue), found "
          + (isOwn ? "the states \(formula.states.joined(separator: ", "))" : cell.rawValue),
        advice: "Choose \(RecurrentCellKind.outputFeedback.rawValue), or another context.")
    }
    guard embeddingSize == hiddenSize else {
      throw Failure(
        .configuration, at: "embeddingSize",
        "as many features of a symbol's vector as units (\(hiddenSize)) expected with the context \(context.rawValue), "
          + "found \(embeddingSize)", advice: "A symbol's vector is fed back in place of the units.")
    }
    guard decoderLayerCount == 1 else {
      throw Failure(
        .configuration, at: "decoderLayerCount",
        "one layer of the decoder expected with the context \(context.rawValue), found \(decoderLayerCount)",
        advice: "Only the layer that gives the output has a target to be fed.")
    }
    guard recurrentDropout == 0 else {
      throw Failure(
        .configuration, at: "recurrentDropout",
        "no dropout of the recurrence expected with the context \(context.rawValue), found \(recurrentDropout)",
        advice: "Choose --embedding-dropout: what is fed back is a symbol's vector.")
    }
  }

  /// Refuses what was chosen and has no part in the model. A bundle is not asked: it is what it was trained as.
  /// - Throws: `Failure` of kind `configuration`.
  package func checkUse() throws(Failure) {
    guard !context.isAttentive || decoderLayerCount == 1 || connection == .plain else {
      throw Failure(
        .configuration, at: "model.connection",
        "layers that are \(ConnectionKind.plain.rawValue) expected of a decoder with attention and"
          + " \(decoderLayerCount) layers, found \(connection.rawValue)",
        advice: "Choose --decoder-layers 1, or --connection plain.")
    }
    guard let readoutSize, readoutSize != readoutFeatureCount else { return }
    throw Failure(
      .configuration, at: "model.readoutSize",
      "the \(readoutFeatureCount) features that the readout \((readout ?? context.readout).rawValue) has here expected,"
        + " found \(readoutSize)", advice: "Leave --readout-size out, or choose another --readout.")
  }

  /// The cell's equations with the rewrites asked for.
  /// - Throws: `Failure` where the user's equations are in error, or cannot be rewritten so.
  public func formula() throws(Failure) -> CellFormula {
    try CellFormula(
      text: cellFormula, or: cell, stored: equations, cellOptions, forgetBias: forgetBias,
      normalizesLayers: normalizesLayers, leak: leak ?? 1, recurrentDropout: recurrentDropout)
  }

  /// The number of weights, but for small vectors: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    let (features, hidden) = (Double(embeddingSize), Double(hiddenSize))
    let embeddings =
      ((sharesEmbeddings ? 0 : Double(sourceVocabularySize)) + Double(targetVocabularySize)) * features
    let tables = embeddings + (isTied ? 0 : Double(targetVocabularySize) * Double(readoutFeatureCount))
    let own = Double(encoderHiddenSize ?? hiddenSize)
    let directions = isBidirectional ? 2.0 : 1
    guard let parameters = try? formula().parameters else { return tables }
    let inputMaps = Double(parameters.count { $0.kind == .inputMap })
    let stateMaps = Double(parameters.count { $0.kind == .stateMap })
    let encoder =
      directions * (inputMaps * own * features + Double(encoderLayerCount) * stateMaps * own * own)
    let decoder = inputMaps * hidden * features + Double(decoderLayerCount) * stateMaps * hidden * hidden
    return tables + encoder + decoder
  }
}
