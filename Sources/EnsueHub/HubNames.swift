// Names that come from a server and become parts of paths: commits, contents, files. Nothing else of an answer ever
// does.

import EnsueFiles

/// A commit: 40 hexadecimal digits.
package struct HubCommit: Sendable, Hashable {
  package let text: String

  package init?(_ text: String) {
    guard text.utf8.count == 40, isLowerHexadecimal(text) else { return nil }
    self.text = text
  }
}

/// The name of a content in the cache: its SHA-256 for files in large-file storage, Git's blob id for the others.
package struct HubBlobName: Sendable, Hashable {
  package let text: String

  package init?(_ text: String) {
    guard text.utf8.count == 40 || text.utf8.count == 64, isLowerHexadecimal(text) else { return nil }
    self.text = text
  }

  /// The name in an entity tag: `"…"` or `W/"…"` (RFC 9110, 8.8.3).
  package init?(entityTag: String) {
    var text = entityTag[...]
    if text.hasPrefix("W/") { text = text.dropFirst(2) }
    if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 { text = text.dropFirst().dropLast() }
    self.init(String(text))
  }

  package var algorithm: ContentHash.Algorithm { text.utf8.count == 64 ? .sha256 : .sha1 }

  /// The hash that a content of `size` bytes must end with as this name.
  func hash(size: Int) -> ContentHash {
    switch algorithm {
    case .sha256: ContentHash(.sha256)
    case .sha1: ContentHash(gitBlobOf: size)
    }
  }
}

private func isLowerHexadecimal(_ text: String) -> Bool {
  text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

/// The name of a file in a repository, with `/` between its parts.
package struct HubFileName: Sendable, Hashable {
  package let text: String

  /// - Throws: `Failure` of kind `data` for a name that would leave its folder or that some file system reads
  ///   otherwise (checked by the rules of POSIX and of Windows).
  package init(_ text: String, at place: String) throws(Failure) {
    func refused(_ reason: String) -> Failure {
      Failure(.data, at: place, "a file name expected, found \(reason) in \(Failure.shown(text))")
    }
    guard (1...1024).contains(text.utf8.count) else { throw refused("nothing, or more than 1024 bytes,") }
    for scalar in text.unicodeScalars {
      if scalar == "\\" { throw refused("a backslash") }
      if scalar.value == 0 { throw refused("a zero byte") }
      if scalar.properties.generalCategory == .control { throw refused("a control character") }
    }
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if parts.first?.isEmpty == true { throw refused("an absolute path") }
    let start = Array(text.utf8.prefix(2))
    if start.count == 2, start[1] == UInt8(ascii: ":") { throw refused("a drive") }
    for part in parts {
      if part.isEmpty { throw refused("an empty part") }
      if part.count > 240 { throw refused("a part of more than 240 bytes") }
      if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) { throw refused("a step to another folder") }
    }
    self.text = text
  }

  package static func == (left: HubFileName, right: HubFileName) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }

  /// A device of Windows, which no folder there can hold.
  package var isDevice: Bool {
    let devices = ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] }
    return text.split(separator: "/").contains { part in
      devices.contains((part.split(separator: ".").first.map(String.init) ?? "").lowercased())
    }
  }

  /// The number of folders above the file, inside the repository.
  package var depth: Int { text.utf8.count { $0 == UInt8(ascii: "/") } }
}
