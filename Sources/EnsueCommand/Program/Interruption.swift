// Ctrl-C and SIGTERM during training: the first asks the loop to finish its step and save, the second ends the
// process at once. The handler only counts and writes a fixed text: both are allowed in a signal handler
// (POSIX, signal-safety(7)).

import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether the user has asked to stop.
enum Interruption {
  /// Thrown by a command that stopped because it was asked to; the program then ends with code 130.
  struct Stopped: Error {}

  // A signal handler can reach nothing but a global: these two are the only mutable ones of the program.
  private static let presses = Atomic<Int>(0)
  private static let isOnTerminal = Atomic<Bool>(false)

  /// Begins to catch the signals. Commands that have nothing to save leave them alone.
  static func install() {
    // Touched here first, so that no handler meets them before they exist.
    isOnTerminal.store(Terminal.errorIsTerminal, ordering: .relaxed)
    _ = presses.load(ordering: .relaxed)
    for signal in [SIGINT, SIGTERM] {
      SystemCalls.handle(signal) { _ in Interruption.pressed() }
    }
  }

  /// Stops the work in hand where the user has asked to; cheap enough to ask at every step and batch.
  /// - Throws: `Stopped`.
  static func check() throws {
    if presses.load(ordering: .relaxed) > 0 { throw Stopped() }
  }

  private static func pressed() {
    guard presses.add(1, ordering: .relaxed).newValue == 1 else { _exit(130) }
    let formerError = errno
    // On a terminal a progress line may be half drawn, and the terminal itself has written ^C.
    if isOnTerminal.load(ordering: .relaxed) { write("\r\u{1B}[K") }
    write("finishing this step, then saving; press Ctrl-C again to stop at once\n")
    errno = formerError
  }

  private static func write(_ text: StaticString) {
    #if canImport(Glibc)
      _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    #else
      _ = Darwin.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    #endif
  }
}
