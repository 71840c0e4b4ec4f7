// First weights of Transformers.

import EnsueTensor

/// How the weights of a Transformer begin; biases begin at zero, norms at the identity.
public enum TransformerInitializerKind: String, Codable, CaseIterable, Sendable {
  /// Every matrix by Glorot and Bengio (2010), as Vaswani et al. (2017) had it; embeddings N(0, 1/d).
  case glorot
  /// Normal with deviation 0.02; the maps that end in a residual sum 0.02 / √(2 N) in a stack of N blocks
  /// (GPT-2, Radford et al. 2019).
  case gpt2 = "gpt-2"
  /// T-Fixup (Huang, Perez, Ba and Volkovs, Improving Transformer optimization through better initialization, 2020):
  /// Glorot; then values, output projections and feed-forward maps times 0.67 N^(−1/4) in an encoder, (9 N)^(−1/4) in
  /// a decoder of N blocks; embeddings N(0, 1/d) times (9 N)^(−1/4). For training with neither norm nor warm-up.
  case tFixup = "t-fixup"

  public var summary: String {
    switch self {
    case .glorot: "uniform by Glorot and Bengio (2010)"
    case .gpt2: "normal, 0.02, smaller before residual sums (Radford et al. 2019)"
    case .tFixup: "scaled by depth, for training without norms and warm-up (Huang et al. 2020)"
    }
  }

  /// A new table of vectors, [rows, width].
  ///
  /// N(0, 1/d) is read as variance: deviation d^(−1/2), as the authors' program has it.
  public func embedding(rows: Int, width: Int, layerCount: Int, key: RandomKey) -> Tensor {
    let deviation =
      switch self {
      case .glorot: 1 / Double(width).squareRoot()
      case .gpt2: 0.02
      case .tFixup: 1 / (fourthRoot(9 * Double(layerCount)) * Double(width).squareRoot())
      }
    return .normal([rows, width], deviation: deviation, key: key)
  }
}

/// The half of a Transformer that a block belongs to. A decoder-only stack is built of encoder blocks.
public enum TransformerStackKind: String, Codable, CaseIterable, Sendable {
  case encoder
  case decoder
}

/// What a matrix of a block is for.
public enum TransformerMatrixKind: String, Codable, CaseIterable, Sendable {
  case query
  case key
  case value
  /// The output projection of the heads.
  case output
  /// The first map of the feed-forward sub-layer.
  case inner
  /// The map that a gated feed-forward sub-layer multiplies by.
  case factor
  /// The second map of the feed-forward sub-layer.
  case outer
}

/// The first weights of one block.
public struct TransformerInitialization: Sendable, Equatable {
  public let kind: TransformerInitializerKind
  public let stack: TransformerStackKind
  /// Blocks of the stack.
  public let layerCount: Int

  public init(_ kind: TransformerInitializerKind = .glorot, stack: TransformerStackKind = .encoder, layerCount: Int = 1)
  {
    (self.kind, self.stack, self.layerCount) = (kind, stack, layerCount)
  }

  /// A new matrix [output, input].
  public func matrix(_ matrix: TransformerMatrixKind, output: Int, input: Int, key: RandomKey) -> Tensor {
    switch kind {
    case .glorot: InitializerKind.glorot.matrix(output: output, input: input, key: key)
    case .gpt2: .normal([output, input], deviation: 0.02 * scale(of: matrix), key: key)
    case .tFixup: InitializerKind.glorot.matrix(output: output, input: input, key: key) * scale(of: matrix)
    }
  }

  /// What a matrix's first values are multiplied by.
  public func scale(of matrix: TransformerMatrixKind) -> Double {
    switch kind {
    case .glorot: 1
    case .gpt2:
      switch matrix {
      case .query, .key, .value, .inner, .factor: 1
      case .output, .outer: 1 / (2 * Double(layerCount)).squareRoot()
      }
    case .tFixup:
      switch matrix {
      case .query, .key: 1
      case .value, .output, .inner, .factor, .outer:
        switch stack {
        case .encoder: 0.67 / fourthRoot(Double(layerCount))
        case .decoder: 1 / fourthRoot(9 * Double(layerCount))
        }
      }
    }
  }
}

private func fourthRoot(_ x: Double) -> Double { x.squareRoot().squareRoot() }
