// Properties of single parts: weights read out, dropout's places, positions, first weights, sizes that make none.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

@Suite struct MultiHeadAttentionTests {
  /// [head_1; …; head_h] W^O with head_i = weights_i V_i, from the weights that are read out.
  @Test func weightsReadOutGiveTheResult() throws {
    let attention = MultiHeadAttention(width: 6, memoryWidth: 4, headCount: 3, key: RandomKey(seed: 1))
      .converted(to: .float64)
    let x = CallerRows([2, 4]).packed(.normal([6, 6], key: RandomKey(seed: 2), .float64))
    let memory = CallerRows([3, 1]).packed(.normal([4, 4], key: RandomKey(seed: 3), .float64))
    let weights = attention.weights(x, keys: memory)
    let output = try #require(attention.output)
    let results = CallerRows.sequences(attention(x, keys: memory, values: memory))
    for (index, values) in CallerRows.sequences(memory).enumerated() {
      let (queries, keys) = (weights[index].shape[1], weights[index].shape[2])
      #expect(weights[index].shape == [3, [2, 4][index], values.shape[0]])
      let sums = weights[index].sum(axis: 2)
      #expect(Disagreement(sums, .ones(sums.shape, .float64), relative: 1e-12, absolute: 1e-12).isSmall)
      let projected = attention.value(values)
      let heads = (0..<3).map { head in
        matmul(
          weights[index].sliced(head..<head + 1, axis: 0).reshaped([queries, keys]),
          projected.sliced(head * 2..<head * 2 + 2))
      }
      let disagreement = Disagreement(output(concatenated(heads)), results[index], relative: 1e-10, absolute: 1e-12)
      #expect(disagreement.isSmall, "sequence \(index): \(disagreement)")
    }
  }

  @Test func causalWeightsAreLowerTriangular() {
    let attention = MultiHeadAttention(width: 4, headCount: 2, key: RandomKey(seed: 1))
    let x = CallerRows([3]).packed(.normal([3, 4], key: RandomKey(seed: 2)))
    let weights = attention.weights(x, keys: x, reach: .causal)[0].floats
    for head in 0..<2 {
      for query in 0..<3 {
        for key in 0..<3 { #expect((weights[(head * 3 + query) * 3 + key] == 0) == (key > query)) }
      }
    }
  }

  @Test func withoutAnOutputProjectionTheHeadIsTheResult() {
    let attention = MultiHeadAttention(width: 4, headCount: 1, hasOutput: false, key: RandomKey(seed: 1))
    #expect(attention.output == nil && attention.parameters.count == 6)
    let x = CallerRows([1]).packed(.normal([1, 4], key: RandomKey(seed: 2)))
    // One key: its weight is 1.
    #expect(Disagreement(attention(x).values, attention.value(x.values), relative: 1e-6, absolute: 1e-6).isSmall)
  }
}

@Suite struct TransformerDropoutTests {
  @Test func everyPlaceActsInTrainingAndNoneInInference() throws {
    let x = CallerRows([3, 5]).packed(.normal([8, 6], key: RandomKey(seed: 2)))
    let none = TransformerSubject.configuration(.pre, layers: 2)
    func results(_ change: (inout TransformerConfiguration) -> Void) throws -> (training: Tensor, inference: Tensor) {
      var configuration = none
      change(&configuration)
      let encoder = try TransformerEncoder(configuration, key: RandomKey(seed: 1))
      return (encoder(x, .training(RandomKey(seed: 4))).values, encoder(x).values)
    }
    let plain = try results { _ in }
    #expect(plain.training.isIdentical(to: plain.inference))
    for (name, change) in [
      ("dropout", { $0.dropout = 0.5 }), ("attentionDropout", { $0.attentionDropout = 0.5 }),
      ("feedForwardDropout", { $0.feedForwardDropout = 0.5 }),
    ] as [(String, (inout TransformerConfiguration) -> Void)] {
      let found = try results(change)
      #expect(found.inference.isIdentical(to: plain.inference), "\(name)")
      #expect(!found.training.isIdentical(to: plain.training), "\(name)")
    }
  }
}

@Suite struct PositionTests {
  @Test(arguments: PositionKind.allCases) func aRowsPlaceIsItsStep(_ kind: PositionKind) {
    let positions = Positions(kind, featureCount: 4, maximumLength: 9, deviation: 1, key: RandomKey(seed: 1))
      .converted(to: .float64)
    let zeros = CallerRows([2, 4, 1]).packed(.zeros([7, 4], .float64))
    let table =
      switch kind {
      case .none, .rotary: Tensor.zeros([9, 4], .float64)
      case .sinusoidal: SinusoidalPositions.vectors(of: 0..<9, width: 4)
      case .learned: positions.parameters[0].tensor
      }
    for starts in [nil, [0, 0, 0], [3, 5, 8]] as [[Int]?] {
      for (index, rows) in CallerRows.sequences(positions(zeros, from: starts)).enumerated() {
        let start = starts?[index] ?? 0
        #expect(rows.isIdentical(to: table.sliced(start..<start + rows.shape[0], axis: 0)), "\(kind) \(index)")
      }
    }
  }

  @Test(arguments: PositionKind.allCases) func sinusoidsMeetVectorsOfTheirSize(_ kind: PositionKind) {
    let positions = Positions(kind, featureCount: 4, maximumLength: 9, key: RandomKey(seed: 1))
    let ones = CallerRows([1]).packed(.ones([1, 4]))
    let difference = (positions.embedded(ones).values - positions(ones).values).floats
    #expect(difference.allSatisfy { $0 == (kind == .sinusoidal ? 1 : 0) })
  }

  @Test func aSentenceLongerThanTheTableIsRefused() throws {
    let layout = PackedLayout(lengths: [2, 5, 3])
    let learned = Positions(.learned, featureCount: 4, maximumLength: 5, key: RandomKey(seed: 1))
    try learned.check(layout)
    try learned.check(layout, from: [3, 0, 2])
    let grown = #expect(throws: Failure.self) { try learned.check(layout, from: [4, 0, 2]) }
    #expect(grown?.kind == .data && grown?.problem.contains("found one of 6") == true)
    #expect(throws: Failure.self) { try learned.check(PackedLayout(lengths: [6])) }
    try Positions(.sinusoidal, featureCount: 4, maximumLength: 5, key: RandomKey(seed: 1)).check(
      PackedLayout(lengths: [600]))
  }

  @Test func onlyPlacesThatWereReadHaveAGradient() {
    let positions = Positions(.learned, featureCount: 2, maximumLength: 4, key: RandomKey(seed: 1))
    let zeros = CallerRows([2, 3]).packed(.zeros([5, 2]))
    let (_, gradients) = valueAndGradient(of: positions) { $0(zeros).values.sum() }
    #expect(gradients["table"]?.dense.floats == [2, 2, 2, 2, 1, 1, 0, 0])
  }
}

@Suite struct TransformerInitializerTests {
  /// Huang et al. (2020), section 3.
  @Test func tFixupHasThePapersNumbers() {
    let encoder = TransformerInitialization(.tFixup, stack: .encoder, layerCount: 6)
    let decoder = TransformerInitialization(.tFixup, stack: .decoder, layerCount: 6)
    // 0.67 · 6^(−1/4) and (9 · 6)^(−1/4).
    for matrix in [TransformerMatrixKind.value, .output, .inner, .outer] {
      #expect(abs(encoder.scale(of: matrix) - 0.428091880) < 1e-8, "\(matrix) \(encoder.scale(of: matrix))")
      #expect(abs(decoder.scale(of: matrix) - 0.368893973) < 1e-8, "\(matrix) \(decoder.scale(of: matrix))")
    }
    for matrix in [TransformerMatrixKind.query, .key] {
      #expect(encoder.scale(of: matrix) == 1 && decoder.scale(of: matrix) == 1)
    }
    let table = TransformerInitializerKind.tFixup.embedding(
      rows: 400, width: 64, layerCount: 6, key: RandomKey(seed: 1)
    ).doubles
    // (9 · 6)^(−1/4) · 64^(−1/2), over 25,600 numbers.
    let deviation = (table.reduce(0) { $0 + $1 * $1 } / Double(table.count)).squareRoot()
    #expect(abs(deviation / (0.36889397 / 8) - 1) < 0.02)
  }

  @Test func everyMatrixOfAStackIsGlorotsTimesItsScale() throws {
    var configuration = TransformerSubject.configuration(.none, layers: 3)
    configuration.initializer = .glorot
    let key = RandomKey(seed: 7)
    let (encoder, decoder) = (
      try TransformerEncoder(configuration, key: key), try TransformerDecoder(configuration, key: key)
    )
    configuration.initializer = .tFixup
    try check(TransformerEncoder(configuration, key: key), encoder, 0.67 / 3.0.squareRoot().squareRoot())
    try check(TransformerDecoder(configuration, key: key), decoder, 1 / 27.0.squareRoot().squareRoot())
  }

  private func check(_ scaled: some Module, _ plain: some Module, _ scale: Double) throws {
    for (a, b) in zip(scaled.parameters, plain.parameters) {
      let isLeft = a.name.hasSuffix("bias") || a.name.contains(".query.") || a.name.contains(".key.")
      let expected = isLeft ? b.tensor : b.tensor * scale
      #expect(Disagreement(a.tensor, expected, relative: 1e-6, absolute: 1e-9).isSmall, "\(a.name)")
    }
  }

  @Test func gpt2HasThePapersNumbers() {
    let initialization = TransformerInitialization(.gpt2, layerCount: 8)
    for matrix in TransformerMatrixKind.allCases {
      let endsInResidual = [.output, .outer].contains(matrix)
      let expected = endsInResidual ? 0.02 / 4 : 0.02
      let values = initialization.matrix(matrix, output: 160, input: 160, key: RandomKey(seed: 1)).doubles
      let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      #expect(abs(deviation / expected - 1) < 0.02, "\(matrix)")
    }
  }
}

@Suite struct TransformerConfigurationTests {
  private static let bad: [(place: String, change: @Sendable (inout TransformerConfiguration) -> Void)] = [
    ("headCount", { $0.headCount = 5 }), ("headCount", { $0.headCount = 0 }), ("width", { $0.width = 0 }),
    ("layerCount", { $0.layerCount = -1 }), ("feedForwardSize", { $0.feedForwardSize = 0 }),
    ("dropout", { $0.dropout = 1 }), ("attentionDropout", { $0.attentionDropout = -0.1 }),
    ("feedForwardDropout", { $0.feedForwardDropout = .nan }), ("epsilon", { $0.epsilon = 0 }),
    ("keyHeadCount", { $0.keyHeadCount = 3 }), ("keyHeadCount", { $0.keyHeadCount = 0 }),
    ("headCount", { ($0.width, $0.rotary) = (24, RotaryPositions()) }),
    ("rotary.base", { $0.rotary = RotaryPositions(base: 1) }),
    ("rotary.base", { $0.rotary = RotaryPositions(base: .infinity) }),
  ]

  @Test func sizesThatMakeNoTransformerAreRefused() throws {
    try TransformerConfiguration.vaswani2017.check()
    for (place, change) in Self.bad {
      var configuration = TransformerConfiguration()
      change(&configuration)
      let failure = #expect(throws: Failure.self) { try configuration.check(section: "model.") }
      #expect(failure?.kind == .configuration && failure?.place == "model.\(place)", "\(place)")
      #expect(throws: Failure.self) { try TransformerEncoder(configuration, key: RandomKey(seed: 0)) }
      #expect(throws: Failure.self) { try TransformerDecoder(configuration, key: RandomKey(seed: 0)) }
    }
  }

  @Test(arguments: FeedForwardKind.allCases) func theLeastCountIsThatOfTheMatrices(_ kind: FeedForwardKind) throws {
    var configuration = TransformerSubject.configuration(.post, layers: 2)
    (configuration.feedForward, configuration.keyHeadCount) = (kind, kind == .gated ? 1 : nil)
    let encoder = try TransformerEncoder(configuration, key: RandomKey(seed: 0))
    let decoder = try TransformerDecoder(configuration, key: RandomKey(seed: 0))
    func matrices(_ module: some Module) -> Double {
      Double(module.parameters.filter { $0.tensor.shape.rank == 2 }.reduce(0) { $0 + $1.tensor.count })
    }
    #expect(configuration.leastWeightCount(.encoder) == matrices(encoder))
    #expect(configuration.leastWeightCount(.decoder) == matrices(decoder))
  }

  /// Files of before these settings.
  @Test func whatAnOlderFileLacksIsAsItWas() throws {
    let encoder = JSONEncoder()
    let whole = try #require(
      JSONValue.parse(Array(encoder.encode(TransformerConfiguration.vaswani2017)), name: "new").objectValue)
    var older = whole
    for key in ["feedForward", "normKind"] {
      #expect(whole[key] != nil)
      older[key] = nil
    }
    let text = JSONValue.object(older).description
    #expect(
      try JSONDecoder().decode(TransformerConfiguration.self, from: Data(text.utf8)) == .vaswani2017)
    var today = TransformerConfiguration()
    (today.keyHeadCount, today.normKind, today.feedForward, today.rotary) = (2, .rms, .gated, RotaryPositions(base: 9))
    let read = try JSONDecoder().decode(TransformerConfiguration.self, from: encoder.encode(today))
    #expect(read == today)
  }
}
