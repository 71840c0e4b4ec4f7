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
    case .attention: "a weighted mean that is learned: softmax of v·tanh(W h + b), or any other attention"
    }
  }
}

/// Pooling over the states of a packed batch; padding does not exist there.
public struct Pooling: Module {
  public let kind: PoolingKind
  /// Of attention only, and one of the two.
  private var context: ContextPooling?
  private var attention: AttentionPooling?

  /// - Parameter functions: of attention.
  public init(
    _ kind: PoolingKind, featureCount: Int, attention functions: StateAttentionConfiguration = .init(), key: RandomKey
  ) {
    self.kind = kind
    guard kind == .attention else { return }
    if functions.score == nil {
      context = ContextPooling(functions, featureCount: featureCount, key: key)
    } else {
      attention = AttentionPooling(functions.attention(featureCount: featureCount), key: key)
    }
  }

  /// The width of the pooled vector.
  public func outputSize(featureCount: Int) -> Int { kind == .meanMax ? 2 * featureCount : featureCount }

  /// The parameters of attention under the pooling's own name.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    if var part = context {
      part.visit(&visitor)
      context = part
    }
    if var part = attention {
      part.visit(&visitor)
      attention = part
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
    context.map { $0(states) } ?? attention.map { $0(states).vectors } ?? states.mean()
  }

  /// The weights of attention, to look at: of each sequence in the caller's order, one for each step; nil for any other
  /// pooling.
  public func weights(_ encoding: RecurrentEncoding) -> [[Double]]? {
    let states = encoding.output
    if let context { return context.weights(of: states).columnBySequence }
    guard let attention else { return nil }
    let found = attention(states).attention
    return (0..<states.layout.batchSize).map { found.alignment(of: $0)[0] }
  }
}

extension PackedSequence {
  /// The first feature of every step of each sequence, in the caller's order.
  fileprivate var columnBySequence: [[Double]] {
    let (all, width) = (values.doubles, featureCount)
    return layout.positions.map { position in
      (0..<layout.lengths[Int(position)]).map { all[layout.row(step: $0, position: Int(position)) * width] }
    }
  }
}
