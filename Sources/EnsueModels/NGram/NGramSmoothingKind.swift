// How an n-gram model gives some probability to what it has not seen.

/// The smoothing of an n-gram model.
public enum NGramSmoothingKind: String, Codable, CaseIterable, Sendable {
  /// A pseudocount for every symbol (Laplace, Lidstone).
  case addK = "add-k"
  /// One discount for all counts, lower orders by the number of contexts (Kneser and Ney 1995).
  case kneserNey = "kneser-ney"
  /// Discounts for counts of one, two and more (Chen and Goodman 1999).
  case modifiedKneserNey = "modified-kneser-ney"

  /// One line for help.
  public var summary: String {
    switch self {
    case .addK: "a pseudocount for every symbol"
    case .kneserNey: "interpolated, one discount for each order (Kneser and Ney 1995)"
    case .modifiedKneserNey: "interpolated, three discounts for each order (Chen and Goodman 1999)"
    }
  }
}
