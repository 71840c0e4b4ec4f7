// Attention of every arrangement. The documentation quotes these lines (Documentation/Attention.md).

import Ensue

let key = RandomKey(seed: 1)

// Two sequences of queries and two of keys, of unequal lengths and widths, packed: there is no padding.
let queryLayout = PackedLayout(lengths: [3, 2])
let keyLayout = PackedLayout(lengths: [5, 7])
let queries = PackedSequence(layout: queryLayout, values: .normal([queryLayout.rowCount, 16], key: key.derived("q")))
let keys = PackedSequence(layout: keyLayout, values: .normal([keyLayout.rowCount, 24], key: key.derived("k")))

// Any score with any distribution.
let configuration = AttentionConfiguration(
  score: .additive, distribution: .entmax, querySize: 16, keySize: 24, hiddenSize: 32)
let attention = Attention(configuration, key: key)
let output = attention(queries: queries, keys: keys, values: keys)
print(output.values.shape, output.alignment(of: 0)[2])

// Self-attention over the past.
let selfAttention = Attention(AttentionConfiguration(score: .general, querySize: 24), key: key)
let past = selfAttention(queries: keys, keys: keys, values: keys, mask: .causal(PairLayout(keyLayout)))
print(past.sequence.values.shape)

// A query at a time: what depends on the keys alone is computed once.
let memory = attention.prepared(keys)
let oneStep = PackedSequence(
  layout: PackedLayout(lengths: [1, 1]), values: .normal([2, 16], key: key.derived("step")))
print(attention(queries: oneStep, keys: memory, values: keys).values.shape)

// An alignment function of one's own.
struct DistanceScore: AttentionScore {
  mutating func visit(_ visitor: inout ParameterVisitor) {}

  func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    -pairDistances(queries, prepared, layout)
  }
}
let nearest = Attention(score: DistanceScore(), distribution: SparsemaxDistribution())
print(nearest(queries: keys, keys: keys, values: keys).values.shape)

// Pooling of states by learned queries.
let pooling = AttentionPooling(
  AttentionConfiguration(score: .additive, querySize: 24, hiddenSize: 32), queryCount: 2, key: key)
print(pooling(keys).vectors.shape)

// A weight for each feature.
let byFeature = MultiDimensionalAttention(configuration, valueSize: 24, key: key)
print(byFeature(queries: queries, keys: keys, values: keys).values.values.shape)

// Two sequences that attend to each other.
let coAttention = CoAttention(firstSize: 16, secondSize: 24, hiddenSize: 32, key: key)
let both = coAttention(queries, keys)
print(both.first.vectors.shape, both.second.vectors.shape)

// Words to sentences to documents: the first document has the sentences 0 and 2.
let sentences = PackedSequence(layout: PackedLayout(lengths: [4, 6, 3]), values: .normal([13, 24], key: key))
let network = HierarchicalAttention(HierarchicalAttentionConfiguration(inputSize: 24, hiddenSize: 12), key: key)
let documents = network(sentences, documents: [0, 1, 0])
print(documents.documents.shape, documents.sentences.alignment(of: 0))

// The neighbourhood of a predicted place.
let local = LocalAttention(.predictive, configuration, radius: 2, key: key)
let nearby = local(queries: queries, keys: keys, values: keys)
print(nearby.places.values, nearby.attention.values.shape)

// One sampled position, trained by its reward.
let hard = HardAttention(AttentionConfiguration(score: .general, querySize: 16, keySize: 24), key: key)
let (value, gradients) = valueAndGradient(of: hard) { hard in
  let draw = hard(queries: queries, keys: keys, values: keys, .training(key.derived("draw")))
  let reward = draw.values.values.sum(axis: -1).reshaped([queryLayout.rowCount, 1])
  return draw.reinforceLoss(reward: reward, entropyWeight: 0.01).loss
}
print(value, gradients.globalNorm)

// Several embeddings of the same tokens.
let mixed = MultiRepresentational(inputSizes: [24, 24], outputSize: 32, key: key)
print(mixed([keys, keys]).values.values.shape)

// Softmax attention, approximately, in linear time.
let performer = PerformerAttention(size: 24, featureCount: 256, key: key)
print(performer(queries: keys, keys: keys, values: keys, isCausal: true).values.shape)

// A GRU that looks at its source before every step.
let decoder = AttentiveDecoder(
  AttentiveDecoderConfiguration(
    formula: RecurrentCellKind.gru.formula(), inputSize: 16, hiddenSize: 20,
    attention: AttentionConfiguration(score: .additive, querySize: 20, keySize: 24), order: .before),
  key: key)
let decoding = decoder(queries, source: keys)
print(decoding.output.values.shape, decoding.alignment(of: 1)[0])
// Step by step; three hypotheses share two sources.
var stepper = decoder.makeStepper(source: keys).selecting([0, 0, 1])
print(stepper.step(.zeros([3, 16])).shape, stepper.weights[0])
