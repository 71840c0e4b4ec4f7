// A family's weights by their own names and by the Hub's.

/// A part of a model that holds weights: its own name (`Module.visit`) and the Hub's.
struct WeightPart: Sendable {
  /// Every weight of the part, by both names.
  let names: [(own: String, hub: String)]

  /// A linear map with a bias.
  static func map(_ own: String, _ hub: String) -> WeightPart {
    WeightPart(names: [("\(own).weight", "\(hub).weight"), ("\(own).bias", "\(hub).bias")])
  }

  /// A layer norm.
  static func norm(_ own: String, _ hub: String) -> WeightPart {
    WeightPart(names: [("\(own).scale", "\(hub).weight"), ("\(own).shift", "\(hub).bias")])
  }

  /// A table of vectors.
  static func table(_ own: String, _ hub: String) -> WeightPart { WeightPart(names: [(own, hub)]) }
}

/// The names of a family's weights. The encoder's are the Hub's without `prefix`, a head's are whole.
struct EncoderWeightTable: Sendable {
  /// Before the names of the encoder where a head stands beside it.
  var prefix: String
  var embeddings: [WeightPart]
  /// The Hub's name of a block.
  var blockName: @Sendable (Int) -> String
  var block: [WeightPart]
  var classification: [WeightPart]
  var tagging: [WeightPart] = [.map("output", "classifier")]
  /// Whether all layers are one block.
  var sharesBlock = false

  /// What the Hub's names of all blocks begin with.
  var layers: String { String(blockName(0).prefix { $0 != "0" }) }

  /// The encoder's weights, by names in `PretrainedEncoder` and in the Hub's model without a head.
  func encoder(layerCount: Int) -> [(own: String, hub: String)] {
    let blocks = (0..<(sharesBlock ? 1 : layerCount)).flatMap { index in
      block.flatMap(\.names).map { (own: "blocks.\(index).\($0.own)", hub: blockName(index) + $0.hub) }
    }
    return embeddings.flatMap(\.names).map { (own: "embeddings.\($0.own)", hub: $0.hub) } + blocks
  }

  /// A head's weights, by names in `EncoderHead` and whole ones of the Hub.
  func head(_ kind: EncoderHeadKind) -> [(own: String, hub: String)] {
    switch kind {
    case .classification: classification.flatMap(\.names)
    case .tagging: tagging.flatMap(\.names)
    case .embedding: []
    }
  }
}
