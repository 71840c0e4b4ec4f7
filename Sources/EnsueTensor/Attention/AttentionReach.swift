// Which keys a query of fused attention reaches, and how weights are dropped.

/// The key steps that a query step reaches.
public enum AttentionReach: Sendable, Equatable {
  case everything
  /// Up to the query's own step.
  case causal
  /// At most `radius` steps away, on both sides.
  case window(radius: Int)
  /// The query's own step and those before it, `length` in all.
  case causalWindow(length: Int)

  /// Steps before and after the query's own.
  var steps: (before: Int64, after: Int64) {
    let all: Int64 = 1 << 40
    switch self {
    case .everything: return (all, all)
    case .causal: return (all, 0)
    case .window(let radius):
      precondition(radius >= 0, "window: the radius \(radius) is negative")
      return (Int64(radius), Int64(radius))
    case .causalWindow(let length):
      precondition(length > 0, "causalWindow: the length \(length) is not positive")
      return (Int64(length) - 1, 0)
    }
  }

  /// How many keys a query step reaches, for dealing out work.
  func keyCount(queryStep: Int, of keyCount: Int) -> Int {
    let (before, after) = steps
    let low = max(0, queryStep - Int(before))
    return max(0, min(keyCount, queryStep + Int(after) + 1) - low)
  }
}

/// Dropout of attention weights (Srivastava et al. 2014; Vaswani et al. 2017): each weight is zero with probability
/// `rate`, else divided by 1 - rate. What is dropped is a function of the key, the sequence in the caller's order, the
/// head and the two steps. The rate is taken to the nearest 1/65536.
public struct AttentionDropout: Sendable {
  public let rate: Double
  public let key: RandomKey

  public init(rate: Double, key: RandomKey) {
    precondition((0..<1).contains(rate), "attention dropout: the rate \(rate) lies outside 0..<1")
    self.rate = rate
    self.key = key
  }

  /// The probability, in 1/65536, of staying.
  var keep: UInt32 { UInt32(max(1, ((1 - rate) * 65536).rounded())) }
}
