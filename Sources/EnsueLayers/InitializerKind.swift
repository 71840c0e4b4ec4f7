// First values of weight matrices.

import EnsueTensor

/// How a weight matrix [output, input] begins.
public enum InitializerKind: String, Codable, CaseIterable, Sendable {
  /// Uniform on ±1/√input (LeCun et al. 1998; PyTorch's default).
  case uniform
  /// Uniform on ±√(6 / (input + output)) (Glorot and Bengio 2010).
  case glorot
  /// Uniform on ±√(6 / input), for ReLU (He et al. 2015).
  case he
  /// A random matrix with orthonormal rows or columns (Saxe et al. 2014).
  case orthogonal
  /// The identity; with ReLU units the IRNN (Le, Jaitly, Hinton 2015).
  case identity

  public var summary: String {
    switch self {
    case .uniform: "uniform on ±1/√input (LeCun et al. 1998)"
    case .glorot: "uniform on ±√(6/(input + output)) (Glorot and Bengio 2010)"
    case .he: "uniform on ±√(6/input) (He et al. 2015)"
    case .orthogonal: "orthonormal rows or columns (Saxe et al. 2014)"
    case .identity: "the identity matrix (Le et al. 2015)"
    }
  }

  /// A new [output, input] matrix.
  public func matrix(output: Int, input: Int, key: RandomKey) -> Tensor {
    switch self {
    case .uniform: InitializerKind.symmetric(1 / Double(input).squareRoot(), output, input, key)
    case .glorot: InitializerKind.symmetric((6 / Double(input + output)).squareRoot(), output, input, key)
    case .he: InitializerKind.symmetric((6 / Double(input)).squareRoot(), output, input, key)
    case .orthogonal: InitializerKind.orthogonalMatrix(output, input, key)
    case .identity:
      Tensor((0..<output * input).map { $0 / input == $0 % input ? 1 : 0 as Float }, shape: [output, input])
    }
  }

  private static func symmetric(_ bound: Double, _ output: Int, _ input: Int, _ key: RandomKey) -> Tensor {
    .uniform([output, input], in: -bound...bound, key: key)
  }

  /// Gram–Schmidt by panels over the shorter side of a normal matrix, each step twice for full precision: what a panel
  /// shares with the earlier ones goes by matrix products, the rest within the panel.
  private static func orthogonalMatrix(_ output: Int, _ input: Int, _ key: RandomKey) -> Tensor {
    let (count, length) = (min(output, input), max(output, input))
    let source = Tensor.normal([count, length], key: key, .float64)
    var done: [Tensor] = []
    for start in stride(from: 0, to: count, by: 32) {
      var panel = source.sliced(start..<min(start + 32, count), axis: 0)
      if !done.isEmpty {
        let basis = concatenated(done, axis: 0)
        for _ in 0..<2 { panel = panel - matmul(matmul(panel, basis, transposingRight: true), basis) }
      }
      done.append(orthonormalRows(panel))
    }
    let rows = concatenated(done, axis: 0).converted(to: .float32)
    return output <= input ? rows : rows.transposed()
  }

  private static func orthonormalRows(_ panel: Tensor) -> Tensor {
    let (count, length) = (panel.shape[0], panel.shape[1])
    var values = panel.doubles
    for row in 0..<count {
      let at = row * length
      for _ in 0..<2 {
        for earlier in 0..<row {
          var overlap = 0.0
          for k in 0..<length { overlap += values[at + k] * values[earlier * length + k] }
          for k in 0..<length { values[at + k] -= overlap * values[earlier * length + k] }
        }
        var square = 0.0
        for k in 0..<length { square += values[at + k] * values[at + k] }
        let factor = 1 / square.squareRoot()
        for k in 0..<length { values[at + k] *= factor }
      }
    }
    return Tensor(values, shape: panel.shape)
  }
}
