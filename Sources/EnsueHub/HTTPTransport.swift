// What the Hub's client asks of a way to the network: one request, one answer, no redirects, no retries.

/// A request without a body.
package struct HTTPRequest: Sendable {
  package enum Method: String, Sendable { case get = "GET", head = "HEAD" }

  package var method: Method
  package var url: HubURL
  package var headers: [(name: String, value: String)] = []
  /// Seconds for the whole exchange; nil for a body that may take as long as it moves.
  package var limitSeconds: Int?
  /// Seconds without a sign of life.
  package var stallSeconds: Int
}

/// The head of an answer.
package struct HTTPHead: Sendable {
  package var status = 0
  package var fields: [(name: String, value: String)] = []

  package init() {}

  /// The first field of a name, whatever its case.
  package subscript(name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// A length or a count: digits only, small enough to reckon with.
  package func number(_ name: String) -> Int? { self[name].flatMap(HTTPHead.number) }

  static func number(_ text: some StringProtocol) -> Int? {
    guard (1...16).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}

/// Why there is no answer.
package enum HTTPError: Error, Sendable {
  /// The connection failed, or ended too early: another try may do better.
  case broken(String)
  /// What arrived is no HTTP, or more than anyone sends: another try will not do better.
  case refused(String)
}

/// A way to the network.
package protocol HTTPTransport {
  /// - Parameter body: gets the pieces of the body, each with the head; what it throws ends the exchange and is thrown
  ///   on.
  /// - Throws: `HTTPError`, or what `body` throws.
  func send(_ request: HTTPRequest, body: (HTTPHead, UnsafeRawBufferPointer) throws -> Void) throws -> HTTPHead
}
