// The symbols of both sides of a translation model.

import EnsueText

/// The codecs of source and target.
public struct TranslationCodecs: Sendable, Equatable {
  public let source: SequenceCodec
  public let target: SequenceCodec
  /// Whether both sides have one vocabulary.
  public let isJoint: Bool
  /// Whether the model reads a source with its end; some of other programs do not.
  public let readsSourceEnd: Bool

  /// - Precondition: a joint vocabulary is the same on both sides.
  public init(source: SequenceCodec, target: SequenceCodec, isJoint: Bool, readsSourceEnd: Bool = true) {
    precondition(!isJoint || source == target, "a joint vocabulary is the same on both sides")
    (self.source, self.target, self.isJoint, self.readsSourceEnd) = (source, target, isJoint, readsSourceEnd)
  }

  /// A source as the model reads it.
  public func sourceInput(_ ids: [Int32]) -> [Int32] { readsSourceEnd ? ids + [source.endID] : ids }
}
