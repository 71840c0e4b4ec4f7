import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Test func aFileAppearsWholeOrNotAtAll() throws {
  try TestFiles.withDirectory { directory in
    let path = "\(directory)/a.txt"
    try OutputFile.write("first", to: path)
    do {
      var file = try OutputFile(path)
      try file.write("half of the second")
      // Never committed.
    }
    #expect(try InputFile.contents(of: path) == Array("first".utf8))
    #expect(try InputFile.names(in: directory) == ["a.txt"])
  }
}

@Test func aDeviceIsWrittenToAndNotReplaced() throws {
  try TestFiles.withDirectory { directory in
    for device in ["null", "full"] { symlink("/dev/\(device)", "\(directory)/\(device)") }
    try OutputFile.write("x", to: "\(directory)/null")
    let failure = #expect(throws: Failure.self) { try OutputFile.write("x", to: "\(directory)/full") }
    #expect(failure?.kind == .inputOutput)
    #expect(try InputFile.names(in: directory) == ["full", "null"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/null") == "/dev/null")
  }
}

@Test func digestOfPiecesEqualsDigestOfTheWhole() throws {
  let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  var pieces = IncrementalDigest()
  pieces.append(Array(bytes[..<777]))
  pieces.append(Array(bytes[777...]))
  #expect(pieces.digest == Digest(of: bytes))
  #expect(Digest(Digest(of: bytes).description) == Digest(of: bytes))
  try TestFiles.withDirectory { directory in
    try OutputFile.write(bytes, to: "\(directory)/b")
    #expect(try InputFile.digest(of: "\(directory)/b") == Digest(of: bytes))
  }
}

@Test func whatIsNoFileIsRefused() throws {
  try TestFiles.withDirectory { directory in
    mkfifo("\(directory)/pipe", 0o644)
    for path in [directory, "\(directory)/absent", "\(directory)/pipe", "/dev/zero"] {
      let failure = #expect(throws: Failure.self) { try InputFile.contents(of: path) }
      #expect(failure?.kind == .missing, "\(path)")
    }
    let failure = #expect(throws: Failure.self) { try OutputFile.write("x", to: "\(directory)/absent/x") }
    #expect(failure?.kind == .cannotCreate)
  }
}

@Test func namesAreSuggestedWhenNear() {
  #expect(Failure.nearest(to: "biltsm", among: ["lstm", "bilstm", "gru"]) == "bilstm")
  #expect(Failure.nearest(to: "transformer", among: ["lstm", "gru"]) == nil)
}

@Test func inputIsShownEscapedAndShort() {
  #expect(Failure.shown("a\u{1B}[31m\n") == "'a\\u{1b}[31m\\n'")
  #expect(Failure.shown(String(repeating: "x", count: 500)).count == 83)
}
