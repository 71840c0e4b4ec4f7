// Where adapters stand in a Transformer's blocks (Hu et al. 2022, section 4.2).

import EnsueTensor

/// The maps of a block that an adapter can stand beside.
public enum AdapterPlaceKind: String, Codable, CaseIterable, Sendable {
  case query
  case key
  case value
  case output
  case inner
  case outer

  /// Query and value: what Hu et al. chose.
  public static let usual: [AdapterPlaceKind] = [.query, .value]

  public var summary: String {
    switch self {
    case .query: "W^Q of attention"
    case .key: "W^K of attention"
    case .value: "W^V of attention"
    case .output: "W^O of attention"
    case .inner: "the first map of the feed-forward layer"
    case .outer: "the last map of the feed-forward layer"
    }
  }

  fileprivate func change(_ block: inout TransformerEncoderBlock, _ body: (inout Projection) -> Void) {
    switch self {
    case .query: body(&block.attention.query)
    case .key: body(&block.attention.key)
    case .value: body(&block.attention.value)
    case .output:
      if var map = block.attention.output {
        body(&map)
        block.attention.output = map
      }
    case .inner: body(&block.feedForward.inner)
    case .outer: body(&block.feedForward.outer)
    }
  }
}

extension TransformerEncoderBlock {
  /// Adds adapters to some maps, whose own weights stay as they are from then on.
  /// - Parameters:
  ///   - alpha: α; what an adapter says is multiplied by α / rank.
  public mutating func addAdapters(_ places: [AdapterPlaceKind], rank: Int, alpha: Double, key: RandomKey) {
    for place in places {
      place.change(&self) { $0.addAdapter(rank: rank, alpha: alpha, key: key.derived(place.rawValue)) }
    }
  }

  /// Takes all adapters up into the weights: the block is then what it was before, with other numbers.
  public mutating func mergeAdapters() {
    for place in AdapterPlaceKind.allCases { place.change(&self) { $0.mergeAdapter() } }
  }
}
