// A piece as text, and as a file that music programs open (Standard MIDI File 1.0, MIDI Manufacturers Association 1996).

extension PianoKeys {
  private static let pitchNames = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

  /// The notes by name, the lowest first: `C3 E4 G4 C5`; a dash for silence.
  public var text: String {
    isEmpty ? "-" : notes.map { "\(PianoKeys.pitchNames[$0 % 12])\($0 / 12 - 1)" }.joined(separator: " ")
  }
}

extension PianoRoll {
  /// The ticks of a step.
  private static let stepTicks = 480

  /// A file of one track: a note that sounds in neighbouring steps is held.
  /// - Parameter stepSeconds: how long a step lasts; 0.001 to 16 seconds.
  public func midi(stepSeconds: Double = 0.6) -> [UInt8] {
    precondition(0.001...16 ~= stepSeconds, "PianoRoll: a step of \(stepSeconds) seconds")
    let tempo = UInt32((stepSeconds * 1e6).rounded())
    var track: [UInt8] = [0, 0xFF, 0x51, 3] + PianoRoll.bigEndian(tempo, count: 3)
    var waited = 0
    func event(_ status: UInt8, _ note: Int, _ velocity: UInt8) {
      track += PianoRoll.variableLength(waited) + [status, UInt8(note), velocity]
      waited = 0
    }
    for (before, after) in zip([PianoKeys()] + steps, steps + [PianoKeys()]) {
      for note in before.notes where !after.contains(note) { event(0x80, note, 0) }
      for note in after.notes where !before.contains(note) { event(0x90, note, 80) }
      waited += PianoRoll.stepTicks
    }
    track += [0, 0xFF, 0x2F, 0]
    let head: [UInt8] = Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1]
    return head + PianoRoll.bigEndian(UInt32(PianoRoll.stepTicks), count: 2) + Array("MTrk".utf8)
      + PianoRoll.bigEndian(UInt32(track.count), count: 4) + track
  }

  private static func bigEndian(_ value: UInt32, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }

  /// Seven bits a byte, the highest first; all but the last byte have their top bit set.
  private static func variableLength(_ value: Int) -> [UInt8] {
    var bytes = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
      rest >>= 7
    }
    return bytes
  }
}
