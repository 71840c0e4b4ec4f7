// From the states of a sequence to one vector.

import EnsueTensor

/// How the states of a recurrent encoder become one vector.
public enum PoolingKind: String, Codable, CaseIterable, Sendable {
  case last
  case mean
  case max
  case meanMax = "mean-max"
  case attention

  public var summary: String {
    switch self {
    case .last: "the state at the true end (of each direction)"
    case .mean: "the mean of the states"
    case .max: "the largest value of each unit over the states"
    case .meanMax: "mean and maximum, one after the other"
    case .attention: "a learned weighted mean: softmax of v·tanh(W h + b) over the states"
    }
  }
}

/// Pooling over the states of a packed batch; padding does not exist there.
public struct Pooling: Module {
  public let kind: PoolingKind
  /// Of attention only (Yang et al. 2016): a_t = softmax_t(v · tanh(W h_t + b)).
  private var projection: Linear?
  private var context: Tensor?

  public init(_ kind: PoolingKind, featureCount: Int, key: RandomKey) {
    self.kind = kind
    if kind == .attention {
      projection = Linear(inputSize: featureCount, outputSize: featureCount, key: key.derived("projection"))
      context = InitializerKind.uniform.matrix(output: 1, input: featureCount, key: key.derived("context"))
    }
  }

  /// The width of the pooled vector.
  public func outputSize(featureCount: Int) -> Int { kind == .meanMax ? 2 * featureCount : featureCount }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    if var part = projection {
      visitor.module("projection", &part)
      projection = part
    }
    if var vector = context {
      visitor.parameter("context", &vector)
      context = vector
    }
  }

  /// [batch, outputSize], longest sequence first.
  public func callAsFunction(_ encoding: RecurrentEncoding) -> Tensor {
    switch kind {
    case .last: encoding.finalOutput
    case .mean: encoding.pooled { $0.mean() }
    case .max: encoding.pooled { $0.maximum() }
    case .meanMax: concatenated([encoding.pooled { $0.mean() }, encoding.pooled { $0.maximum() }])
    case .attention: attended(encoding.output)
    }
  }

  private func attended(_ states: PackedSequence) -> Tensor {
    guard let projection, let context else { return states.mean() }
    let scores = matmul(tanh(projection(states.values)), context, transposingRight: true)
    let weights = states.replacingValues(scores).softmax()
    return states.replacingValues(states.values * weights.values).sum()
  }
}
