// What a user calls a model of the Hub: hub:ORG/NAME@revision.

import EnsueFiles

/// A repository of the Hub at a revision.
public struct HubReference: Sendable, Equatable, CustomStringConvertible {
  /// What tells a reference from a path.
  public static let prefix = "hub:"

  /// `ORG/NAME`; a bare `NAME` for the oldest models.
  public let repository: String
  /// A branch, a tag, or a commit of 40 hexadecimal digits.
  public let revision: String

  /// Reads `hub:ORG/NAME[@revision]` or `ORG/NAME[@revision]`.
  /// - Throws: `Failure` of kind `usage` for names that the Hub does not have, those that play tricks with paths among
  ///   them.
  public init(_ text: String) throws(Failure) {
    let body = text.hasPrefix(HubReference.prefix) ? text.dropFirst(HubReference.prefix.count) : text[...]
    let parts = body.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    repository = String(parts[0])
    revision = parts.count == 2 ? String(parts[1]) : "main"
    guard HubReference.isRepository(repository) else {
      throw Failure(
        .usage, at: Failure.shown(text),
        "the name of a repository, ORG/NAME, expected, found one that the Hub cannot have",
        advice: "Letters, digits, '-', '_' and '.', at most 96; '--' and '..' are not allowed.")
    }
    guard HubReference.isRevision(revision) else {
      throw Failure(
        .usage, at: Failure.shown(text),
        "a branch, a tag or a commit expected after '@', found \(Failure.shown(revision))"
      )
    }
  }

  public var description: String { revision == "main" ? repository : "\(repository)@\(revision)" }

  /// The revision as a commit, when it is one.
  var commit: HubCommit? { HubCommit(revision) }

  private static func isRepository(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), name.utf8.count <= 96 else { return false }
    return parts.allSatisfy { part in
      guard let first = part.first, let last = part.last else { return false }
      let text = String(decoding: part, as: UTF8.self)
      return part.allSatisfy { isLetter($0) || [0x2D, 0x2E, 0x5F].contains($0) }
        && isWord(first) && isWord(last) && !contains(text, "--") && !contains(text, "..") && !text.hasSuffix(".git")
    }
  }

  /// After git-check-ref-format(1), without what a path or an address would read otherwise.
  private static func isRevision(_ name: String) -> Bool {
    guard (1...255).contains(name.utf8.count) else { return false }
    let forbidden = Array("\\:?*[~^%#\"'<>|;&$`".utf8)
    return name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !forbidden.contains($0) } && !contains(name, "..")
      && !contains(name, "@{")
      && name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.first != UInt8(ascii: ".") && !String(decoding: part, as: UTF8.self).hasSuffix(".lock")
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || byte == UInt8(ascii: "_") }

  private static func contains(_ text: String, _ pair: StaticString) -> Bool {
    let bytes = Array(text.utf8)
    return pair.withUTF8Buffer { pair in
      bytes.indices.dropLast().contains { bytes[$0] == pair[0] && bytes[$0 + 1] == pair[1] }
    }
  }
}
