// Addresses of the web, as strict as the Hub's are: http or https, no user, no unescaped characters (RFC 3986).

/// An address.
package struct HubURL: Sendable, Hashable, CustomStringConvertible {
  package enum Scheme: String, Sendable { case http, https }

  package let scheme: Scheme
  /// In lower case; an IPv6 address in brackets.
  package let host: String
  package let port: Int
  /// Path and query, beginning with `/`.
  package let target: String

  package init?(_ text: String) {
    guard text.utf8.count <= 8192, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) else {
      return nil
    }
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
    guard let end = parts.firstIndex(of: ":"), let scheme = Scheme(rawValue: parts[..<end].lowercased()),
      parts[end...].hasPrefix("://")
    else { return nil }
    let rest = parts[end...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let target = rest[authority.endIndex...]
    guard let (host, port) = HubURL.hostAndPort(String(authority)) else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = port ?? (scheme == .https ? 443 : 80)
    self.target = target.hasPrefix("/") ? String(target) : "/" + target
  }

  private init(_ other: HubURL, target: String) {
    (scheme, host, port) = (other.scheme, other.host, other.port)
    self.target = target
  }

  /// A host of letters, digits, dots and hyphens, or an address in brackets.
  private static func hostAndPort(_ authority: String) -> (String, Int?)? {
    let isNamed = { (text: Substring) in
      !text.isEmpty && text.utf8.count <= 253
        && text.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
    }
    let isAddress = { (text: Substring) in
      text.hasPrefix("[") && text.hasSuffix("]") && text.utf8.count <= 48
        && text.utf8.dropFirst().dropLast().allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E
        }
    }
    let lower = authority.lowercased()
    let hostEnd = lower.hasPrefix("[") ? lower.firstIndex(of: "]").map(lower.index(after:)) : lower.firstIndex(of: ":")
    let host = lower[..<(hostEnd ?? lower.endIndex)]
    let rest = lower[host.endIndex...]
    guard isNamed(host) || isAddress(host) else { return nil }
    if rest.isEmpty { return (String(host), nil) }
    let digits = rest.dropFirst()
    guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
      (1...65535).contains(port)
    else { return nil }
    return (String(host), port)
  }

  /// Where a `Location` leads from here.
  package func resolving(_ location: String) -> HubURL? {
    if location.isEmpty { return nil }
    if location.hasPrefix("//") { return HubURL("\(scheme.rawValue):\(location)") }
    if location.hasPrefix("/") { return HubURL(origin + location) }
    let head = location.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if head.contains(":") { return HubURL(location) }
    let path = target.prefix { $0 != "?" }
    let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
    return HubURL(origin + folder + location)
  }

  /// This address with more of a path.
  func appending(_ path: String) -> HubURL {
    HubURL(self, target: (target.hasSuffix("/") ? String(target.dropLast()) : target) + path)
  }

  func isSameOrigin(as other: HubURL) -> Bool {
    scheme == other.scheme && host == other.host && port == other.port
  }

  /// A name or an address of this machine.
  package var isLoopback: Bool { ["localhost", "127.0.0.1", "[::1]"].contains(host) }

  /// A number in place of a name, or this machine's own name.
  var isNumeric: Bool {
    isLoopback || host.hasPrefix("[") || host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
      || host.hasPrefix("0x") || host.hasSuffix(".localhost")
  }

  private var origin: String {
    let isUsual = port == (scheme == .https ? 443 : 80)
    return "\(scheme.rawValue)://\(host)" + (isUsual ? "" : ":\(port)")
  }

  /// Without the query, which may hold a signature.
  package var description: String { origin + target.prefix { $0 != "?" } }

  var text: String { origin + target }

  /// A part of a path, percent-encoded; `/` too unless `keepsSlashes`.
  static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
    text.utf8.map { byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte) || keepsSlashes && byte == UInt8(ascii: "/")
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
