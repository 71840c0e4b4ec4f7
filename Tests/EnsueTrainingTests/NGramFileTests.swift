// The file of an n-gram model: the same model comes back, and what is not what was written is refused.

import EnsueFiles
import EnsueModels
import EnsueTestSupport
import Foundation
import Testing

@Suite struct NGramFileTests {
  private static let ids = NGramTests.text(1200, below: 12)

  @Test(arguments: NGramSmoothingKind.allCases, [nil, 4] as [Int32?])
  func roundTrip(_ smoothing: NGramSmoothingKind, _ sentenceEnd: Int32?) throws {
    for order in [1, 2, 4] {
      let configuration = NGramTests.configuration(
        smoothing, order: order, vocabularySize: 13, sentenceEnd: sentenceEnd)
      let model = try NGramModel(configuration, counting: NGramFileTests.ids)
      try TestFiles.withDirectory { directory in
        try model.write(to: "\(directory)/counts")
        let read = try NGramModel(contentsOf: "\(directory)/counts")
        #expect(read.configuration == configuration && read.ngramCount == model.ngramCount)
        for start in stride(from: 0, to: 1100, by: 90) {
          let context = Array(NGramFileTests.ids[start..<start + 4])
          #expect(read.probabilities(after: context) == model.probabilities(after: context))
        }
      }
    }
  }

  @Test func damage() throws {
    let configuration = NGramTests.configuration(.modifiedKneserNey, order: 3, vocabularySize: 12)
    let model = try NGramModel(configuration, counting: NGramFileTests.ids)
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/counts"
      try model.write(to: path)
      let bytes = try InputFile.contents(of: path)
      func refused(_ changed: [UInt8], _ what: String) throws {
        try Data(changed).write(to: URL(fileURLWithPath: path))
        let failure = #expect(throws: Failure.self, "\(what)") { try NGramModel(contentsOf: path) }
        #expect(failure?.kind == .data && failure?.place.contains(path) == true, "\(what)")
      }
      for size in Array(0..<200) + Array(stride(from: 200, to: bytes.count, by: 61)) {
        try refused(Array(bytes.prefix(size)), "cut at \(size)")
      }
      for place in Array(0..<200) + Array(stride(from: 200, to: bytes.count, by: 61)) {
        var changed = bytes
        changed[place] ^= 1 << UInt8(place % 8)
        try refused(changed, "byte \(place)")
      }
      try refused(bytes + [0], "a byte more")
      // A length that no file has, under a digest that fits.
      for place in 12..<16 {
        var changed = bytes.dropLast(16)
        changed[place] = 0xFF
        try refused(sealed(Array(changed)), "length at \(place)")
      }
      // Numbers inside that point elsewhere.
      for place in stride(from: bytes.count - 20, to: 220, by: -4) {
        var changed = bytes.dropLast(16)
        for byte in place..<place + 4 { changed[byte] = 0xFF }
        try Data(sealed(Array(changed))).write(to: URL(fileURLWithPath: path))
        // A count may be any number; a symbol or a place may not. Neither may end the process.
        _ = try? NGramModel(contentsOf: path).probabilities(after: [1, 2])
      }
    }
  }

  private func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let digest = Digest(of: bytes)
    return bytes
      + [digest.low, digest.high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}
