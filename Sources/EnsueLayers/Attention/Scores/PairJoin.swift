// A linear layer over a query and a key together, computed once for each query and once for each key.

import EnsueTensor

/// W [q; k] + b = (W_q q + b) + W_k k: the two parts are made row by row and added pair by pair.
public struct PairJoin: Module {
  /// W, [output, query width + key width]
  public var weight: Tensor
  /// b, [output]
  public var bias: Tensor
  private let querySize: Int

  public init(querySize: Int, keySize: Int, outputSize: Int, key: RandomKey) {
    weight = newMatrix(output: outputSize, input: querySize + keySize, key: key.derived("weight"))
    bias = .zeros([outputSize])
    self.querySize = querySize
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  /// W_q, [output, query width]
  var queryWeight: Tensor { weight.sliced(0..<querySize) }

  /// W_q q + b: [query rows, output]
  public func ofQueries(_ queries: Tensor) -> Tensor {
    linear(queries, weight: queryWeight, bias: bias)
  }

  /// W_k k: [key rows, output]
  public func ofKeys(_ keys: Tensor) -> Tensor {
    linear(keys, weight: weight.sliced(querySize..<weight.shape[1]), bias: nil)
  }
}
