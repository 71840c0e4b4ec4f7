// The arrangements of attention: their laws, and their numbers against Tests/Goldens/attention-scores.py.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct AttentionArrangementLaws {
  private let queries = AttentionBatch.queries
  private let keys = AttentionBatch.keys

  @Test(arguments: ArrangementSubject.allCases) func gradientEqualsFiniteDifferences(_ subject: ArrangementSubject) {
    let inputs = ArrangementInputs(queries.layout, keys.layout)
    let system = AttentionSystem(part: subject.makeModule().randomized(), inputs: TensorList(inputs.tensors))
    let disagreements = gradientDisagreements(of: system) { system in
      let own = ArrangementInputs(queries.layout, keys.layout, system.inputs.tensors)
      let output = subject.output(system.part.base, own, documents: [1, 0, 1])
      return (output * .uniform(output.shape, in: 0.5...1.5, key: RandomKey(seed: 5), .float64)).sum()
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test(arguments: ArrangementSubject.allCases) func aSequenceAloneEqualsItInTheBatch(_ subject: ArrangementSubject) {
    let inputs = ArrangementInputs(queries.layout, keys.layout)
    let module = subject.makeModule().randomized().base
    let batch = subject.output(module, inputs)
    for index in 0..<3 {
      let alone = subject.output(module, inputs.alone(index, queries, keys))
      let expected =
        subject.isByQuery ? queries.sequence(index, of: batch) : batch.sliced(index..<index + 1, axis: 0)
      #expect(alone.isIdentical(to: expected))
    }
  }

  @Test(arguments: ArrangementSubject.allCases) func oneThreadEqualsManyBitForBit(_ subject: ArrangementSubject) {
    let layouts = [7, 5].map { factor in PackedLayout(lengths: (0..<30).map { 1 + ($0 * factor) % 23 }) }
    let inputs = ArrangementInputs(layouts[0], layouts[1], .float32)
    let documents = (0..<30).map { ($0 * 7) % 11 }
    let system = AttentionSystem(
      part: subject.makeModule().randomized().converted(to: .float32), inputs: TensorList(inputs.tensors))
    let results = [1, 2, 3, 8].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        valueAndGradient(of: system) {
          let own = ArrangementInputs(layouts[0], layouts[1], $0.inputs.tensors)
          return square(subject.output($0.part.base, own, documents: documents)).mean()
        }
      }
    }
    for result in results {
      #expect(result.value.isIdentical(to: results[0].value))
      for name in result.gradients.names {
        let (here, first) = (result.gradients[name]?.dense, results[0].gradients[name]?.dense ?? .zeros([]))
        #expect(here?.isIdentical(to: first) == true, "\(name)")
      }
    }
  }

  @Test(arguments: ArrangementSubject.allCases) func everyParameterIsVisited(_ subject: ArrangementSubject) {
    let module = subject.makeModule()
    // A recurrent cell also keeps what it packed of its weights.
    if subject != .hierarchical { #expect(tensorCount(in: module.base) == module.parameters.count) }
    #expect(Set(module.parameters.map(\.name)).count == module.parameters.count)
  }
}

@Suite struct AttentionArrangementGoldens {
  private let queries = AttentionBatch.queries
  private let keys = AttentionBatch.keys

  /// - Parameter subject: its golden has the sizes that this gives it.
  private func check<Part: Module>(
    _ name: String, parameters: String? = nil, _ module: Part,
    _ output: (Part, (String, AttentionRows) throws -> PackedSequence) throws -> [(String, Tensor)]
  ) throws {
    let reader = try SafetensorsReader(TestFiles.golden("attention-scores.safetensors"))
    var inputs: [String: Tensor] = [:]
    for input in ["queries4", "queries5", "keys", "values"] { inputs[input] = try reader.tensor(input) }
    let filled = try module.converted(to: .float64).filled(from: reader, parameters ?? name)
    let results = try output(filled) { name, rows in rows.packed(try #require(inputs[name])) }
    for (suffix, result) in results {
      let disagreement = Disagreement(
        result, try reader.tensor("\(name)/\(suffix)"), relative: 1e-12, absolute: 1e-12)
      #expect(disagreement.isSmall, "\(suffix): \(disagreement)")
    }
  }

  private let additive = AttentionConfiguration(score: .additive, querySize: 5, keySize: 4, hiddenSize: 6)
  private let dot = AttentionConfiguration(score: .dot, querySize: 4, hiddenSize: 6)
  private let key = RandomKey(seed: 0)

  @Test func pooling() throws {
    try check("pooling", AttentionPooling(additive, queryCount: 2, key: key)) { pooling, input in
      let states = try input("keys", keys)
      return [("output", pooling(states).vectors.gathered(states.layout.positions))]
    }
  }

  @Test func multiDimensional() throws {
    try check("multi-dimensional", MultiDimensionalAttention(additive, valueSize: 3, key: key)) { attention, input in
      let output = attention(
        queries: try input("queries5", queries), keys: try input("keys", keys), values: try input("values", keys))
      return [("output", queries.unpacked(output.values.values))]
    }
  }

  @Test func coAttention() throws {
    try check("co-attention", CoAttention(firstSize: 5, secondSize: 4, hiddenSize: 6, key: key)) { attention, input in
      let both = attention(try input("queries5", queries), try input("keys", keys))
      return [("first", both.first.vectors), ("second", both.second.vectors)]
    }
  }

  @Test(arguments: LocalAttentionKind.allCases) func local(_ kind: LocalAttentionKind) throws {
    try check("local-\(kind.rawValue)", LocalAttention(kind, dot, radius: 2, key: key)) { attention, input in
      let output = attention(
        queries: try input("queries4", queries), keys: try input("keys", keys), values: try input("values", keys))
      return [("output", queries.unpacked(output.attention.values))]
    }
  }

  @Test func multiRepresentational() throws {
    let module = MultiRepresentational(inputSizes: [4, 3], outputSize: 6, key: key)
    try check("multi-representational", module) { sum, input in
      let output = sum([try input("keys", keys), try input("values", keys)])
      return [("output", keys.unpacked(output.values.values))]
    }
  }

  @Test(arguments: [false, true]) func performer(_ isCausal: Bool) throws {
    let module = PerformerAttention(size: 4, featureCount: 7, key: key)
    try check(isCausal ? "performer-causal" : "performer", parameters: "performer", module) { attention, input in
      let output = attention(
        queries: try input("queries4", queries), keys: try input("keys", keys), values: try input("values", keys),
        isCausal: isCausal)
      return [("output", queries.unpacked(output.values))]
    }
  }
}

@Suite struct AttentionArrangementTests {
  private let queries = AttentionBatch.queries
  private let keys = AttentionBatch.keys

  /// Within the window the weights are the window's softmax times the Gaussian; outside they are 0.
  @Test(arguments: LocalAttentionKind.allCases) func localWindowsHaveTheGaussian(_ kind: LocalAttentionKind) {
    let radius = 3
    let lengths = AttentionRows(lengths: [9, 4, 12])
    let rows = PackedSequence(
      layout: lengths.layout, values: .normal([25, 4], key: RandomKey(seed: 2), .float64))
    let configuration = AttentionConfiguration(score: .scaledDot, querySize: 4)
    let local = LocalAttention(kind, configuration, radius: radius, key: RandomKey(seed: 7)).converted(to: .float64)
    let flat = LocalAttention(kind, configuration, radius: radius, deviation: nil, key: RandomKey(seed: 7))
      .converted(to: .float64)
    let (near, window) = (
      local(queries: rows, keys: rows, values: rows), flat(queries: rows, keys: rows, values: rows)
    )
    for index in 0..<3 {
      let places = lengths.sequence(index, of: near.places.values).doubles
      let pairs = zip(near.attention.alignment(of: index), window.attention.alignment(of: index))
      for (step, (weights, flat)) in pairs.enumerated() {
        if kind == .monotonic { #expect(places[step] == Double(step + 1)) }
        #expect(abs(flat.reduce(0, +) - 1) < 1e-12)
        for (keyStep, weight) in weights.enumerated() {
          let distance = Double(keyStep + 1) - places[step]
          #expect((flat[keyStep] > 0) == (abs(distance) <= Double(radius)))
          let gaussian = exp(-distance * distance / (2 * 1.5 * 1.5))
          #expect(abs(weight - flat[keyStep] * gaussian) < 1e-12)
        }
      }
    }
  }

  /// Level by level by hand: the sentences of a document in their order, whatever stands between them.
  @Test func aDocumentIsItsOwnSentences() {
    let inputs = ArrangementInputs(queries.layout, keys.layout)
    let configuration = HierarchicalAttentionConfiguration(inputSize: 4, hiddenSize: 3, score: .general)
    let network = HierarchicalAttention(configuration, key: RandomKey(seed: 4)).randomized()
    let together = network(inputs.keys, documents: [1, 0, 1])
    let first = keys.sequence(1, of: inputs.keys.values)
    let alone = network(
      PackedSequence(layout: PackedLayout(lengths: [5]), values: first), documents: [0])
    #expect(alone.documents.isIdentical(to: together.documents.sliced(0..<1, axis: 0)))
    let others = AttentionRows(lengths: [2, 3])
    let rows = concatenated([0, 2].map { keys.sequence($0, of: inputs.keys.values) }, axis: 0)
    let second = network(others.packed(rows), documents: [0, 0])
    #expect(second.documents.isIdentical(to: together.documents.sliced(1..<2, axis: 0)))
    #expect(together.words.alignment(of: 1)[0].count == 5 && together.sentences.alignment(of: 1)[0].count == 2)
  }

  @Test func aMaskReachesThePooling() {
    let states = PackedSequence(layout: keys.layout, values: .normal([10, 4], key: RandomKey(seed: 1), .float64))
    let pooling = AttentionPooling(AttentionConfiguration(querySize: 4), queryCount: 2, key: RandomKey(seed: 2))
      .converted(to: .float64)
    let lasts = PairMask(pooling.pairs(with: states.layout)) { sequence, _, step in step == [1, 4, 2][sequence] }
    let last = states.last()
    let expected = concatenated([last, last])
    #expect(Disagreement(pooling(states, mask: lasts).vectors, expected).isSmall)
  }
}
