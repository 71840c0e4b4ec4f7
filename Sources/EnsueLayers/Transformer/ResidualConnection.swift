// What stands around every sub-layer of a Transformer block: residual sum, dropout, norm (Vaswani et al. 2017;
// before the sub-layer: Xiong et al. 2020).

import EnsueTensor

/// x and a sub-layer f of it, added: norm(x + dropout(f(x))), x + dropout(f(norm(x))), or without a norm.
public struct ResidualConnection: Module {
  /// nil where there is none.
  public var norm: Norm?
  public let placement: NormPlacementKind
  private let dropout: Dropout

  public init(
    width: Int, placement: NormPlacementKind, kind: NormKind = .layer, dropout: Double, epsilon: Double = 1e-5
  ) {
    switch placement {
    case .post, .pre: norm = Norm(kind, featureCount: width, epsilon: epsilon)
    case .none: norm = nil
    }
    self.placement = placement
    self.dropout = Dropout(rate: dropout)
  }

  /// The norm's parameters under the connection's own name.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    if var part = norm {
      part.visit(&visitor)
      norm = part
    }
  }

  public func callAsFunction(
    _ x: PackedSequence, _ phase: Phase, _ sublayer: (PackedSequence) -> PackedSequence
  ) -> PackedSequence {
    switch placement {
    case .post:
      norm.map { x.replacingValues($0(sumOf: x.values, dropout(sublayer(x).values, phase))) }
        ?? sum(x, sublayer(x), phase)
    case .pre: sum(x, sublayer(norm.map { x.replacingValues($0(x.values)) } ?? x), phase)
    case .none: sum(x, sublayer(x), phase)
    }
  }

  private func sum(_ x: PackedSequence, _ y: PackedSequence, _ phase: Phase) -> PackedSequence {
    x.replacingValues(x.values + dropout(y.values, phase))
  }
}
