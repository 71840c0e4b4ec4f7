// The decoders that the laws are tried on: cells, scores, distributions and orders.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A decoder of some parts, in double precision with every parameter random, and a batch whose sources and inputs differ
/// in their order by length.
struct AttentiveSubject: Sendable, CustomTestStringConvertible {
  let name: String
  let configuration: AttentiveDecoderConfiguration
  var testDescription: String { name }

  static let hiddenSize = 4
  static let inputs = PackedLayout(lengths: [3, 1, 4, 2])
  static let sources = PackedLayout(lengths: [2, 5, 3, 1])

  var decoder: AttentiveDecoder { AttentiveDecoder(configuration, key: RandomKey(seed: 4)).randomized() }

  /// Inputs, sources and each state of each layer (longest input first), packed rows.
  func tensors(_ inputs: PackedLayout = inputs, _ sources: PackedLayout = sources, _ type: ElementType = .float64)
    -> [Tensor]
  {
    let (key, c) = (RandomKey(seed: 12), configuration)
    let states = (0..<c.layerCount * c.formula.states.count).map {
      Tensor.normal([inputs.batchSize, c.hiddenSize], deviation: 0.5, key: key.derived("state").derived($0), type)
    }
    return [
      .normal([inputs.rowCount, c.inputSize], key: key.derived("inputs"), type),
      .normal([sources.rowCount, c.attention.keySize], key: key.derived("sources"), type),
    ] + states
  }

  func states(_ tensors: [Tensor]) -> [[RecurrentState]] {
    let count = configuration.formula.states.count
    return (0..<configuration.layerCount).map {
      [RecurrentState(Array(tensors[2 + $0 * count..<2 + ($0 + 1) * count]))]
    }
  }

  // MARK: All

  static let cells: [(String, CellFormula)] =
    [RecurrentCellKind.lstm, .gru, .mut1, .lstmLayerNorm].map { ($0.rawValue, $0.formula()) }
    + CellSubject.all.filter { $0.name.hasPrefix("four phases") || $0.name.hasPrefix("states that") }.map {
      ($0.name, $0.formula)
    }

  /// Every cell in every order, in one and two layers.
  static let ofCells: [AttentiveSubject] = cells.flatMap { name, formula in
    orders.flatMap { order in
      [1, 2].map { layers in
        let attention = AttentionConfiguration(score: .additive, querySize: hiddenSize, keySize: 3, hiddenSize: 5)
        // x as it is, where x and what joins it are as wide as the units.
        let width = order.order == .before ? 1 : 5
        return AttentiveSubject(
          name: "\(name) \(order.name) \(layers)",
          configuration: .init(
            formula: formula, inputSize: width, hiddenSize: hiddenSize, layerCount: layers, attention: attention,
            order: order.order, feedsInput: order.feeds))
      }
    }
  }

  static let orders: [(name: String, order: AttentionOrder, feeds: Bool)] = [
    ("before", .before, false), ("fed", .after, true), ("after", .after, false),
  ]

  /// Every score with every distribution where attention reaches the recurrence.
  static let ofFunctions: [AttentiveSubject] = AttentionScoreKind.allCases.flatMap { score in
    AttentionDistributionKind.allCases.flatMap { distribution in
      orders.prefix(2).map { order in
        let equal = score.needsEqualWidths || distribution.needsEqualWidths
        let attention = AttentionConfiguration(
          score: score, distribution: distribution, querySize: hiddenSize, keySize: equal ? hiddenSize : 3,
          hiddenSize: 5, featureCount: 6, positionCount: 3, positionFeatureCount: 5)
        return AttentiveSubject(
          name: "\(score.rawValue) \(distribution.rawValue) \(order.name)",
          configuration: .init(
            formula: RecurrentCellKind.gru.formula(), inputSize: 2, hiddenSize: hiddenSize, attention: attention,
            order: order.order, feedsInput: order.feeds))
      }
    }
  }

  /// Every activation of the scores that have one.
  static let ofActivations: [AttentiveSubject] = [
    AttentionScoreKind.activatedGeneral, .additive, .deep, .location,
  ].flatMap { score in
    ActivationKind.allCases.map { activation in
      let attention = AttentionConfiguration(
        score: score, querySize: hiddenSize, keySize: 3, hiddenSize: 5, activation: activation, positionCount: 3)
      return AttentiveSubject(
        name: "\(score.rawValue) \(activation.rawValue)",
        configuration: .init(
          formula: RecurrentCellKind.gru.formula(), inputSize: 2, hiddenSize: hiddenSize, attention: attention,
          order: .before))
    }
  }

  /// Every kind of neighbourhood in every order; and with every distribution, of a score of the keys and of one that
  /// does not look at all of them.
  static let local: [AttentiveSubject] = LocalAttentionKind.allCases.flatMap { kind in
    orders.map { order in
      AttentiveSubject(
        name: "local \(kind.rawValue) \(order.name)",
        configuration: .init(
          formula: RecurrentCellKind.gru.formula(), inputSize: 2, hiddenSize: hiddenSize,
          attention: AttentionConfiguration(score: .general, querySize: hiddenSize, keySize: 3),
          locality: AttentionLocality(kind: kind, radius: 2), order: order.order, feedsInput: order.feeds))
    } + localFunctions(kind)
  }

  private static func localFunctions(_ kind: LocalAttentionKind) -> [AttentiveSubject] {
    [AttentionScoreKind.activatedGeneral, .location].flatMap { score in
      AttentionDistributionKind.allCases.map { distribution in
        let attention = AttentionConfiguration(
          score: score, distribution: distribution, querySize: hiddenSize,
          keySize: distribution.needsEqualWidths ? hiddenSize : 3, hiddenSize: 5, positionCount: 3)
        return AttentiveSubject(
          name: "local \(kind.rawValue) \(score.rawValue) \(distribution.rawValue)",
          configuration: .init(
            formula: RecurrentCellKind.gru.formula(), inputSize: 2, hiddenSize: hiddenSize, attention: attention,
            locality: AttentionLocality(kind: kind, radius: 1), order: .after, feedsInput: true))
      }
    }
  }

  static let all = ofCells + ofFunctions + ofActivations + local
}

/// A decoder with its inputs, source and first states, all differentiated.
struct AttentiveSystem: Module {
  var decoder: AttentiveDecoder
  var inputs: TensorList

  init(_ subject: AttentiveSubject) {
    (decoder, inputs) = (subject.decoder, TensorList(subject.tensors()))
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("decoder", &decoder)
    visitor.module("inputs", &inputs)
  }
}
