// The attention of a decoder: to the whole source, or to a neighbourhood.

import EnsueTensor

/// Attention as a decoder asks for it: keys prepared once, queries step by step or all at once.
public enum DecoderAttention: Module {
  case whole(Attention)
  case local(LocalAttention)

  init(_ configuration: AttentionConfiguration, _ locality: AttentionLocality?, key: RandomKey) {
    if let locality {
      self = .local(LocalAttention(locality.kind, configuration, radius: locality.radius, key: key))
    } else {
      self = .whole(Attention(configuration, key: key))
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    switch self {
    case .whole(var attention):
      attention.visit(&visitor)
      self = .whole(attention)
    case .local(var attention):
      attention.visit(&visitor)
      self = .local(attention)
    }
  }

  func prepared(_ source: PackedSequence) -> PreparedKeys {
    switch self {
    case .whole(let attention): attention.prepared(source)
    case .local(let local): local.attention.prepared(source)
    }
  }

  /// What queries read of the source.
  /// - Parameters:
  ///   - queries: [query rows, query width]
  ///   - step: of all queries, counted from 0; nil where each has the step it has in the layout.
  func callAsFunction(
    _ queries: Tensor, _ keys: PreparedKeys, _ layout: PairLayout, step: Int? = nil
  ) -> AttentionOutput {
    let asked = PackedSequence(layout: layout.queries, values: queries)
    switch self {
    case .whole(let attention): return attention(queries: asked, keys: keys, values: keys.keys)
    case .local(let local):
      let type = queries.elementType
      let steps =
        step.map { Tensor(repeating: Double($0 + 1), shape: [queries.shape[0], 1], type) }
        ?? layout.queries.steps(type)
      return local(asked, keys, keys.keys, layout, ownSteps: steps).attention
    }
  }
}
