// What a pre-trained encoder needs to be told.

import EnsueFiles
import EnsueLayers

/// The sizes and settings of an encoder.
public struct EncoderConfiguration: Sendable, Codable, Equatable {
  public var family: EncoderFamilyKind
  public var vocabularySize = 30_522
  /// Features of a token's vector; the width but in ALBERT and ELECTRA.
  public var embeddingSize = 768
  /// Features of a row between blocks.
  public var width = 768
  public var layerCount = 12
  public var headCount = 12
  /// Features between the two maps of a feed-forward sub-layer.
  public var feedForwardSize = 3072
  public var activation = FeedForwardActivationKind.gelu
  /// Rows of the table of positions; RoBERTa's first ones are no sequence's (`maximumLength`).
  public var maximumPositions = 512
  /// Kinds of tokens, such as those of a pair's first and second text; 0 where a family has none.
  public var typeCount = 2
  /// Added to the variances of norms.
  public var epsilon = 1e-12
  /// Share of sums of embeddings and of sub-layers' outputs set to zero in training.
  public var dropout = 0.1
  /// Share of attention weights set to zero in training.
  public var attentionDropout = 0.1
  /// Share of what a head reads set to zero in training; nil for as much as `dropout`.
  public var classifierDropout: Double?
  public var paddingID = 0

  init(family: EncoderFamilyKind) { self.family = family }

  /// The base model of a family's paper (of ELECTRA, the small one).
  public init(_ family: EncoderFamilyKind) { self = family.family.base }

  /// The longest sequence that there are positions for.
  public var maximumLength: Int { maximumPositions - family.family.firstPosition(self) }

  /// Share of what a head reads set to zero in training.
  var headDropout: Double { classifierDropout ?? dropout }

  /// The blocks: post-norm, with biases.
  var blocks: TransformerConfiguration {
    var blocks = TransformerConfiguration()
    (blocks.width, blocks.headCount, blocks.layerCount) = (width, headCount, layerCount)
    (blocks.feedForwardSize, blocks.activation, blocks.epsilon) = (feedForwardSize, activation, epsilon)
    (blocks.dropout, blocks.attentionDropout) = (dropout, attentionDropout)
    return blocks
  }
}

// MARK: Bounds

extension EncoderConfiguration {
  /// 16 GiB of 32-bit numbers: more than any model of these families has.
  private static let weightLimit = 4_294_967_296.0

  /// The numbers of the encoder's matrices and tables: never more than there are. In floating point, which does not
  /// overflow.
  public var leastWeightCount: Double {
    let rows = Double(vocabularySize) + Double(maximumPositions) + Double(typeCount)
    var blocks = blocks
    blocks.layerCount = family.family.weights.sharesBlock ? 1 : layerCount
    let map = family.family.mapsEmbedding(self) ? Double(embeddingSize) * Double(width) : 0
    return rows * Double(embeddingSize) + map + blocks.leastWeightCount(.encoder)
  }

  /// Refuses what makes no encoder.
  /// - Throws: `Failure` of kind `configuration`, naming the first setting at fault.
  public func check() throws(Failure) {
    try check(.own) { Failure(.configuration, at: $0, $1) }
  }

  /// - Parameters:
  ///   - keys: the names of the settings in messages.
  ///   - failure: of a setting's name, and what was expected and found.
  func check(_ keys: EncoderKeys, _ failure: (String, String) -> Failure) throws(Failure) {
    func size(_ key: String, _ value: Int, _ range: ClosedRange<Int>) throws(Failure) {
      guard !range.contains(value) else { return }
      throw failure(key, "a size from \(range.lowerBound) to \(range.upperBound) expected, found \(value)")
    }
    try size(keys.vocabularySize, vocabularySize, 1...1 << 24)
    try size(keys.width, width, 1...1 << 16)
    try size(keys.embeddingSize ?? keys.width, embeddingSize, 1...1 << 16)
    try size(keys.layerCount, layerCount, 1...1 << 10)
    try size(keys.headCount, headCount, 1...1 << 10)
    try size(keys.feedForwardSize, feedForwardSize, 1...1 << 18)
    try size(keys.maximumPositions, maximumPositions, 1...1 << 20)
    try size(keys.typeCount ?? "typeCount", typeCount, family.family.keys.typeCount == nil ? 0...0 : 1...1 << 10)
    try checkRelations(keys, failure)
    for (key, rate) in [
      (keys.dropout, dropout), (keys.attentionDropout, attentionDropout), (keys.classifierDropout, headDropout),
    ] where !(0..<1).contains(rate) {
      throw failure(key, "a share from 0 to below 1 expected, found \(rate)")
    }
    guard epsilon > 0, epsilon <= 1 else {
      throw failure(keys.epsilon ?? "epsilon", "a number above 0 and at most 1 expected, found \(epsilon)")
    }
  }

  /// What settings have to do with each other.
  private func checkRelations(_ keys: EncoderKeys, _ failure: (String, String) -> Failure) throws(Failure) {
    guard width.isMultiple(of: headCount) else {
      throw failure(keys.headCount, "a number of heads that divides the width \(width) expected, found \(headCount)")
    }
    guard embeddingSize == width || family.family.mapsEmbedding(self) else {
      throw failure(keys.embeddingSize ?? keys.width, "the width \(width) expected, found \(embeddingSize)")
    }
    guard (0..<vocabularySize).contains(paddingID) else {
      throw failure(keys.paddingID, "an id from 0 to \(vocabularySize - 1) expected, found \(paddingID)")
    }
    guard maximumLength >= 1 else {
      throw failure(
        keys.maximumPositions,
        "more positions than the \(family.family.firstPosition(self)) before the first token's expected, "
          + "found \(maximumPositions)")
    }
    guard leastWeightCount <= EncoderConfiguration.weightLimit else {
      throw failure(
        keys.width,
        "sizes that make at most \(JSONValue.number(EncoderConfiguration.weightLimit)) weights expected, "
          + "found \(JSONValue.number(leastWeightCount))")
    }
  }
}
