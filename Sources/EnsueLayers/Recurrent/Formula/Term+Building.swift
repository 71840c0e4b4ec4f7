// Arithmetic on terms, for programs that compute formulas.

/// Unit by unit.
extension Term {
  public static func + (left: Term, right: Term) -> Term { .operation(.add, left, right) }
  public static func - (left: Term, right: Term) -> Term { .operation(.subtract, left, right) }
  public static func * (left: Term, right: Term) -> Term { .operation(.multiply, left, right) }
  public static func / (left: Term, right: Term) -> Term { .operation(.divide, left, right) }

  /// What a minus sign stands for: 0 - v.
  public static prefix func - (term: Term) -> Term {
    if case .constant(let value) = term { .constant(-value) } else { .operation(.subtract, .constant(0), term) }
  }
}

extension Term: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self = .constant(value) }
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

/// 1 / (1 + e⁻ᵛ)
public func sigmoid(_ term: Term) -> Term { .function(.sigmoid, term) }
/// tanh(v)
public func tanh(_ term: Term) -> Term { .function(.tanh, term) }
/// max(v, 0)
public func relu(_ term: Term) -> Term { .function(.relu, term) }
/// log(1 + eᵛ)
public func softplus(_ term: Term) -> Term { .function(.softplus, term) }
/// eᵛ
public func exp(_ term: Term) -> Term { .function(.exp, term) }
/// log(v), the natural logarithm
public func log(_ term: Term) -> Term { .function(.log, term) }
/// (v - mean(v)) / √(variance(v) + 10⁻⁵) over the units (Ba, Kiros and Hinton 2016)
public func norm(_ term: Term) -> Term { .function(.norm, term) }
