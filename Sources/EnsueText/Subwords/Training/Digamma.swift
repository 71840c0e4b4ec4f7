// The derivative of the logarithm of the gamma function: Bernardo, "Algorithm AS 103" (1976).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// ψ(x) for x > 0.
enum Digamma {
  /// ψ(x) = ψ(x + 1) - 1/x until the asymptotic series holds to double precision.
  static func value(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum -= 1 / x
      x += 1
    }
    let square = 1 / (x * x)
    let series = square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square * (1.0 / 240 - square / 132))))
    return sum + log(x) - 0.5 / x - series
  }

  static func logarithm(_ x: Double) -> Double { log(x) }
}
