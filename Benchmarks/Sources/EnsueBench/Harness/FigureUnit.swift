// What figures count: amounts a second, or times.

/// What a figure counts.
enum FigureUnit: String, Sendable {
  case tokensPerSecond = "tokens/s"
  case megabytesPerSecond = "MB/s"
  case operationsPerSecond = "flop/s"
  case elementsPerSecond = "elements/s"
  case seconds
  case milliseconds
  case microseconds

  /// How many seconds a unit of time has; nil for an amount a second.
  var length: Double? {
    switch self {
    case .tokensPerSecond, .megabytesPerSecond, .operationsPerSecond, .elementsPerSecond: nil
    case .seconds: 1
    case .milliseconds: 1e-3
    case .microseconds: 1e-6
    }
  }

  /// How many times faster `ensue` is than `peer`.
  func ratio(ensue: Double, peer: Double) -> Double { length == nil ? ensue / peer : peer / ensue }

  /// How often a second what the figure is about was done.
  func rate(_ figure: Double) -> Double { length.map { 1 / (figure * $0) } ?? figure }
}
