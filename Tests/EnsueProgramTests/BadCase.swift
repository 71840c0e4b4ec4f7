// One wrong input: how it comes about, the command that meets it, and what must be said.

import Testing

/// A command that must fail with one clear line.
struct BadCase: Sendable, CustomTestStringConvertible {
  let name: String
  let line: String
  let code: Int32
  let words: [String]
  let input: [UInt8]
  let prepare: @Sendable (Sandbox) throws -> Void

  /// - Parameters:
  ///   - line: the command line, as `Program.run` splits it.
  ///   - code: the exit code.
  ///   - words: what the message must contain.
  ///   - prepare: makes the input.
  init(
    _ name: String, _ line: String, _ code: Int32, _ words: String..., input: [UInt8] = [],
    prepare: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
  ) {
    self.init(name, line: line, code, words, input: input, prepare: prepare)
  }

  /// The same for cases that share a line.
  init(
    _ name: String, line: String, _ code: Int32, _ words: [String], input: [UInt8] = [],
    prepare: @escaping @Sendable (Sandbox) throws -> Void
  ) {
    (self.name, self.line, self.code, self.words) = (name, line, code, words)
    (self.input, self.prepare) = (input, prepare)
  }

  var testDescription: String { name }

  /// Runs the command and checks everything that holds for all refusals.
  func check() throws {
    try Sandbox.with { sandbox in
      try prepare(sandbox)
      let before = try sandbox.snapshot()
      let result = try Program.run(line, in: sandbox.path, input: input)
      #expect(result.code == code, "\(result)")
      #expect(!result.timedOut)
      #expect(result.errorLines.count == 1, "one line expected\n\(result)")
      #expect(result.errorText.hasPrefix("error: "), "\(result)")
      #expect(result.errorText.utf8.count < 1000, "\(result)")
      for word in words { #expect(result.errorText.contains(word), "'\(word)' expected\n\(result)") }
      let isControl = { (byte: UInt8) in byte < 0x20 && byte != 0x0A || byte == 0x7F }
      #expect(!result.error.contains(where: isControl), "a terminal would obey this\n\(result)")
      // A refused command leaves no trace.
      let after = try sandbox.snapshot()
      let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
      #expect(changed.subtracting(BadCase.tolerated).isEmpty, "changed: \(changed.sorted())")
    }
  }

  /// An empty run folder that a refused training leaves where there was none.
  private static let tolerated: Set<String> = []
}
