// The few system calls of the program whose names collide with Swift's or differ between systems.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum SystemCalls {
  /// What has arrived on standard input, waiting for it where nothing has; empty at its end.
  static func readStandardInput() throws -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = piece.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure.system(.inputOutput, at: "standard input", "reading failed") }
      return Array(piece.prefix(count))
    }
  }

  /// Writes all bytes, waiting where the descriptor does not block.
  /// - Returns: 0, or the error's number.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, base, rest.count)
      #else
        let count = Darwin.write(descriptor, base, rest.count)
      #endif
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// The number of columns of the terminal behind a descriptor; nil when it is none or does not say.
  static func columns(of descriptor: Int32) -> Int? {
    #if canImport(Glibc)
      let request = UInt(TIOCGWINSZ)
    #else
      let request: UInt = 0x4008_7468  // TIOCGWINSZ, a macro that Swift does not see there
    #endif
    var size = winsize()
    guard ioctl(descriptor, request, &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Replaces the action of a signal, unless it is ignored already: `nohup` and background jobs rely on that.
  static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var former = sigaction()
    guard sigaction(signal, nil, &former) == 0, !isIgnoring(former) else { return }
    var action = sigaction()
    sigemptyset(&action.sa_mask)
    // Both signals wait while one is handled, so the count of presses has one writer at a time.
    sigaddset(&action.sa_mask, SIGINT)
    sigaddset(&action.sa_mask, SIGTERM)
    action.sa_flags = SA_RESTART
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    sigaction(signal, &action, nil)
  }

  private static func isIgnoring(_ action: sigaction) -> Bool {
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    // SIG_IGN is the address 1 everywhere.
    return unsafeBitCast(handler, to: Int.self) == 1
  }
}
