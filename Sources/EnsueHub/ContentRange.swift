// Which part of a file an answer holds.

/// `bytes FIRST-LAST/TOTAL` (RFC 9110, 14.4).
struct ContentRange: Equatable {
  let first: Int
  let last: Int
  /// nil where the server does not say.
  let total: Int?

  init?(_ text: String) {
    guard text.lowercased().hasPrefix("bytes ") else { return nil }
    let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = HTTPHead.number(bounds[0]), let last = HTTPHead.number(bounds[1]),
      first <= last
    else { return nil }
    total = parts[1] == "*" ? nil : HTTPHead.number(parts[1])
    guard total != nil || parts[1] == "*" else { return nil }
    (self.first, self.last) = (first, last)
  }
}
