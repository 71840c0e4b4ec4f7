// How the bytes of a text are read, where nothing else is to be said of it.

/// The encoding of a text, and what becomes of bytes that are none.
public struct TextForm: Sendable, Equatable {
  public var encoding: TextEncodingKind
  public var badBytes: BadBytePolicy

  public init(encoding: TextEncodingKind = .utf8, badBytes: BadBytePolicy = .reject) {
    (self.encoding, self.badBytes) = (encoding, badBytes)
  }
}
