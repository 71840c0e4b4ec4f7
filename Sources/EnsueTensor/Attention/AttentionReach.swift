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
  /// Within the query's own block of `size` consecutive steps, what another reach shows.
  indirect case blocks(size: Int, AttentionReach)

  /// Everything, or no later step; of that what a window and a block show, where there are such.
  /// - Parameters:
  ///   - window: steps on each side of the query's own, or before it where the reach is causal.
  ///   - block: consecutive steps of a block.
  public init(isCausal: Bool = false, window: Int? = nil, block: Int? = nil) {
    let most = 1 << 40
    let near: AttentionReach =
      switch (window, isCausal) {
      case (nil, false): .everything
      case (nil, true): .causal
      case (let count?, false): .window(radius: min(count, most))
      case (let count?, true): .causalWindow(length: min(count, most) + 1)
      }
    self = block.map { .blocks(size: min($0, most), near) } ?? near
  }

  /// Steps before and after the query's own, and those of a block that queries keep to; 0 for no blocks.
  var limits: (before: Int64, after: Int64, block: Int64) {
    let all: Int64 = 1 << 40
    switch self {
    case .everything: return (all, all, 0)
    case .causal: return (all, 0, 0)
    case .window(let radius):
      precondition(radius >= 0, "window: the radius \(radius) is negative")
      return (Int64(radius), Int64(radius), 0)
    case .causalWindow(let length):
      precondition(length > 0, "causalWindow: the length \(length) is not positive")
      return (Int64(length) - 1, 0, 0)
    case .blocks(let size, let reach):
      let (before, after, inner) = reach.limits
      precondition(size > 0 && inner == 0, "blocks: one positive size expected, found \(size) around \(reach)")
      return (before, after, Int64(size))
    }
  }

  /// How many keys a query step reaches, for dealing out work.
  func keyCount(queryStep: Int, of keyCount: Int) -> Int {
    let (before, after, block) = limits
    var (low, high) = (max(0, queryStep - Int(before)), min(keyCount, queryStep + Int(after) + 1))
    if block > 0 {
      let start = queryStep - queryStep % Int(block)
      (low, high) = (max(low, start), min(high, start + Int(block)))
    }
    return max(0, high - low)
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
