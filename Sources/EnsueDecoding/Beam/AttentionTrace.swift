// Where a hypothesis has looked.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The attention of a hypothesis to its source, symbol by symbol. Copies share what they have in common.
struct AttentionTrace: Sendable {
  /// Whether every weight is kept, for `alignment`; else the sums alone.
  let keepsWeights: Bool
  /// Of each source step: the weights of all symbols, the mean over heads.
  private var sums: [Double] = []
  /// [symbol][head][source step]
  private var weights: [[[Float]]] = []

  init(keepsWeights: Bool) { self.keepsWeights = keepsWeights }

  /// Adds the weights of one symbol.
  /// - Parameter heads: [head][source step]
  mutating func append(_ heads: [[Float]]) {
    guard let first = heads.first else { return }
    if keepsWeights { weights.append(heads) }
    if sums.isEmpty { sums = .init(repeating: 0, count: first.count) }
    let share = 1 / Double(heads.count)
    for head in heads {
      for (step, weight) in head.enumerated() { sums[step] += share * Double(weight) }
    }
  }

  /// Σ log min(sum, 1) over the source steps. A sum below 10⁻¹⁰ counts as that: a sparse distribution may leave a step
  /// out, and would make every score infinite.
  var coverage: Double { sums.reduce(0) { $0 + log(min(max($1, 1e-10), 1)) } }

  /// [head][symbol][source step]
  var alignment: [[[Float]]] { (weights.first ?? []).indices.map { head in weights.map { $0[head] } } }
}
