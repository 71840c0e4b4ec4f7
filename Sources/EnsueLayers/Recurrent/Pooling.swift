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

  /// As it stands in tables behind the name of an encoder; nil for the two that go without saying.
  public func title(_ reading: StateReadingKind) -> String? {
    switch self {
    case .last, .max: nil
    case .mean: "mean"
    case .meanMax: "mean ‖ max"
    case .attention: reading == .soft ? "attention" : "\(reading.rawValue) attention"
    }
  }
}

/// Pooling over the states of a packed batch; padding does not exist there.
public struct Pooling: Module {
  public let kind: PoolingKind
  /// How attention reads the states.
  public let readingKind: StateReadingKind
  /// Of attention only.
  private var reading: (any StateReading)?

  /// - Parameter functions: of attention.
  public init(
    _ kind: PoolingKind, featureCount: Int, attention functions: StateAttentionConfiguration = .init(), key: RandomKey
  ) {
    (self.kind, readingKind) = (kind, functions.reading)
    guard kind == .attention else { return }
    reading = functions.makeReading(featureCount: featureCount, key: key)
  }

  /// The width of the pooled vector.
  public func outputSize(featureCount: Int) -> Int { kind == .meanMax ? 2 * featureCount : featureCount }

  /// The parameters of attention under the pooling's own name.
  public mutating func visit(_ visitor: inout ParameterVisitor) { reading?.visit(&visitor) }

  /// [batch, outputSize], longest sequence first, in inference.
  public func callAsFunction(_ encoding: RecurrentEncoding) -> Tensor { pooled(encoding, .inference).vectors }

  /// Vectors of the width `outputSize`, and what hard attention drew for them.
  public func pooled(_ encoding: RecurrentEncoding, _ phase: Phase) -> PooledStates {
    switch kind {
    case .last: PooledStates(vectors: encoding.finalOutput)
    case .mean: PooledStates(vectors: encoding.pooled { $0.mean() })
    case .max: PooledStates(vectors: encoding.pooled { $0.maximum() })
    case .meanMax:
      PooledStates(vectors: concatenated([encoding.pooled { $0.mean() }, encoding.pooled { $0.maximum() }]))
    case .attention: reading?.read(encoding.output, phase) ?? PooledStates(vectors: encoding.output.mean())
    }
  }

  /// The weights of attention, to look at: of each sequence in the caller's order, one for each step; nil for any other
  /// pooling. Of hard attention the probabilities; where each feature has weights of its own, their mean.
  public func weights(_ encoding: RecurrentEncoding) -> [[Double]]? { reading?.shownWeights(of: encoding.output) }
}
