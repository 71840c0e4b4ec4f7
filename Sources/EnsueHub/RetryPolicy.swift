// How often and after what pause something is tried again. Everything is bounded, whatever a server asks for.

import CCurl

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tries and pauses.
package struct RetryPolicy: Sendable {
  /// Tries without progress.
  package var tries = 5
  /// Seconds before the second try; doubled each time, at most `longestPause`.
  package var firstPause = 0.5
  package var longestPause = 8.0
  /// Seconds at most that a server may ask for.
  package var longestWish = 60.0
  package var pause: @Sendable (_ seconds: Double) -> Void = { seconds in
    var wanted = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
    var rest = timespec()
    while nanosleep(&wanted, &rest) != 0 && errno == EINTR { wanted = rest }
  }

  package init() {}

  /// The pause after `failures` failures in a row, the server's wish among the reasons.
  func seconds(after failures: Int, wish: Double?) -> Double {
    let own = min(firstPause * Double(1 << min(max(failures - 1, 0), 20)), longestPause)
    return min(max(own, wish ?? 0), max(longestWish, own))
  }

  /// The seconds that `Retry-After` asks for: a number or a date (RFC 9110, 10.2.3); nil for anything else.
  static func wish(_ field: String?, now: Int = time(nil)) -> Double? {
    guard let field else { return nil }
    if field.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return HTTPHead.number(field).map(Double.init) ?? 1e9 }
    guard let date = try? CurlLibrary.functions().getdate(field, nil), date >= 0 else { return nil }
    return Double(max(Int(date) - now, 0))
  }
}

/// A failure that another try may mend.
struct Retryable: Error {
  let failure: any Error
  /// Seconds that the server asks to wait.
  let wish: Double?
}

extension RetryPolicy {
  /// Tries until `attempt` ends well, throws something else than `Retryable`, or has failed too often in a row.
  /// - Parameter progress: grows while there is some; then the count of failures begins again.
  func run<Result>(progress: () -> Int = { 0 }, _ attempt: () throws -> Result) throws -> Result {
    var (failures, reached) = (0, progress())
    while true {
      do {
        return try attempt()
      } catch let error as Retryable {
        let now = progress()
        // A byte a try would never end.
        failures = now >= reached + (64 << 10) ? 1 : failures + 1
        reached = max(reached, now)
        guard failures < tries else { throw error.failure }
        pause(seconds(after: failures, wish: error.wish))
      }
    }
  }
}
