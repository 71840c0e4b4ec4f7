// What the environment says about the Hub: the variables of huggingface_hub, with their meaning there.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The Hub's variables.
public struct HubEnvironment: Sendable {
  private let variables: @Sendable (String) -> String?

  /// - Parameter variables: the value of a variable; nil where it is not set.
  public init(_ variables: @escaping @Sendable (String) -> String?) { self.variables = variables }

  /// That of this process.
  public static let process = HubEnvironment { name in getenv(name).map { String(cString: $0) } }

  /// `HF_ENDPOINT`, or the Hub itself.
  public var endpoint: String { value("HF_ENDPOINT") ?? "https://huggingface.co" }

  /// `HF_HUB_CACHE`, else `hub` in the Hub's folder.
  public var cacheRoot: String {
    (value("HF_HUB_CACHE") ?? value("HUGGINGFACE_HUB_CACHE")).map(expanded) ?? "\(home)/hub"
  }

  /// `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE`: no connection is made.
  public var isOffline: Bool { isTrue("HF_HUB_OFFLINE") || isTrue("TRANSFORMERS_OFFLINE") }

  /// Seconds without a sign of life, after which a transfer is given up: `HF_HUB_DOWNLOAD_TIMEOUT`.
  public var stallSeconds: Int { seconds("HF_HUB_DOWNLOAD_TIMEOUT", usual: 30) }

  /// Seconds for a question about a file: `HF_HUB_ETAG_TIMEOUT`.
  public var answerSeconds: Int { seconds("HF_HUB_ETAG_TIMEOUT", usual: 30) }

  /// `HF_TOKEN`, else the first line of the file that `hf auth login` writes.
  /// - Throws: `Failure` of kind `configuration` for a token that no header can hold.
  public func token() throws(Failure) -> String? {
    if let text = value("HF_TOKEN") ?? value("HUGGING_FACE_HUB_TOKEN") {
      return try HubEnvironment.checked(text, at: "HF_TOKEN")
    }
    if isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") { return nil }
    let path = value("HF_TOKEN_PATH").map(expanded) ?? "\(home)/token"
    guard InputFile.exists(path), let bytes = try? InputFile.contents(of: path, limit: 4096) else { return nil }
    return try HubEnvironment.checked(String(decoding: bytes, as: UTF8.self), at: path)
  }

  private static func checked(_ text: String, at place: String) throws(Failure) -> String? {
    let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    let token = String(
      String.UnicodeScalarView(text.unicodeScalars.drop(while: isSpace).reversed().drop(while: isSpace).reversed()))
    if token.isEmpty { return nil }
    guard token.utf8.count <= 1024, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      // The token itself is never shown.
      throw Failure(.configuration, at: place, "a token of plain characters expected, found others")
    }
    return token
  }

  /// `HF_HOME`, else `huggingface` in the user's caches.
  private var home: String {
    value("HF_HOME").map(expanded)
      ?? "\(value("XDG_CACHE_HOME").map(expanded) ?? "\(userFolder)/.cache")/huggingface"
  }

  private var userFolder: String {
    value("HOME") ?? getpwuid(getuid()).flatMap { $0.pointee.pw_dir }.map { String(cString: $0) } ?? "."
  }

  /// With the user's folder in place of a leading `~`.
  private func expanded(_ path: String) -> String {
    path == "~" || path.hasPrefix("~/") ? userFolder + path.dropFirst() : path
  }

  private func value(_ name: String) -> String? { variables(name).flatMap { $0.isEmpty ? nil : $0 } }

  private func isTrue(_ name: String) -> Bool { ["1", "on", "yes", "true"].contains((value(name) ?? "").lowercased()) }

  private func seconds(_ name: String, usual: Int) -> Int {
    value(name).flatMap { Int($0) }.map { min(max($0, 1), 3600) } ?? usual
  }
}
