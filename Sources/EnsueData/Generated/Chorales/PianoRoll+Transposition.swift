// A piece in another key.

extension PianoRoll {
  /// Every note moved by as many semitones; the piece itself where a note would leave the piano.
  public func transposed(by semitones: Int) -> PianoRoll {
    guard semitones != 0 else { return self }
    let notes = steps.map { $0.notes.map { $0 + semitones } }
    guard notes.joined().allSatisfy({ PianoKeys.notes.contains($0) }) else { return self }
    return PianoRoll(notes.map { PianoKeys($0) })
  }
}
