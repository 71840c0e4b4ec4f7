// Pieces in other keys, as text, and as MIDI files, which are read back byte by byte.

import EnsueData
import Testing

@Suite struct PianoRollFileTests {
  private static let roll = PianoRoll([[48, 64], [48, 65], [], [48], [48]].map { PianoKeys($0) })

  @Test func transposition() {
    let moved = PianoRollFileTests.roll.transposed(by: 3)
    #expect(moved.steps.map(\.notes) == [[51, 67], [51, 68], [], [51], [51]])
    #expect(moved.transposed(by: -3) == PianoRollFileTests.roll)
    #expect(PianoRollFileTests.roll.transposed(by: -28) == PianoRollFileTests.roll, "20 is no key of a piano")
    #expect(PianoRollFileTests.roll.transposed(by: -27).steps[0].notes == [21, 37])
    #expect(PianoRollFileTests.roll.transposed(by: 44) == PianoRollFileTests.roll)
  }

  @Test func names() {
    #expect(PianoKeys([21, 60, 61, 108]).text == "A0 C4 C#4 C8")
    #expect(PianoKeys().text == "-")
  }

  /// Events of the track: what is held is struck once, what returns after silence is struck again.
  @Test func midi() throws {
    let bytes = PianoRollFileTests.roll.midi(stepSeconds: 0.5)
    #expect(bytes.prefix(14) == [0x4D, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0x01, 0xE0])
    #expect(Array(bytes[14..<18]) == Array("MTrk".utf8))
    let length = bytes[18..<22].reduce(0) { $0 << 8 | Int($1) }
    var track = bytes[22...]
    #expect(track.count == length)
    #expect(track.prefix(7) == [0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20], "500,000 microseconds a step")
    track = track.dropFirst(7)
    var (events, time) = ([String](), 0)
    while track.count > 4 {
      var wait = 0
      while let byte = track.popFirst() {
        wait = wait << 7 | Int(byte & 0x7F)
        if byte < 0x80 { break }
      }
      time += wait
      let status = track.removeFirst()
      events.append("\(time / 480) \(status == 0x90 ? "on" : "off") \(track.removeFirst())")
      #expect(time.isMultiple(of: 480) && [0x80, 0x90].contains(status))
      track.removeFirst()
    }
    #expect(Array(track) == [0, 0xFF, 0x2F, 0])
    #expect(
      events == [
        "0 on 48", "0 on 64", "1 off 64", "1 on 65", "2 off 48", "2 off 65", "3 on 48", "5 off 48",
      ])
  }
}
