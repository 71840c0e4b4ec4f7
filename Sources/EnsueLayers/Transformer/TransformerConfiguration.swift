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
  /// Blocks of a stack.
  public var layerCount = 6
  /// Features between the two maps of a feed-forward sub-layer.
  public var feedForwardSize = 2048
  public var activation = FeedForwardActivationKind.relu
  public var norm = NormPlacementKind.post
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
  /// Added to variances in layer norms.
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
    let attention = 4 * width * width
    let block =
      switch stack {
      case .encoder: attention + 2 * width * inner
      case .decoder: 2 * attention + 2 * width * inner
      }
    return Double(layerCount) * block
  }
}
