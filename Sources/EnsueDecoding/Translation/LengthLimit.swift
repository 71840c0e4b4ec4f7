// How long a translation may become.

/// A limit on the symbols of a translation, its end included: factor · (symbols of the source) + constant, at least 1,
/// at most `bound`.
public struct LengthLimit: Sendable, Equatable {
  public var factor: Double
  public var constant: Int
  public var bound: Int

  /// What a bound may be.
  static let boundLimit = 1_000_000_000

  public init(factor: Double = 2, constant: Int = 20, bound: Int = 100_000) {
    (self.factor, self.constant, self.bound) = (factor, constant, bound)
  }

  /// The same for every source.
  public static func symbols(_ count: Int) -> LengthLimit { LengthLimit(factor: 0, constant: count, bound: count) }

  /// The limit for a source of some symbols.
  public func callAsFunction(_ sourceLength: Int) -> Int {
    max(1, Int(min(Double(bound), factor * Double(sourceLength) + Double(constant))))
  }
}
