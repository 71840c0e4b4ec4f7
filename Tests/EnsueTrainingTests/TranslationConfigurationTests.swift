// What makes no translation model is refused by name, and what does goes to a file and back.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import Foundation
import Testing

@Suite struct TranslationConfigurationTests {
  @Test(arguments: TranslationSample.all) func architecturesComeBackFromFiles(_ sample: TranslationSample) throws {
    let bytes = try JSONEncoder().encode(sample.architecture)
    #expect(try JSONDecoder().decode(TranslationArchitecture.self, from: bytes) == sample.architecture)
    let model = try sample.architecture.makeModel(key: RandomKey(seed: 1))
    #expect(sample.architecture.leastWeightCount <= Double(model.parameterCount), "\(sample.name)")
    #expect(2.5 * sample.architecture.leastWeightCount > Double(model.parameterCount) - 200, "\(sample.name)")
    #expect(model.sourceVocabularySize == sample.architecture.sourceVocabularySize)
    #expect(model.vocabularySize == sample.architecture.targetVocabularySize)
  }

  private func refused(
    _ place: String, _ change: (inout RecurrentTranslatorConfiguration) -> Void
  ) {
    var configuration = RecurrentTranslatorConfiguration()
    (configuration.embeddingSize, configuration.hiddenSize) = (3, 4)
    change(&configuration)
    let failure = #expect(throws: Failure.self) { try RecurrentTranslator(configuration, key: RandomKey(seed: 0)) }
    #expect(
      failure?.kind == .configuration && failure?.place == place, "\(place): \(failure.map { "\($0)" } ?? "nothing")")
  }

  @Test func badRecurrentModelsAreRefused() {
    refused("hiddenSize") { $0.hiddenSize = 0 }
    refused("decoderLayerCount") { $0.decoderLayerCount = -1 }
    refused("zoneout") { $0.zoneout = 1 }
    refused("wordDropout") { $0.wordDropout = -0.1 }
    refused("sharesEmbeddings") { ($0.sharesEmbeddings, $0.sourceVocabularySize) = (true, 5) }
    refused("bridge") { $0.bridge = .states }
    refused("bridge") { ($0.context, $0.bridge) = (.initialState, .zeros) }
    refused("readout") { ($0.context, $0.readout) = (.initialState, .joined) }
    refused("readout") { ($0.context, $0.readout) = (.luong, .state) }
    refused("feedsInput") { ($0.context, $0.readout) = (.luong, .maxout) }
    refused("connection") { ($0.connection, $0.encoderLayerCount) = (.skip, 2) }
    refused("connection") { ($0.context, $0.connection, $0.decoderLayerCount) = (.everyStep, .skip, 2) }
    refused("localAttention") { $0.localAttention = .monotonic }
    refused("isTied") {
      $0.readout = .state; $0.isTied = true
    }
    refused("attention") { $0.score = .dot }
    refused("cell") { ($0.context, $0.embeddingSize) = (.jordan, 4) }
    refused("cell") { ($0.context, $0.embeddingSize, $0.cell) = (.jordan, 4, .rnn) }
    refused("cell") {
      $0.cellFormula = "state h, c\nc' = tanh(W_c x + U_c h + c)\nh' = tanh(c')\noutput h'"
      ($0.context, $0.embeddingSize) = (.jordan, 4)
    }
    refused("embeddingSize") { ($0.context, $0.cell) = (.jordan, .outputFeedback) }
    refused("decoderLayerCount") {
      ($0.context, $0.cell, $0.embeddingSize, $0.decoderLayerCount) = (.jordan, .outputFeedback, 4, 2)
    }
    refused("recurrentDropout") {
      ($0.context, $0.cell, $0.embeddingSize, $0.recurrentDropout) = (.jordan, .outputFeedback, 4, 0.5)
    }
    refused("attention") { ($0.distribution, $0.alpha) = (.entmax, 0) }
  }

  @Test func whatNothingReadsIsRefused() throws {
    func place(_ change: (inout RecurrentTranslatorConfiguration) -> Void) -> String? {
      var configuration = RecurrentTranslatorConfiguration()
      change(&configuration)
      do throws(Failure) {
        try configuration.checkUse()
        return nil
      } catch { return error.place }
    }
    #expect(place { _ in } == nil)
    #expect(place { ($0.connection, $0.encoderLayerCount) = (.residual, 2) } == nil)
    #expect(place { ($0.connection, $0.decoderLayerCount) = (.residual, 2) } == "model.connection")
    #expect(place { ($0.context, $0.connection, $0.decoderLayerCount) = (.everyStep, .residual, 2) } == nil)
    #expect(place { $0.readoutSize = 7 } == nil)
    #expect(place { ($0.context, $0.readoutSize) = (.luong, 7) } == "model.readoutSize")
    #expect(place { ($0.context, $0.readoutSize) = (.initialState, 7) } == "model.readoutSize")
  }

  /// Beyond its places a score by location would leave symbols out.
  @Test func locationsHaveAnEnd() throws {
    var configuration = RecurrentTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (3, 3)
    (configuration.embeddingSize, configuration.hiddenSize, configuration.encoderHiddenSize) = (2, 2, 1)
    configuration.score = .location
    let architecture = TranslationArchitecture.recurrent(configuration)
    let model = try architecture.makeModel(key: RandomKey(seed: 1))
    #expect(architecture.sourceLength == 512 && model.sourceLength == 512)
    let inputs = PackedTokens([[0, 1]])
    for (count, isRead) in [(512, true), (513, false)] {
      let sources = PackedTokens([[Int32](repeating: 1, count: count)])
      #expect(((try? model.makeMemory(sources)) != nil) == isRead)
      #expect(((try? model.logits(sources: sources, inputs: inputs)) != nil) == isRead)
      #expect(((try? model.attention(sources: sources, inputs: inputs)) != nil) == isRead)
    }
    configuration.score = .additive
    #expect(try TranslationArchitecture.recurrent(configuration).makeModel(key: RandomKey(seed: 1)).sourceLength == nil)
  }

  /// Tables are most of a model of many words: a count without their width would let any vocabulary pass.
  @Test func tablesCount() {
    var configuration = RecurrentTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (1_000_000, 1_000_000)
    (configuration.embeddingSize, configuration.hiddenSize) = (100, 100)
    #expect(configuration.leastWeightCount >= 3e8)
    configuration.isTied = true
    #expect((2e8..<2.1e8).contains(configuration.leastWeightCount))
  }

  @Test func badTransformersAreRefused() {
    func refused(_ place: String, _ change: (inout TransformerTranslatorConfiguration) -> Void) {
      var configuration = TransformerTranslatorConfiguration()
      change(&configuration)
      let failure = #expect(throws: Failure.self) { try TransformerTranslator(configuration, key: RandomKey(seed: 0)) }
      #expect(failure?.kind == .configuration && failure?.place == place, "\(place)")
    }
    refused("contextLength") { $0.contextLength = 0 }
    refused("decoderLayerCount") { $0.decoderLayerCount = 0 }
    refused("embeddingDropout") { $0.embeddingDropout = 1 }
    refused("sharesEmbeddings") { ($0.sharesEmbeddings, $0.sourceVocabularySize) = (true, 5) }
    refused("transformer.headCount") { $0.transformer.headCount = 3 }
  }

  @Test func placesEndWhereLearnedPositionsDo() throws {
    let sample = TranslationSample.transformers[1]
    let model = try sample.model()
    #expect(model.contextLength == 12 && model.sourceLength == 12)
    let (sources, inputs) = sample.pairs([(13, 2)], seed: 1)
    #expect(throws: Failure.self) { try model.makeMemory(PackedTokens(sources)) }
    #expect(throws: Failure.self) { try model.logits(sources: PackedTokens(sources), inputs: PackedTokens(inputs)) }
    var memory = try model.makeMemory(PackedTokens([[1]]))
    _ = try model.next(PackedTokens([[Int32](repeating: 1, count: 12)]), &memory)
    #expect(throws: Failure.self) { try model.next(PackedTokens([[1]]), &memory) }
    #expect(throws: Failure.self) {
      try model.logits(sources: PackedTokens([[1]]), inputs: PackedTokens([[Int32](repeating: 1, count: 13)]))
    }
    let others = try TranslationSample.all.map { try $0.model().contextLength }
    #expect(others.count { $0 != nil } == 1)
  }
}
