// What fine-tuning trains, and at which rates, by the names of parameters.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTraining
import Testing

@Suite struct TuningPlanTests {
  private static let layerCount = 3

  private static func model() throws -> EncoderModel {
    var configuration = EncoderConfiguration(.bert)
    (configuration.vocabularySize, configuration.maximumPositions) = (11, 9)
    (configuration.width, configuration.embeddingSize, configuration.feedForwardSize) = (6, 6, 5)
    (configuration.headCount, configuration.layerCount) = (2, layerCount)
    return try EncoderModel(configuration, head: .classification, outputCount: 2, key: RandomKey(seed: 1))
  }

  private static func plan(
    of model: EncoderModel, _ change: (inout PretrainedConfiguration) -> Void
  ) throws -> TuningPlan {
    var settings = PretrainedConfiguration()
    change(&settings)
    return try TuningPlan(settings, for: model.encoder.configuration, sharesBlock: false)
  }

  /// The embedding is 0, then come the blocks, then the head.
  private static func level(_ name: String) -> Int {
    if name.hasPrefix("head.") { return layerCount + 1 }
    return (0..<layerCount).first { name.hasPrefix("encoder.blocks.\($0).") }.map { $0 + 1 } ?? 0
  }

  @Test func aLayersRateIsAShareOfThatOfTheOneAbove() throws {
    let model = try Self.model()
    let rates = try Self.plan(of: model) { $0.layerDecay = 0.5 }.rates(of: model)
    for parameter in model.parameters {
      let expected = [0.0625, 0.125, 0.25, 0.5, 1][Self.level(parameter.name)]
      #expect(rates[parameter.name] == expected, "\(parameter.name)")
    }
    #expect(try Self.plan(of: model) { _ in }.rates(of: model) == .equal)
  }

  @Test func whatIsFrozenIsNotTrained() throws {
    let model = try Self.model()
    let cases: [(change: (inout PretrainedConfiguration) -> Void, trained: ClosedRange<Int>)] = [
      ({ _ in }, 0...4), ({ $0.freezesEmbedding = true }, 1...4), ({ $0.frozenLayers = 2 }, 3...4),
      ({ $0.loraRank = 2 }, 4...4),
    ]
    for (index, entry) in cases.enumerated() {
      let plan = try Self.plan(of: model, entry.change)
      for parameter in model.parameters {
        let isTrained = entry.trained.contains(Self.level(parameter.name))
        #expect(plan.trains(parameter.name) == isTrained, "case \(index): \(parameter.name)")
      }
    }
    let adapted = try Self.plan(of: model) { $0.loraRank = 2 }
    let names = adapted.prepared(model, key: RandomKey(seed: 2)).parameters.map(\.name).filter(adapted.trains)
    #expect(names.contains { Self.level($0) == 1 } && !names.contains { Self.level($0) == 0 })
  }

  @Test func blocksAreToldToMakeTheirValuesAgain() throws {
    let model = try Self.model()
    for recomputes in [false, true] {
      let plan = try Self.plan(of: model) { $0.recomputes = recomputes }
      let prepared = plan.prepared(model, key: RandomKey(seed: 2))
      let expected: ActivationMemoryKind = recomputes ? .recomputed : .kept
      #expect(prepared.encoder.blocks.map(\.memory) == [expected, expected, expected])
      #expect(plan.shipped(prepared).encoder.blocks.map(\.memory) == [.kept, .kept, .kept])
    }
  }

  @Test func settingsOfAdaptersWantAdapters() throws {
    let model = try Self.model()
    let alone = #expect(throws: Failure.self) { try Self.plan(of: model) { $0.loraAlpha = 8 } }
    #expect(alone?.place == "pretrained.loraAlpha")
    let places = #expect(throws: Failure.self) { try Self.plan(of: model) { $0.loraPlaces = ["key"] } }
    #expect(places?.place == "pretrained.loraPlaces")
    #expect(throws: Never.self) {
      try Self.plan(of: model) { ($0.loraRank, $0.loraAlpha, $0.loraPlaces) = (2, 8, ["key"]) }
    }
  }
}
