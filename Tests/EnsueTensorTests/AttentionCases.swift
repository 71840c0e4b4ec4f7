// The operations of attention, each declared once (see OperationCases; numbers by Tests/Goldens/attention.py).

import EnsueTensor

extension OperationCase {
  private static let layout = PairLayout(
    queries: PackedLayout(lengths: [2, 4, 3]), keys: PackedLayout(lengths: [3, 2, 5]))
  private static let long = PairLayout(PackedLayout(lengths: [70, 150]))
  private static let longKeys = PairLayout(
    queries: PackedLayout(lengths: [2, 4, 3]), keys: PackedLayout(lengths: [150, 3, 64]))
  /// No key for step 1 of sequence 1.
  private static let mask = PairMask(layout) { (($1 + 2 * $2 + $0) % 3 != 0) && !($0 == 1 && $1 == 1) }

  private init(
    attention name: String, inputs: Int = 1, gradientTolerance: Double = 1e-6,
    _ build: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.init(name, inputs: inputs, in: "attention", gradientTolerance: gradientTolerance) { x, _ in build(x) }
  }

  static let attention = pairs + distributions + fused + norms + joined

  private static let pairs = [
    OperationCase(attention: "pair-dots", inputs: 2) { pairDots($0[0], $0[1], layout) },
    OperationCase(attention: "pair-sums", inputs: 2) { pairSums($0[0], $0[1], layout) },
    OperationCase(attention: "pair-distances", inputs: 2) { pairDistances($0[0], $0[1], layout) },
    OperationCase(attention: "additive-scores", inputs: 3) { additiveScores($0[0], $0[1], weight: $0[2], layout) },
    OperationCase(attention: "query-scores") { queryScores($0[0], layout) },
    OperationCase(attention: "key-scores") { keyScores($0[0], layout) },
    OperationCase(attention: "pair-weighted-sums", inputs: 2) { pairWeightedSums($0[0], $0[1], layout) },
    OperationCase(attention: "pair-weighted-sums-features", inputs: 2) { pairWeightedSums($0[0], $0[1], layout) },
    OperationCase(attention: "pair-masked") { pairMasked($0[0], layout, mask: mask) },
    OperationCase(attention: "linear-attention", inputs: 3) {
      linearAttention(queryFeatures: $0[0], keyFeatures: $0[1], values: $0[2], layout, isCausal: false)
    },
    OperationCase(attention: "linear-attention-causal", inputs: 3) {
      linearAttention(queryFeatures: $0[0], keyFeatures: $0[1], values: $0[2], layout, isCausal: true)
    },
  ]

  private static let distributions =
    [nil, mask].flatMap { mask in
      let ending = mask == nil ? "" : "-masked"
      return [
        OperationCase(attention: "pair-softmax\(ending)") { pairSoftmax($0[0], layout, mask: mask) },
        OperationCase(attention: "pair-sparsemax\(ending)") { pairSparsemax($0[0], layout, mask: mask) },
      ]
        + ["1", "1.3", "1.5", "2", "2.5"].map { alpha in
          OperationCase(attention: "pair-entmax-\(alpha)\(ending)") {
            pairEntmax($0[0], alpha: Double(alpha) ?? 0, layout, mask: mask)
          }
        }
    }

  private static func fusedCase(
    _ name: String, _ layout: PairLayout = layout, heads: Int = 1, keyHeads: Int? = nil, scale: Double? = nil,
    _ reach: AttentionReach
  ) -> OperationCase {
    OperationCase(attention: name, inputs: 3) {
      scaledDotProductAttention(
        queries: $0[0], keys: $0[1], values: $0[2], layout, headCount: heads, keyHeadCount: keyHeads, scale: scale,
        reach: reach)
    }
  }

  private static let fused = [
    fusedCase("attention", heads: 2, .everything),
    fusedCase("attention-causal", heads: 2, .causal),
    fusedCase("attention-grouped", heads: 4, keyHeads: 2, scale: 0.3, .causal),
    fusedCase("attention-window", layout, .window(radius: 0)),
    fusedCase("attention-long", long, scale: 1.5, .everything),
    fusedCase("attention-long-causal", long, heads: 2, .causal),
    fusedCase("attention-long-window", long, .window(radius: 7)),
    fusedCase("attention-long-causal-window", long, heads: 2, keyHeads: 1, .causalWindow(length: 67)),
    fusedCase("attention-long-keys", longKeys, .everything),
  ]

  private static let norms = [
    OperationCase(attention: "layer-norm-plain") { layerNorm($0[0], scale: nil, shift: nil, epsilon: 1e-5) },
    OperationCase(attention: "layer-norm-parts", inputs: 3) {
      layerNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-5)
    },
    OperationCase(attention: "rms-norm", inputs: 2) { rmsNorm($0[0], scale: $0[1], epsilon: 1e-6) },
    OperationCase(attention: "rms-norm-plain") { rmsNorm($0[0], scale: nil, epsilon: 1e-6) },
    OperationCase(attention: "gelu-wide") { gelu($0[0]) },
    OperationCase(attention: "gelu-tanh") { geluTanh($0[0]) },
    OperationCase(attention: "silu") { silu($0[0]) },
  ]

  private static let joined = [
    OperationCase(attention: "linear-gelu", inputs: 3) { linear($0[0], weight: $0[1], bias: $0[2], then: .gelu) },
    OperationCase(attention: "linear-silu-plain", inputs: 2) {
      linear($0[0], weight: $0[1], bias: nil, then: .silu)
    },
    OperationCase(attention: "layer-norm-of-sum", inputs: 4) {
      layerNorm(sumOf: $0[0], $0[1], scale: $0[2], shift: $0[3], epsilon: 1e-5)
    },
    OperationCase(attention: "rms-norm-of-sum", inputs: 3) {
      rmsNorm(sumOf: $0[0], $0[1], scale: $0[2], epsilon: 1e-6)
    },
  ]
}
