// Requests to the Hub: the token, redirects, what a status means. The token goes to the endpoint's own origin and
// nowhere else; a redirect to somewhere else must be encrypted and must name a host, never an address of this network.

import EnsueFiles

/// The way to one endpoint.
struct HubConnection {
  /// Redirects of one request.
  static let redirectLimit = 5
  /// Bytes of a body that nobody asked for: of a redirect, of an error.
  private static let asideLimit = 64 << 10

  let endpoint: HubURL
  let token: String?
  let transport: any HTTPTransport
  let stallSeconds: Int
  let answerSeconds: Int

  /// A body that is read no further.
  private struct Enough: Error {}

  /// Asks for something below the endpoint and follows redirects.
  /// - Parameters:
  ///   - path: encoded, beginning with `/`.
  ///   - what: what is asked for, for messages.
  ///   - staysHere: whether a redirect to another origin is the answer, not a step.
  ///   - check: sees the heads of the endpoint's own answers, those of redirects among them, before any body.
  ///   - body: gets the body of an answer of status 200 or 206.
  /// - Returns: the last head.
  /// - Throws: `Retryable` where another try may do better, else `Failure`.
  func send(
    _ method: HTTPRequest.Method, _ path: String, what: String, headers: [(name: String, value: String)] = [],
    staysHere: Bool = false, limitSeconds: Int? = nil, check: (HTTPHead) throws -> Void = { _ in },
    body: (HTTPHead, UnsafeRawBufferPointer) throws -> Void = { _, _ in }
  ) throws -> HTTPHead {
    var url = endpoint.appending(path)
    for _ in 0...HubConnection.redirectLimit {
      let isHere = url.isSameOrigin(as: endpoint)
      var request = HTTPRequest(method: method, url: url, limitSeconds: limitSeconds, stallSeconds: stallSeconds)
      request.headers = [("Accept-Encoding", "identity")] + headers
      if isHere, let token { request.headers.append(("Authorization", "Bearer \(token)")) }
      let head = try exchange(request, what: what, isHere ? check : { _ in }, body)
      guard [301, 302, 303, 307, 308].contains(head.status) else { return head }
      if isHere { try check(head) }
      let next = try target(of: head, from: url, what: what)
      if staysHere && !next.isSameOrigin(as: endpoint) { return head }
      try allow(next, what: what)
      url = next
    }
    throw Failure(
      .data, at: what, "at most \(HubConnection.redirectLimit) redirects expected, found too many redirects",
      advice: "Something stands between here and \(endpoint), or the server is broken.")
  }

  private func exchange(
    _ request: HTTPRequest, what: String, _ check: (HTTPHead) throws -> Void,
    _ body: (HTTPHead, UnsafeRawBufferPointer) throws -> Void
  ) throws -> HTTPHead {
    var (asideCount, seen, isChecked) = (0, HTTPHead(), false)
    do {
      let head = try transport.send(request) { head, bytes in
        seen = head
        guard head.status == 200 || head.status == 206 else {
          asideCount += bytes.count
          if asideCount > HubConnection.asideLimit { throw Enough() }
          return
        }
        if !isChecked { try accept(head, what: what, check) }
        isChecked = true
        try body(head, bytes)
      }
      if !isChecked, head.status == 200 || head.status == 206 { try accept(head, what: what, check) }
      return head
    } catch is Enough {
      return seen
    } catch HTTPError.broken(let words) {
      let failure = Failure(
        .unavailable, at: what, "an answer of \(request.url.host) expected, found none: \(words)",
        advice: "Check the network, or try again later; what has arrived is kept.")
      throw Retryable(failure: failure, wish: nil)
    } catch HTTPError.refused(let words) {
      throw Failure(.data, at: what, "an answer in HTTP expected from \(request.url.host), found none: \(words)")
    }
  }

  private func accept(_ head: HTTPHead, what: String, _ check: (HTTPHead) throws -> Void) throws {
    if let coding = head["Content-Encoding"], !coding.isEmpty, coding.lowercased() != "identity" {
      throw Failure(
        .data, at: what, "the bytes as they are expected, found the encoding \(Failure.shown(coding)), not asked for")
    }
    try check(head)
  }

  private func target(of head: HTTPHead, from url: HubURL, what: String) throws -> HubURL {
    let location = head["Location"] ?? ""
    guard let next = url.resolving(location) else {
      throw Failure(
        .data, at: what, "a redirect to an address of http or https expected, found \(Failure.shown(location))")
    }
    return next
  }

  private func allow(_ next: HubURL, what: String) throws {
    if next.isSameOrigin(as: endpoint) { return }
    // Only a Hub on this machine may send us on to this machine, and without encryption.
    if endpoint.isLoopback && next.isLoopback { return }
    guard next.scheme == .https else {
      throw Failure(.data, at: what, "a redirect to https expected, found one to \(Failure.shown(next.description))")
    }
    guard !next.isNumeric else {
      throw Failure(
        .data, at: what, "a redirect to a host with a name expected, found one to \(Failure.shown(next.description))")
    }
  }
}
