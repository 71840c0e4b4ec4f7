// The keys that sound together: a set of MIDI notes of the piano.

/// A set of piano keys, as MIDI notes from 21 (A0) to 108 (C8).
public struct PianoKeys: Sendable, Hashable {
  /// The keys of a piano.
  public static let count = 88
  /// The MIDI notes of its keys.
  public static let notes = 21...108

  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// No key: silence.
  public init() {}

  /// - Precondition: every note is in `PianoKeys.notes`.
  public init(_ notes: some Sequence<Int>) {
    for note in notes { insert(note) }
  }

  /// Adds a note; adding it twice changes nothing.
  /// - Returns: whether it is new.
  /// - Precondition: `note` is in `PianoKeys.notes`.
  @discardableResult public mutating func insert(_ note: Int) -> Bool {
    precondition(PianoKeys.notes.contains(note), "PianoKeys: the note \(note) is not on the piano")
    guard !contains(note) else { return false }
    let key = note - PianoKeys.notes.lowerBound
    if key < 64 { low |= 1 << UInt64(key) } else { high |= 1 << UInt64(key - 64) }
    return true
  }

  public func contains(_ note: Int) -> Bool {
    guard PianoKeys.notes.contains(note) else { return false }
    let key = note - PianoKeys.notes.lowerBound
    return (key < 64 ? low >> UInt64(key) : high >> UInt64(key - 64)) & 1 == 1
  }

  /// How many notes sound.
  public var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }
  public var isEmpty: Bool { low == 0 && high == 0 }

  /// The notes, ascending.
  public var notes: [Int] { PianoKeys.notes.filter(contains) }

  /// 88 numbers, 1 for the keys that sound, the lowest first.
  public var multiHot: [Float] { PianoKeys.notes.map { contains($0) ? 1 : 0 } }
}
