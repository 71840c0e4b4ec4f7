// The weights that are shown are the weights that are used: from the maps the outputs are computed again.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct AttentionMapTests {
  private typealias Subject = StateAttentionSubject
  private static let ids: [Int32] = [3, 4, 11, 5, 4, 9]
  private static let sentence = TokenizedSentence(ids: ids, tokens: ids.map { "w\($0)" })

  /// Of a row of weights and rows of values, in double precision: Σ w_j v_j.
  private static func sum(_ weights: [Double], _ values: [[Double]]) -> [Double] {
    values[0].indices.map { column in zip(weights, values).reduce(0) { $0 + $1.0 * $1.1[column] } }
  }

  private static func rows(_ tensor: Tensor) -> [[Double]] {
    let (values, width) = (tensor.doubles, tensor.shape[1])
    return (0..<tensor.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  private static func tensor(_ rows: [[Double]]) -> Tensor {
    Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count])
  }

  private static func expectRowsOfDistributions(_ maps: [AttentionMap]) {
    for map in maps {
      for row in map.weights {
        #expect(row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-6, "\(map.level) \(map.layer) \(map.head)")
      }
    }
  }

  // MARK: Transformers

  @Test(arguments: NormPlacementKind.allCases) func aTransformersOutputFollowsFromItsMaps(_ norm: NormPlacementKind)
    throws
  {
    let model = try #require(
      try Subject.model(.transformer) { ($0.norm, $0.width, $0.feedForwardSize) = (norm, 6, 8) }
        as? TransformerClassifier
    ).converted(to: .float64)
    let tokens = PackedTokens([AttentionMapTests.ids])
    let maps = model.attentionMaps(of: AttentionMapTests.sentence)
    #expect(maps.map(\.head) == [1, 2, 3] && maps.allSatisfy { $0.layer == 1 && $0.level == .selfAttention })
    #expect(maps.allSatisfy { $0.queries == AttentionMapTests.sentence.tokens && $0.keys == $0.queries })
    AttentionMapTests.expectRowsOfDistributions(maps)
    // The block once more, with the maps in place of its attention.
    let block = model.encoder.blocks[0]
    let x = model.input(tokens, .inference)
    let attended = block.attentionResidual(x, .inference) { read in
      let values = AttentionMapTests.rows(block.attention.value(read.values))
      let heads = (0..<read.layout.rowCount).map { row in
        maps.flatMap { map in
          let columns = (map.head - 1) * 2..<map.head * 2
          return AttentionMapTests.sum(map.weights[row], values.map { Array($0[columns]) })
        }
      }
      let joined = AttentionMapTests.tensor(heads)
      return read.replacingValues(block.attention.output.map { $0(joined) } ?? joined)
    }
    let y = block.feedForwardResidual(attended, .inference) {
      $0.replacingValues(block.feedForward($0.values, .inference))
    }
    let states = model.encoder.finalNorm.map { y.replacingValues($0(y.values)) } ?? y
    let disagreement = Disagreement(model.output(states.mean()), model(tokens, .inference))
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  /// One head from its parameters alone: softmax(norm(x) W_q (norm(x) W_k)ᵀ / √d), written with loops.
  @Test func selfAttentionsMapsAreTheFormulas() throws {
    let model = try Subject.model(.selfAttention).converted(to: .float64)
    let tensors = Dictionary(uniqueKeysWithValues: model.namedTensors.map { ($0.name, $0.tensor) })
    func matrix(_ name: String) throws -> [[Double]] {
      let tensor = try #require(tensors[name], "\(name) among \(tensors.keys.sorted())")
      return tensor.shape.rank == 2 ? AttentionMapTests.rows(tensor) : [tensor.doubles]
    }
    let (embedding, positions) = (try matrix("embedding.weight"), try matrix("positions.table"))
    let x = AttentionMapTests.ids.enumerated().map { step, id in zip(embedding[Int(id)], positions[step]).map(+) }
    let normed = x.map { row -> [Double] in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      return row.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
    }
    func projected(_ name: String) throws -> [[Double]] {
      let (weight, bias) = (try matrix("\(name).weight"), try matrix("\(name).bias")[0])
      return normed.map { row in zip(weight, bias).map { w, b in zip(w, row).reduce(b) { $0 + $1.0 * $1.1 } } }
    }
    let queries = try projected("blocks.0.attention.query")
    let keys = try projected("blocks.0.attention.key")
    let expected = queries.map { query -> [Double] in
      let scores = keys.map { zip(query, $0).reduce(0) { $0 + $1.0 * $1.1 } / Double(query.count).squareRoot() }
      let exponentials = exp(Tensor(scores, shape: [scores.count])).doubles
      let total = exponentials.reduce(0, +)
      return exponentials.map { $0 / total }
    }
    let maps = try #require(model as? any AttendingClassifier).attentionMaps(of: AttentionMapTests.sentence)
    #expect(maps.count == 1)
    let disagreement = Disagreement(
      maps[0].weights.flatMap { $0 }, expected.flatMap { $0 }, relative: 1e-10, absolute: 1e-12)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  /// Deeper layers read what the layers below made.
  @Test func everyLayerAndHeadHasAMap() throws {
    let model = try #require(
      try Subject.model(.transformer) { $0.layerCount = 3 } as? TransformerClassifier)
    let maps = model.attentionMaps(of: AttentionMapTests.sentence)
    #expect(maps.map(\.layer) == [1, 1, 1, 2, 2, 2, 3, 3, 3] && maps.map(\.head) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
    AttentionMapTests.expectRowsOfDistributions(maps)
    var x = model.input(PackedTokens([AttentionMapTests.ids]), .inference)
    for index in 0..<2 { x = model.encoder.blocks[index](x) }
    let last = model.encoder.blocks[2].weights(x)[0].doubles
    #expect(maps[6...].flatMap { $0.weights.flatMap { $0 } } == last)
    let most = model.attentionWeightCount(tokenCount: AttentionMapTests.ids.count)
    #expect(most == Double(maps.reduce(0) { $0 + $1.weights.joined().count }))
  }

  // MARK: Pooled states

  @Test(arguments: [nil] + AttentionScoreKind.allCases.map { Optional($0) }, AttentionDistributionKind.allCases)
  func aPooledOutputFollowsFromItsMap(_ score: AttentionScoreKind?, _ distribution: AttentionDistributionKind) throws {
    let model = try #require(
      try Subject.model(.bilstm) { ($0.attentionScore, $0.attentionDistribution) = (score, distribution) }
        as? RecurrentClassifier
    ).converted(to: .float64)
    let maps = model.attentionMaps(of: AttentionMapTests.sentence)
    #expect(maps.count == 1 && maps[0].level == .pooling && maps[0].keys == AttentionMapTests.sentence.tokens)
    switch distribution {
    case .softmax, .sparsemax, .entmax: AttentionMapTests.expectRowsOfDistributions(maps)
    case .sigmoid, .coda: break
    }
    let tokens = PackedTokens([AttentionMapTests.ids])
    let states = AttentionMapTests.rows(model.encoder(model.embedding(tokens)).output.values)
    let pooled = AttentionMapTests.tensor([AttentionMapTests.sum(maps[0].weights[0], states)])
    let disagreement = Disagreement(model.output(pooled), model(tokens, .inference))
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  /// In a batch the weights of each sentence are those it has alone.
  @Test(arguments: [nil, .general] as [AttentionScoreKind?]) func weightsAreInTheCallersOrder(
    _ score: AttentionScoreKind?
  ) throws {
    let model = try #require(try Subject.model { $0.attentionScore = score } as? RecurrentClassifier)
    func weights(_ sequences: [[Int32]]) -> [[Double]] {
      model.pooling.weights(model.encoder(model.embedding(PackedTokens(sequences)))) ?? []
    }
    #expect(weights(Subject.sequences) == Subject.sequences.flatMap { weights([$0]) })
  }

  @Test func withoutAttentionThereIsNoMap() throws {
    for pooling in PoolingKind.allCases where pooling != .attention {
      let model = try Subject.model { $0.pooling = pooling }
      #expect(try #require(model as? any AttendingClassifier).attentionMaps(of: AttentionMapTests.sentence).isEmpty)
      #expect(!Subject.configuration(.bigru) { $0.pooling = pooling }.hasAttention)
    }
    for kind in ClassifierKind.allCases {
      let model = try Subject.model(kind)
      let maps = (model as? any AttendingClassifier)?.attentionMaps(of: AttentionMapTests.sentence) ?? []
      #expect(maps.isEmpty == !Subject.configuration(kind).hasAttention, "\(kind)")
    }
  }

  // MARK: Documents

  @Test func aDocumentsOutputFollowsFromItsMaps() throws {
    let model = try #require(try Subject.model(.hierarchical) as? HierarchicalClassifier).converted(to: .float64)
    let ids: [Int32] = [3, 4, 11, 0, 5, 0, 4, 9]
    let tokens = ids.map { $0 == 0 ? "" : "w\($0)" }
    let maps = model.attentionMaps(of: TokenizedSentence(ids: ids, tokens: tokens))
    #expect(maps.map(\.level) == [.words, .words, .words, .sentences])
    #expect(
      maps.map(\.keys) == [["w3", "w4", "w11"], ["w5"], ["w4", "w9"], ["sentence 1", "sentence 2", "sentence 3"]])
    AttentionMapTests.expectRowsOfDistributions(maps)
    let sentences = zip([[3, 4, 11], [5], [4, 9]] as [[Int32]], maps).map { ids, map in
      let states = model.network.wordEncoder(model.embedding(PackedTokens([ids]))).output.values
      return AttentionMapTests.sum(map.weights[0], AttentionMapTests.rows(states))
    }
    let packed = PackedSequence(
      layout: PackedLayout(lengths: [sentences.count]), values: AttentionMapTests.tensor(sentences))
    let states = AttentionMapTests.rows(model.network.sentenceEncoder(packed).output.values)
    let document = AttentionMapTests.tensor([AttentionMapTests.sum(maps[3].weights[0], states)])
    let disagreement = Disagreement(model.output(document), model(PackedTokens([ids]), .inference))
    #expect(disagreement.isSmall, "\(disagreement)")
  }
}
