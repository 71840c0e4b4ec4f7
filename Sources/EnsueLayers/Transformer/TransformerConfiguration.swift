// What a stack of Transformer blocks needs to be told.

import EnsueFiles

/// The architecture of a Transformer's stacks.
///
/// Dropout stands where Vaswani et al. (2017) put it: on each sub-layer's output before it is added (`dropout`), and,
/// outside the stacks, on the sum of embeddings and positions. PyTorch's layers have two places more, which are zero
/// here unless asked for: `attentionDropout` and `feedForwardDropout`.
public struct TransformerConfiguration: Sendable, Codable, Equatable {
  /// d: features of every row between blocks.
  public var width = 512
  /// h; divides the width: d_k = d_v = d / h.
  public var headCount = 8
  /// Heads of keys and values, each shared by neighbouring heads of queries (Ainslie et al. 2023); divides the number of
  /// heads; nil for as many.
  public var keyHeadCount: Int?
  /// Blocks of a stack.
  public var layerCount = 6
  /// Features between the two maps of a feed-forward sub-layer.
  public var feedForwardSize = 2048
  public var feedForward = FeedForwardKind.plain
  public var activation = FeedForwardActivationKind.relu
  public var norm = NormPlacementKind.post
  public var normKind = NormKind.layer
  /// Whether a last norm follows the last block. Pre-norm stacks need one.
  public var hasFinalNorm = false
  /// Share of a sub-layer's output set to zero in training.
  public var dropout = 0.1
  /// Share of attention weights set to zero in training.
  public var attentionDropout = 0.0
  /// Share of a feed-forward sub-layer's inner values set to zero in training.
  public var feedForwardDropout = 0.0
  /// Whether the maps of attention and feed-forward have biases.
  public var hasBias = true
  /// Rotary positions of self-attention; nil for none.
  public var rotary: RotaryPositions?
  /// Added to variances, or mean squares, in norms.
  public var epsilon = 1e-5
  public var initializer = TransformerInitializerKind.glorot

  public init() {}

  /// The base model of Vaswani et al. (2017): L = 6, d = 512, h = 8, d_ff = 2048, dropout 0.1.
  public static let vaswani2017 = TransformerConfiguration()

  /// Refuses sizes that make no Transformer.
  /// - Parameter section: written before the names in messages, such as `model.`.
  /// - Throws: `Failure` of kind `configuration`, naming the first size at fault.
  public func check(section: String = "") throws(Failure) {
    let sizes = [
      ("width", width), ("headCount", headCount), ("layerCount", layerCount), ("feedForwardSize", feedForwardSize),
    ]
    for (name, size) in sizes where size < 1 {
      throw Failure(.configuration, at: section + name, "a size of 1 or more expected, found \(size)")
    }
    guard width % headCount == 0 else {
      throw Failure(
        .configuration, at: "\(section)headCount",
        "a number of heads that divides the width \(width) expected, found \(headCount)")
    }
    guard keyHeadCount.map({ $0 > 0 && headCount % $0 == 0 }) ?? true else {
      throw Failure(
        .configuration, at: "\(section)keyHeadCount",
        "a number of key heads that divides the \(headCount) heads expected, found \(keyHeadCount ?? 0)")
    }
    try rotary?.check(headSize: width / headCount, section: section)
    let rates = [
      ("dropout", dropout), ("attentionDropout", attentionDropout), ("feedForwardDropout", feedForwardDropout),
    ]
    for (name, rate) in rates where !(0..<1).contains(rate) {
      throw Failure(.configuration, at: section + name, "a share from 0 to below 1 expected, found \(rate)")
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw Failure(.configuration, at: "\(section)epsilon", "a number above 0 expected, found \(epsilon)")
    }
  }

  /// The numbers of the matrices of a stack, without biases and norms: never more than there are. In floating point,
  /// which does not overflow.
  public func leastWeightCount(_ stack: TransformerStackKind) -> Double {
    let (width, inner) = (Double(width), Double(feedForwardSize))
    let keyShare = Double(keyHeadCount ?? headCount) / Double(headCount)
    let attention = (2 + 2 * keyShare) * width * width
    let feedForwardMaps =
      switch feedForward {
      case .plain: 2.0
      case .gated: 3.0
      }
    let block =
      switch stack {
      case .encoder: attention + feedForwardMaps * width * inner
      case .decoder: 2 * attention + feedForwardMaps * width * inner
      }
    return Double(layerCount) * block
  }
}

extension TransformerConfiguration {
  /// Reads a configuration; what files before these settings lack has the value that they meant.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    width = try values.decode(Int.self, forKey: .width)
    headCount = try values.decode(Int.self, forKey: .headCount)
    keyHeadCount = try values.decodeIfPresent(Int.self, forKey: .keyHeadCount)
    layerCount = try values.decode(Int.self, forKey: .layerCount)
    feedForwardSize = try values.decode(Int.self, forKey: .feedForwardSize)
    feedForward = try values.decodeIfPresent(FeedForwardKind.self, forKey: .feedForward) ?? .plain
    activation = try values.decode(FeedForwardActivationKind.self, forKey: .activation)
    norm = try values.decode(NormPlacementKind.self, forKey: .norm)
    normKind = try values.decodeIfPresent(NormKind.self, forKey: .normKind) ?? .layer
    hasFinalNorm = try values.decode(Bool.self, forKey: .hasFinalNorm)
    dropout = try values.decode(Double.self, forKey: .dropout)
    attentionDropout = try values.decode(Double.self, forKey: .attentionDropout)
    feedForwardDropout = try values.decode(Double.self, forKey: .feedForwardDropout)
    hasBias = try values.decode(Bool.self, forKey: .hasBias)
    rotary = try values.decodeIfPresent(RotaryPositions.self, forKey: .rotary)
    epsilon = try values.decode(Double.self, forKey: .epsilon)
    initializer = try values.decode(TransformerInitializerKind.self, forKey: .initializer)
  }
}
