// Stop strings in a stream: what is passed on, and what is held back, against a search of the whole text.

import EnsueDecoding
import EnsueTensor
import Testing

@Suite struct StopStringTests {
  /// Bytes of the text that may be passed on once all of it has come, and whether a stop string was in it.
  private func reference(_ text: [UInt8], _ stops: [[UInt8]]) -> (passed: Int, isStopped: Bool) {
    for end in 0...text.count {
      let matches = stops.filter { !$0.isEmpty && $0.count <= end && Array(text[end - $0.count..<end]) == $0 }
      if let longest = matches.map(\.count).max() { return (end - longest, true) }
    }
    let held = (1...max(1, text.count)).last { count in
      count <= text.count && stops.contains { $0.count > count && $0.prefix(count).elementsEqual(text.suffix(count)) }
    }
    return (text.count - (held ?? 0), false)
  }

  @Test func everyStreamAgainstTheWhole() throws {
    let alphabet: [Character] = ["a", "b", "ä", "あ"]
    for seed in 0..<400 {
      let key = RandomKey(seed: UInt64(seed))
      var place = 0
      func number(_ limit: Int) -> Int {
        place += 1
        return Int(key.bits(at: place) % UInt64(limit))
      }
      func string(_ length: Int) -> String { String((0..<length).map { _ in alphabet[number(alphabet.count)] }) }
      let stops = (0..<number(4)).map { _ in string(number(4)) }
      var matcher = StopStrings(stops)
      var (come, passed) = ("", "")
      for _ in 0..<8 {
        let piece = string(number(4))
        passed += matcher.append(piece)
        come += piece
        let expected = reference(Array(come.utf8), stops.map { Array($0.utf8) })
        #expect(Array(passed.utf8) == Array(come.utf8.prefix(expected.passed)), "\(stops) in \(come)")
        #expect(matcher.isStopped == expected.isStopped, "\(stops) in \(come)")
      }
      passed += matcher.finish()
      if !matcher.isStopped { #expect(passed == come) }
      #expect(matcher.finish().isEmpty)
    }
  }

  @Test func whatIsHeldBackIsGivenAtTheEnd() {
    var stops = StopStrings(["\n\nKING"])
    #expect(stops.append("to be\n") == "to be")
    #expect(stops.append("\nKIN") == "")
    #expect(stops.append("D") == "\n\nKIND")
    #expect(stops.append("\n\nK") == "")
    #expect(stops.finish() == "\n\nK" && !stops.isStopped)
  }

  @Test func nothingComesAfterAStop() {
    var stops = StopStrings(["END", "NDX", ""])
    #expect(stops.append("thE") == "th" && stops.append("NDX more") == "" && stops.isStopped)
    #expect(stops.append("more") == "" && stops.finish() == "")
    var none = StopStrings([String]())
    #expect(none.append("anything") == "anything" && none.finish() == "")
  }
}
