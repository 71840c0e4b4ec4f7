// libcurl as the way to the network: connections, TLS, proxies. Everything that needs judgement (redirects, tokens,
// retries, sizes) is done above it, so that one set of rules holds for every hop.

import CCurl
import EnsueFiles

/// One handle of libcurl; keeps its connections open between requests. For one thread at a time.
package final class CurlTransport: HTTPTransport {
  /// Bytes of all heads of one exchange, and lines.
  static let headLimit = (bytes: 256 << 10, lines: 1000)

  private let curl: ensue_curl
  private let handle: UnsafeMutableRawPointer

  /// - Throws: `Failure` where there is no libcurl.
  package init() throws(Failure) {
    curl = try CurlLibrary.functions()
    guard let handle = curl.easy_init() else { throw CurlLibrary.idle }
    self.handle = handle
  }

  deinit { curl.easy_cleanup(handle) }

  package func send(
    _ request: HTTPRequest, body: (HTTPHead, UnsafeRawBufferPointer) throws -> Void
  ) throws -> HTTPHead {
    try withoutActuallyEscaping(body) { body in
      let exchange = Exchange(body)
      var list: UnsafeMutablePointer<curl_slist>?
      for (name, value) in request.headers { list = curl.slist_append(list, "\(name): \(value)") }
      defer { curl.slist_free_all(list) }
      let code = try withExtendedLifetime(exchange) {
        try prepare(request, list, Unmanaged.passUnretained(exchange).toOpaque())
        return curl.easy_perform(handle)
      }
      // Nothing of this exchange may be reached by the next one.
      curl.easy_reset(handle)
      if let error = exchange.error { throw error }
      guard code == CURLE_OK else { throw error(code) }
      return exchange.head
    }
  }

  private func prepare(
    _ request: HTTPRequest, _ headers: UnsafeMutablePointer<curl_slist>?, _ context: UnsafeMutableRawPointer
  ) throws {
    var numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOBODY, request.method == .head ? 1 : 0), (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0),
      // What is asked for without compression must come without.
      (CURLOPT_HTTP_CONTENT_DECODING, 0), (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
      (CURLOPT_CONNECTTIMEOUT, min(15, request.stallSeconds)), (CURLOPT_LOW_SPEED_LIMIT, 64),
      (CURLOPT_LOW_SPEED_TIME, request.stallSeconds), (CURLOPT_TCP_KEEPALIVE, 1),
    ]
    if let limit = request.limitSeconds { numbers.append((CURLOPT_TIMEOUT, limit)) }
    var texts = [(CURLOPT_URL, request.url.text), (CURLOPT_USERAGENT, "ensue")]
    // This machine is reached without a proxy.
    if request.url.isLoopback { texts.append((CURLOPT_PROXY, "")) }
    var code = ensue_curl_set_headers(curl, handle, headers)
    for (option, value) in numbers where code == CURLE_OK { code = ensue_curl_set_long(curl, handle, option, value) }
    for (option, text) in texts where code == CURLE_OK { code = ensue_curl_set_text(curl, handle, option, text) }
    if code == CURLE_OK {
      code = ensue_curl_set_receivers(
        curl, handle, { Exchange.from($3).headLine($0, $1 &* $2) }, { Exchange.from($3).bodyPiece($0, $1 &* $2) },
        context)
    }
    guard code == CURLE_OK else { throw error(code) }
  }

  private func error(_ code: CURLcode) -> HTTPError {
    let words = curl.easy_strerror(code).map { String(cString: $0) } ?? "an unknown error"
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .broken("nothing, or too little, came for too long")
    case CURLE_PEER_FAILED_VERIFICATION: return .refused("its certificate is not valid")
    case CURLE_PARTIAL_FILE: return .broken("the connection ended before the body did")
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING,
      CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SSL_CONNECT_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .broken(words)
    default: return .refused(words)
    }
  }
}

/// What one exchange gathers.
private final class Exchange {
  var head = HTTPHead()
  var error: (any Error)?
  private let body: (HTTPHead, UnsafeRawBufferPointer) throws -> Void
  private var (headBytes, headLines) = (0, 0)

  init(_ body: @escaping (HTTPHead, UnsafeRawBufferPointer) throws -> Void) { self.body = body }

  static func from(_ context: UnsafeMutableRawPointer?) -> Exchange {
    // libcurl gives back the pointer it was given, which is never null.
    Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
  }

  /// One line of a head: the status, a field, or the empty line. Anything but `count` ends the exchange.
  func headLine(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    (headBytes, headLines) = (headBytes + count, headLines + 1)
    guard headBytes <= CurlTransport.headLimit.bytes, headLines <= CurlTransport.headLimit.lines else {
      error = HTTPError.refused("a head of more than \(CurlTransport.headLimit.bytes >> 10) KiB or 1000 lines")
      return 0
    }
    var line = UnsafeRawBufferPointer(start: bytes, count: count)[...]
    while let last = line.last, last == 0x0D || last == 0x0A { line.removeLast() }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      // The head of the answer itself, after those of interim ones.
      head = HTTPHead()
      let words = text.split(separator: " ", maxSplits: 2)
      head.status = words.count > 1 ? HTTPHead.number(words[1]) ?? 0 : 0
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
      let value = line[(colon + 1)...].drop(while: isSpace).reversed().drop(while: isSpace).reversed()
      head.fields.append((String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }
    return count
  }

  func bodyPiece(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    do {
      try body(head, UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    } catch {
      self.error = error
      return count == 0 ? 1 : 0
    }
  }
}
