// The arrangements of attention as the laws see them: rows of one batch in, rows of each sequence out.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport

/// An arrangement over queries of width 4 and 5, keys of width 4 and values of width 3.
enum ArrangementSubject: String, CaseIterable, Sendable {
  case pooling
  case poolingWithFourQueries
  case multiDimensional
  case multiDimensionalSparse
  case coAttention
  case hierarchical
  case localMonotonic
  case localPredictive
  case multiRepresentational
  case performer
  case performerCausal

  /// Whether each query has an output of its own; otherwise each sequence has one.
  var isByQuery: Bool {
    switch self {
    case .multiDimensional, .multiDimensionalSparse, .localMonotonic, .localPredictive, .performer, .performerCausal:
      true
    case .pooling, .poolingWithFourQueries, .coAttention, .hierarchical, .multiRepresentational: false
    }
  }

  func makeModule() -> AnyModule {
    let key = RandomKey(seed: 8)
    let sizes = AttentionConfiguration(score: .additive, querySize: 5, keySize: 4, hiddenSize: 3)
    var sparse = sizes
    sparse.distribution = .sparsemax
    let dot = AttentionConfiguration(score: .dot, querySize: 4, hiddenSize: 3)
    let module: any Module =
      switch self {
      case .pooling: AttentionPooling(sizes, key: key)
      case .poolingWithFourQueries: AttentionPooling(sparse, queryCount: 4, key: key)
      case .multiDimensional: MultiDimensionalAttention(sizes, valueSize: 3, key: key)
      case .multiDimensionalSparse: MultiDimensionalAttention(sparse, valueSize: 3, key: key)
      case .coAttention: CoAttention(firstSize: 5, secondSize: 4, hiddenSize: 3, key: key)
      case .hierarchical:
        HierarchicalAttention(HierarchicalAttentionConfiguration(inputSize: 4, hiddenSize: 2), key: key)
      case .localMonotonic: LocalAttention(.monotonic, dot, radius: 2, key: key)
      case .localPredictive: LocalAttention(.predictive, dot, radius: 2, key: key)
      case .multiRepresentational: MultiRepresentational(inputSizes: [4, 3], outputSize: 6, key: key)
      case .performer, .performerCausal: PerformerAttention(size: 4, featureCount: 6, key: key)
      }
    return AnyModule(base: module)
  }

  /// The output for each query, packed, or for each sequence in the caller's order.
  /// - Parameter documents: of hierarchical attention; nil for a document a sentence.
  func output(_ module: any Module, _ inputs: ArrangementInputs, documents: [Int]? = nil) -> Tensor {
    let (wide, queries, keys, values) = (inputs.wideQueries, inputs.queries, inputs.keys, inputs.values)
    switch module {
    case let pooling as AttentionPooling: return pooling(keys).vectors.gathered(keys.layout.positions)
    case let attention as MultiDimensionalAttention:
      return attention(queries: wide, keys: keys, values: values).values.values
    case let attention as CoAttention:
      let both = attention(wide, keys)
      return concatenated([both.first.vectors, both.second.vectors])
    case let network as HierarchicalAttention:
      return network(keys, documents: documents ?? Array(0..<keys.layout.batchSize)).documents
    case let attention as LocalAttention:
      return attention(queries: queries, keys: keys, values: values).attention.values
    case let sum as MultiRepresentational:
      return sum([keys, values]).values.sum().gathered(keys.layout.positions)
    case let attention as PerformerAttention:
      return attention(queries: queries, keys: keys, values: values, isCausal: self == .performerCausal).values
    default: preconditionFailure("\(self) is none of the arrangements")
    }
  }
}

/// What the arrangements read.
struct ArrangementInputs {
  let wideQueries: PackedSequence
  let queries: PackedSequence
  let keys: PackedSequence
  let values: PackedSequence

  init(_ queryLayout: PackedLayout, _ keyLayout: PackedLayout, _ type: ElementType = .float64) {
    let key = RandomKey(seed: 31)
    func normal(_ layout: PackedLayout, _ width: Int, _ name: String) -> Tensor {
      .normal([layout.rowCount, width], key: key.derived(name), type)
    }
    self.init(
      queryLayout, keyLayout,
      [
        normal(queryLayout, 5, "wide"), normal(queryLayout, 4, "queries"), normal(keyLayout, 4, "keys"),
        normal(keyLayout, 3, "values"),
      ])
  }

  init(_ queryLayout: PackedLayout, _ keyLayout: PackedLayout, _ tensors: [Tensor]) {
    wideQueries = PackedSequence(layout: queryLayout, values: tensors[0])
    queries = PackedSequence(layout: queryLayout, values: tensors[1])
    keys = PackedSequence(layout: keyLayout, values: tensors[2])
    values = PackedSequence(layout: keyLayout, values: tensors[3])
  }

  var tensors: [Tensor] { [wideQueries, queries, keys, values].map(\.values) }

  /// One sequence of a batch of `queryRows` and `keyRows`.
  func alone(_ index: Int, _ queryRows: AttentionRows, _ keyRows: AttentionRows) -> ArrangementInputs {
    let rows =
      [wideQueries, queries].map { queryRows.sequence(index, of: $0.values) }
      + [keys, values].map { keyRows.sequence(index, of: $0.values) }
    return ArrangementInputs(
      PackedLayout(lengths: [rows[0].shape[0]]), PackedLayout(lengths: [rows[2].shape[0]]), rows)
  }
}
