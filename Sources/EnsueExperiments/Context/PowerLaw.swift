// How one quantity falls with another: as a power of it (Kaplan et al. 2020, equation 1.1).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// y = (scale / x)^exponent.
public struct PowerLaw: Sendable, Equatable {
  public let exponent: Double
  /// ln of the scale: the scale itself is often astronomically large.
  public let logarithmOfScale: Double

  /// The straight line of least squares through ln y over ln x.
  /// - Parameter points: with positive coordinates; nil where fewer than two different x are among those that are finite.
  public init?(_ points: [(x: Double, y: Double)]) {
    let logarithms = points.filter { $0.x > 0 && $0.y > 0 && $0.x.isFinite && $0.y.isFinite }.map {
      (x: log($0.x), y: log($0.y))
    }
    let count = Double(logarithms.count)
    guard count >= 2 else { return nil }
    let (x, y) = (
      logarithms.reduce(0) { $0 + $1.x } / count, logarithms.reduce(0) { $0 + $1.y } / count
    )
    let square = logarithms.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard square > 0 else { return nil }
    let slope = logarithms.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / square
    exponent = -slope
    logarithmOfScale = slope == 0 ? .nan : x - y / slope
  }

  /// y at an x.
  public func callAsFunction(_ x: Double) -> Double { exp(exponent * (logarithmOfScale - log(x))) }
}
