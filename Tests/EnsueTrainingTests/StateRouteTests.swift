// Streams cut into several sequences: each is what it is alone, from the states that are its own.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct StateRouteTests {
  /// Of two streams the end of a document, and those that begin after it: two in the first, one in the second.
  private static let sequences: [[Int32]] = [[1, 2], [3, 4, 5, 0], [6], [2, 1, 1], [5, 5, 3]]
  private static let origins: [Int?] = [0, nil, nil, 1, nil]
  private static let ends = [2, 4]

  private static func model(learnsInitialState: Bool) throws -> RecurrentLanguageModel {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (7, 3)
    (configuration.hiddenSize, configuration.layerCount) = (4, 2)
    configuration.learnsInitialState = learnsInitialState
    var model = try RecurrentLanguageModel(configuration, key: RandomKey(seed: 3))
    var index = 0
    model.forEachParameter { _, tensor, _ in
      tensor = .normal(tensor.shape, mean: 0, deviation: 0.4, key: RandomKey(seed: 8).derived(index))
      index += 1
    }
    return model.converted(to: .float64)
  }

  private static func row(_ stream: Int, of states: [[RecurrentState]]) -> [[RecurrentState]] {
    states.map { $0.map { RecurrentState($0.tensors.map { $0.sliced(stream..<stream + 1, axis: 0) }) } }
  }

  @Test(arguments: [false, true]) func everySequenceIsAsAlone(_ learnsInitialState: Bool) throws {
    let network = try StateRouteTests.model(learnsInitialState: learnsInitialState)
    let carried = network(PackedTokens([[1, 4, 2], [0, 6, 6]])).detachedStates
    let beginnings: [[[RecurrentState]]?] = [carried, nil]
    for states in beginnings { try check(.recurrent(network), from: states) }
  }

  private func check(_ model: AnyLanguageModel, from states: [[RecurrentState]]?) throws {
    let route = try #require(StateRoute(origins: StateRouteTests.origins, ends: StateRouteTests.ends))
    let tokens = PackedTokens(StateRouteTests.sequences)
    var after: [[RecurrentState]]?
    let (loss, gradients) = try valueAndGradient(of: model) { model in
      let result = try model.loss(
        tokens, targets: tokens.ids.map { Int($0) }, from: states, by: route, .inference)
      after = result.states
      return result.loss
    }
    var ends: [[[RecurrentState]]] = []
    let (sum, wanted) = try valueAndGradient(of: model) { model in
      var parts: [Tensor] = []
      for (sequence, origin) in zip(StateRouteTests.sequences, StateRouteTests.origins) {
        let own = origin.flatMap { stream in states.map { StateRouteTests.row(stream, of: $0) } }
        let result = try model.loss(
          PackedTokens([sequence]), targets: sequence.map { Int($0) }, from: own, .inference)
        ends.append(result.states ?? [])
        parts.append(result.loss * (Double(sequence.count) / Double(tokens.layout.rowCount)))
      }
      return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    }
    #expect(abs(loss.scalar - sum.scalar) < 1e-12)
    for name in wanted.names {
      let (found, expected) = (try #require(gradients[name]?.dense), try #require(wanted[name]?.dense))
      let disagreement = Disagreement(found, expected, relative: 1e-9, absolute: 1e-12)
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
    let streams = try #require(after)
    for (stream, end) in StateRouteTests.ends.enumerated() {
      let found = StateRouteTests.row(stream, of: streams).joined().flatMap(\.tensors)
      let expected = ends[end].joined().flatMap(\.tensors)
      #expect(found.count == 4 && zip(found, expected).allSatisfy { $0.isIdentical(to: $1) }, "stream \(stream)")
    }
  }

  @Test func wholeStreamsNeedNoRoute() {
    #expect(StateRoute(origins: [0, 1, 2], ends: [0, 1, 2]) == nil)
    #expect(StateRoute(origins: [0, nil, 2], ends: [0, 1, 2]) != nil)
  }
}
