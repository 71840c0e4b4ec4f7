// The symbols of both sides of a translation model, and how it reads and writes them.

import EnsueText

/// The codecs of source and target.
public struct TranslationCodecs: Sendable, Equatable {
  public let source: SequenceCodec
  public let target: SequenceCodec
  /// Whether both sides have one vocabulary.
  public let isJoint: Bool
  /// Whether the model reads a source with its end; some of other programs do not.
  public let readsSourceEnd: Bool
  /// What a model of another program leaves to who calls it; nil where it ends its translations itself.
  public let fixedLengths: FixedLengths?

  /// The lengths that a model without an end was trained with.
  public struct FixedLengths: Sendable, Equatable {
    /// Symbols of a source: shorter ones are filled up.
    public let source: Int
    /// What fills them.
    public let paddingID: Int32
    /// Symbols of a translation, where nobody asks for others.
    public let target: Int

    /// The longest that a bundle may have.
    static let limit = 65_536

    public init(source: Int, paddingID: Int32, target: Int) {
      (self.source, self.paddingID, self.target) = (source, paddingID, target)
    }
  }

  /// - Precondition: a joint vocabulary is the same on both sides.
  public init(
    source: SequenceCodec, target: SequenceCodec, isJoint: Bool, readsSourceEnd: Bool = true,
    fixedLengths: FixedLengths? = nil
  ) {
    precondition(!isJoint || source == target, "a joint vocabulary is the same on both sides")
    (self.source, self.target, self.isJoint, self.readsSourceEnd) = (source, target, isJoint, readsSourceEnd)
    self.fixedLengths = fixedLengths
  }

  /// The symbol with which the model ends a translation; nil where it writes to a limit alone.
  public var targetEndID: Int32? { fixedLengths == nil ? target.endID : nil }

  /// A source as the model reads it.
  public func sourceInput(_ ids: [Int32]) -> [Int32] {
    let ends = readsSourceEnd ? [source.endID] : []
    guard let fixedLengths else { return ids + ends }
    return ids + Array(repeating: fixedLengths.paddingID, count: max(0, fixedLengths.source - ids.count)) + ends
  }

  /// A target as the model writes it.
  public func targetOutput(_ ids: [Int32]) -> [Int32] { ids + (targetEndID.map { [$0] } ?? []) }
}
