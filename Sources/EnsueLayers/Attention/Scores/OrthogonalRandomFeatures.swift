// Positive orthogonal random features (Choromanski et al., Rethinking attention with Performers, 2021).

import EnsueTensor

/// Features φ with E[φ(q)·φ(k)] = exp(qᵀk / √d): φ_i(x) = exp(ω_i·x' - ‖x'‖²/2) / √m, x' = x / d^¼.
///
/// The ω are normal vectors made orthogonal in blocks of d, each with the length of a normal vector of its own. They
/// are drawn once and not trained, but kept with the parameters: another draw is another function.
public struct OrthogonalRandomFeatures: Module {
  /// ω, [m, d]
  public private(set) var projection: Tensor

  /// - Parameters:
  ///   - size: d, the width of queries and keys.
  ///   - featureCount: m. The relative error of φ(q)·φ(k) is about exp(‖q' + k'‖²/2) / √m (the paper's lemma 2): long
  ///     vectors need very many.
  public init(size: Int, featureCount: Int, key: RandomKey) {
    let blocks = stride(from: 0, to: featureCount, by: size).map { start in
      InitializerKind.orthogonal.matrix(output: size, input: size, key: key.derived("direction").derived(start))
    }
    let normal = Tensor.normal([featureCount, size], key: key.derived("length"))
    let lengths = sqrt(square(normal).sum(axis: -1)).reshaped([featureCount, 1])
    projection = concatenated(blocks, axis: 0).sliced(0..<featureCount, axis: 0) * lengths
  }

  public var featureCount: Int { projection.shape[0] }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("projection", &projection, training: .none)
  }

  /// log(√m φ(x)), [rows, m]: the exponents may be large, and who takes the exponential first takes what is common out.
  public func exponents(_ x: Tensor) -> Tensor {
    let scaled = x / Double(projection.shape[1]).squareRoot().squareRoot()
    let halfSquares = (square(scaled).sum(axis: -1) / 2).reshaped([x.shape[0], 1])
    return matmul(scaled, projection, transposingRight: true) - halfSquares
  }
}
