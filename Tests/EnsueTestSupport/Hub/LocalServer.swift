// A server of HTTP on this machine that does what a test tells it, byte by byte: also what no server should do.

import EnsueFiles
import Foundation
import Synchronization

/// A request as it came.
package struct ServedRequest: Sendable {
  package let method: String
  package let target: String
  package let fields: [(name: String, value: String)]

  package subscript(name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// N of `Range: bytes=N-`.
  package var start: Int? {
    guard let range = self["Range"], range.hasPrefix("bytes="), range.hasSuffix("-") else { return nil }
    return Int(range.dropFirst(6).dropLast())
  }
}

/// A connection with one request on it.
package final class ServedConnection: Sendable {
  private let descriptor: Int32

  fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// - Returns: whether the other side still takes bytes.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { rest in
        #if os(Linux)
          Foundation.send(descriptor, rest.baseAddress! + sent, rest.count - sent, Int32(MSG_NOSIGNAL))
        #else
          Foundation.send(descriptor, rest.baseAddress! + sent, rest.count - sent, 0)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Ends the connection as a crashed machine does: with RST in place of FIN.
  package func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// The head of the request; nil where none comes.
  fileprivate func request() -> ServedRequest? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    let end = Array("\r\n\r\n".utf8)
    while bytes.count < 1 << 16, bytes.suffix(4) != end[...] {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes += piece[..<count]
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    return ServedRequest(
      method: words[0], target: words[1],
      fields: lines.dropFirst().compactMap { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
      })
  }
}

/// A server; stops when it is let go.
package final class LocalServer: Sendable {
  package typealias Answer = @Sendable (ServedRequest, ServedConnection) -> Void

  package let port: Int
  private let descriptor: Int32
  private let state: State

  private final class State: Sendable {
    let isStopped = Atomic<Bool>(false)
    let connections = Atomic<Int>(0)
    let requests = Mutex<[ServedRequest]>([])
  }

  package init(_ answer: @escaping Answer) throws {
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        descriptor < 0
          ? -1
          : bind(descriptor, pointer, length) | listen(descriptor, 64)
            | getsockname(descriptor, pointer, &length)
      }
    }
    guard code == 0 else { throw Failure.system(.internal, at: "127.0.0.1", "no server can be made") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let state = State()
    (self.descriptor, self.state, port) = (descriptor, state, Int(UInt16(bigEndian: address.sin_port)))
    Thread.detachNewThread { LocalServer.serve(descriptor, state, answer) }
  }

  deinit { state.isStopped.store(true, ordering: .relaxed) }

  private static func serve(_ descriptor: Int32, _ state: State, _ answer: @escaping Answer) {
    while !state.isStopped.load(ordering: .relaxed) {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, 50) > 0 else { continue }
      let accepted = accept(descriptor, nil, nil)
      guard accepted >= 0 else { continue }
      _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
      state.connections.add(1, ordering: .relaxed)
      Thread.detachNewThread {
        let connection = ServedConnection(accepted)
        guard let request = connection.request() else { return }
        state.requests.withLock { $0.append(request) }
        answer(request, connection)
      }
    }
    close(descriptor)
  }

  package var address: String { "http://127.0.0.1:\(port)" }

  package var connectionCount: Int { state.connections.load(ordering: .relaxed) }

  package var requests: [ServedRequest] { state.requests.withLock { $0 } }
}
