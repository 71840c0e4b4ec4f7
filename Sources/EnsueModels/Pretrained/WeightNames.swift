// Names of weights, translated both ways.

/// The names of the weights of a `PretrainedEncoder` or an `EncoderModel` and those of the Hub's files.
public struct WeightNames: Sendable {
  private let prefix: String
  private let hubOfOwn: [String: String]
  /// By the Hub's names without the prefix.
  private let ownOfHub: [String: String]
  /// What the Hub's names of all layers begin with, without the prefix.
  private let layers: String

  /// - Parameters:
  ///   - head: of an `EncoderModel`; nil for a `PretrainedEncoder` by itself.
  ///   - layerCount: of the configuration.
  public init(_ family: EncoderFamilyKind, head: EncoderHeadKind?, layerCount: Int) {
    let table = family.family.weights
    let hasPrefix =
      switch head {
      case .classification, .tagging: true
      case .embedding, nil: false
      }
    let encoder = table.encoder(layerCount: layerCount).map { name in
      (own: (head == nil ? "" : "encoder.") + name.own, hub: (hasPrefix ? table.prefix : "") + name.hub)
    }
    let names = encoder + (head.map { table.head($0) } ?? []).map { (own: "head.\($0.own)", hub: $0.hub) }
    (prefix, layers) = (table.prefix, table.layers)
    hubOfOwn = Dictionary(names.map { ($0.own, $0.hub) }, uniquingKeysWith: { first, _ in first })
    let prefix = prefix
    ownOfHub = Dictionary(
      names.map { (WeightNames.plain($0.hub, prefix), $0.own) }, uniquingKeysWith: { first, _ in first })
  }

  /// The Hub's name of a weight; nil for one that the model has not.
  public func hub(_ own: String) -> String? { hubOfOwn[own] }

  /// The own name of a weight of a file, whether or not the file's names have the family's prefix, and for norms also
  /// under the names of files before 2019, `gamma` and `beta`; nil for one that the model has no place for.
  public func own(_ hub: String) -> String? { ownOfHub[WeightNames.plain(hub, prefix)] }

  /// The number of layers that the weights of a file are of.
  func layerCount(in hubNames: [String]) -> Int {
    let last = hubNames.compactMap { hub -> Int32? in
      let name = WeightNames.plain(hub, prefix)
      return name.hasPrefix(layers) ? Int32(name.dropFirst(layers.count).prefix { $0 != "." }) : nil
    }.max()
    return last.map { Int($0) + 1 } ?? 0
  }

  /// Whether a file may have this weight beside those of the model: counters of positions, and heads that are not
  /// loaded, such as those of pre-training.
  public func isIgnored(_ hub: String) -> Bool {
    let name = WeightNames.plain(hub, prefix)
    return ownOfHub[name] == nil && WeightNames.besides.contains { name.hasPrefix($0) }
  }

  /// How the names of what is not of the model begin, without the prefix.
  private static let besides = [
    "embeddings.position_ids", "embeddings.token_type_ids", "pooler.", "classifier.", "pre_classifier.", "qa_outputs.",
    "cls.", "lm_head.", "vocab_transform.", "vocab_layer_norm.", "vocab_projector.", "predictions.", "sop_classifier.",
    "discriminator_predictions.", "generator_predictions.", "generator_lm_head.", "sequence_summary.",
  ]

  private static func plain(_ hub: String, _ prefix: String) -> String {
    let name = hub.hasPrefix(prefix) ? String(hub.dropFirst(prefix.count)) : hub
    for (old, new) in [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")]
    where name.hasSuffix(old) {
      return name.dropLast(old.count) + new
    }
    return name
  }
}
