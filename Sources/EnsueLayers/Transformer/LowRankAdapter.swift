// Low-rank adaptation (Hu et al., LoRA: low-rank adaptation of large language models, 2022).

import EnsueTensor

/// s B A, added to a frozen matrix W: with r = rank, A is [r, input], B is [output, r] and zero at first, so that
/// nothing has changed before the first step; s = α / r.
public struct LowRankAdapter: Module {
  /// A: [rank, input]
  public var down: Tensor
  /// B: [output, rank]
  public var up: Tensor
  /// s = α / r
  public let scale: Double

  /// A as the paper's program has it (uniform on ±1/√input), B zero.
  /// - Parameter alpha: α.
  public init(inputSize: Int, outputSize: Int, rank: Int, alpha: Double, key: RandomKey) {
    precondition(rank > 0 && alpha.isFinite, "LowRankAdapter: rank \(rank), alpha \(alpha)")
    down = InitializerKind.uniform.matrix(output: rank, input: inputSize, key: key)
    up = .zeros([outputSize, rank])
    scale = alpha / Double(rank)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("down", &down)
    visitor.parameter("up", &up)
  }

  /// s B A x, row by row: [rows, input] → [rows, output]
  public func callAsFunction(_ x: Tensor) -> Tensor {
    matmul(matmul(x, down, transposingRight: true), up, transposingRight: true) * scale
  }

  /// s B A: [output, input]
  public var product: Tensor { (matmul(up.detached, down.detached) * scale).detached }
}
