// The feature-based score (as in Brauwers and Frasincar, A general survey on attention mechanisms in deep learning,
// 2021): what is attended to depends on features of the keys, without a query.

import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension AttentionFunctionCard {
  public static let featureBased = AttentionFunctionCard(
    title: "feature-based", equation: "vᵀ act(W_1 φ_1(K) + W_2 φ_2(K) + b)",
    summary: "features of the keys alone: φ_1 the keys themselves, φ_2 sines and cosines of their positions",
    paper: "Brauwers and Frasincar 2021")
}

/// vᵀ act(W_1 φ_1(K) + W_2 φ_2(K) + b), the same for every query.
///
/// φ_1(K) are the keys themselves. φ_2(K) says where a key stands: sines and cosines of its step j, as Vaswani et al.
/// (2017) write positions, φ_2(j)_{2i} = sin(j / 10000^{2i/n}), φ_2(j)_{2i+1} = cos(j / 10000^{2i/n}).
public struct FeatureBasedScore: AttentionScore {
  /// W_1 and b.
  public var keyProjection: Linear
  /// W_2, [hidden, n]
  public var positionWeight: Tensor
  /// v, [1, hidden]
  public var vector: Tensor
  public let activation: ActivationKind

  /// - Parameter positionFeatureCount: n.
  public init(
    keySize: Int, positionFeatureCount: Int = 16, hiddenSize: Int, activation: ActivationKind = .tanh, key: RandomKey
  ) {
    keyProjection = Linear(inputSize: keySize, outputSize: hiddenSize, key: key.derived("keyProjection"))
    positionWeight = newMatrix(output: hiddenSize, input: positionFeatureCount, key: key.derived("positionWeight"))
    vector = newMatrix(output: 1, input: hiddenSize, key: key.derived("vector"))
    self.activation = activation
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("keyProjection", &keyProjection)
    visitor.parameter("positionWeight", &positionWeight)
    visitor.parameter("vector", &vector)
  }

  /// The scores themselves, [key rows, 1].
  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor {
    let positions = matmul(positionFeatures(layout, keys.elementType), positionWeight, transposingRight: true)
    return matmul(activation(keyProjection(keys) + positions), vector, transposingRight: true)
  }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    keyScores(prepared, layout)
  }

  /// φ_2, [key rows, n]
  private func positionFeatures(_ layout: PackedLayout, _ type: ElementType) -> Tensor {
    let count = positionWeight.shape[1]
    let rates = (0..<count).map { pow(10_000, -Double($0 - $0 % 2) / Double(count)) }
    var features: [Double] = []
    features.reserveCapacity(layout.rowCount * count)
    for step in 0..<layout.stepCount {
      let ofStep = (0..<count).map {
        $0.isMultiple(of: 2) ? sin(Double(step) * rates[$0]) : cos(Double(step) * rates[$0])
      }
      for _ in 0..<layout.aliveCount(at: step) { features += ofStep }
    }
    return Tensor(features, shape: [layout.rowCount, count]).converted(to: type)
  }
}
