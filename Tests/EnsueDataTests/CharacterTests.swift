// Texts as characters.

import EnsueData
import EnsueFiles
import Foundation
import Testing

@Suite struct CharacterTextTests {
  @Test(arguments: [
    "a", "hello\n", "naïve — 日本語 🎬\u{10FFFF}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}", "e\u{301}\r\n",
  ])
  func scalars(_ text: String) throws {
    try withFile(Array(text.utf8)) { path in
      let read = try CharacterText(contentsOf: path)
      #expect(read.values == text.unicodeScalars.map(\.value))
      #expect(read.replacedBytes == 0 && read.file.bytes == text.utf8.count)
    }
  }

  @Test func byteOrderMarkAndLatin1() throws {
    try withFile([0xEF, 0xBB, 0xBF, 0x61]) { path in
      let read = try CharacterText(contentsOf: path)
      #expect(read.values == [0x61])
    }
    try withFile([0x61, 0xE9]) { path in
      #expect(try CharacterText(contentsOf: path, encoding: .latin1).values == [0x61, 0xE9])
      let replaced = try CharacterText(contentsOf: path, badBytes: .replace)
      #expect(replaced.values == [0x61, 0xFFFD] && replaced.replacedBytes == 1)
    }
  }

  @Test(
    arguments: [
      ([], "empty"), ([0x61, 0xFF], "UTF-8"), ([0x61, 0x00], "NUL"), ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"),
      ([0xEF, 0xBB, 0xBF], "empty"),
    ] as [([UInt8], String)])
  func refused(_ bytes: [UInt8], _ word: String) throws {
    try withFile(bytes) { path in
      let failure = #expect(throws: Failure.self) { try CharacterText(contentsOf: path) }
      #expect(failure?.kind == .data && failure?.description.contains(word) == true, "\(failure?.description ?? "")")
    }
  }

  @Test(arguments: [(1, 0.5, 1), (2, 0.001, 1), (2, 0.999, 1), (10, 0.1, 9), (10, 0.25, 7), (1000, 0.1, 900)])
  func validationStart(_ count: Int, _ fraction: Double, _ start: Int) throws {
    try withFile([UInt8](repeating: 0x61, count: count)) { path in
      let text = try CharacterText(contentsOf: path)
      #expect(text.validationStart(fraction: fraction) == start)
    }
  }

  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "ensue-text-" + UUID().uuidString
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}
