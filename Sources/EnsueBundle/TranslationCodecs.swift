// The symbols of both sides of a translation model.

import EnsueText

/// The codecs of source and target.
public struct TranslationCodecs: Sendable, Equatable {
  public let source: SequenceCodec
  public let target: SequenceCodec
  /// Whether both sides have one vocabulary.
  public let isJoint: Bool

  /// - Precondition: a joint vocabulary is the same on both sides.
  public init(source: SequenceCodec, target: SequenceCodec, isJoint: Bool) {
    precondition(!isJoint || source == target, "a joint vocabulary is the same on both sides")
    (self.source, self.target, self.isJoint) = (source, target, isJoint)
  }

  /// A source as a model reads it: with its end.
  public func sourceInput(_ ids: [Int32]) -> [Int32] { ids + [source.endID] }
}
