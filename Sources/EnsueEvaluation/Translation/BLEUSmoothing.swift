// What BLEU does where no n-gram of an order is right (Chen and Cherry, "A Systematic Comparison of Smoothing
// Techniques for Sentence-Level BLEU", 2014).

/// The names of the smoothing methods.
public enum BLEUSmoothingKind: String, Codable, CaseIterable, Sendable {
  /// An order with no match gets half the precision of one match, the next such order a quarter (NIST; method 3).
  case exponential = "exp"
  /// A small count of matches where there is none (method 1).
  case floor
  /// The value added to matches and totals of every order above the first (method 2).
  case addK = "add-k"
  case none

  /// The value where none is given; nil for methods without one.
  public var defaultValue: Double? {
    switch self {
    case .exponential, .none: nil
    case .floor: 0.1
    case .addK: 1
    }
  }
}

/// A method with its value.
public struct BLEUSmoothing: Sendable, Equatable {
  public let kind: BLEUSmoothingKind
  /// Of no effect for methods that take none.
  public let value: Double

  public init(_ kind: BLEUSmoothingKind = .exponential, value: Double? = nil) {
    self.kind = kind
    self.value = value ?? kind.defaultValue ?? 0
  }

  /// In a signature: `exp`, `floor[0.10]`.
  var signature: String {
    kind.defaultValue == nil ? kind.rawValue : "\(kind.rawValue)[\(DecimalText.fixed(value, places: 2))]"
  }
}
