// Functions of one number, applied to each.

import EnsueKernels

/// A function of one number with its derivative, both from the kernels.
public struct UnitFunction: Sendable {
  let name: StaticString
  private let kernel: EnsueUnary

  /// max(0, x); its derivative at 0 is 0.
  public static let relu = UnitFunction(name: "relu", kernel: EnsueUnaryReLU)
  /// x Φ(x), Φ being the normal distribution's function (Hendrycks and Gimpel 2016).
  public static let gelu = UnitFunction(name: "gelu", kernel: EnsueUnaryGELU)
  /// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, the approximation that GPT-2 uses.
  public static let geluTanh = UnitFunction(name: "geluTanh", kernel: EnsueUnaryGELUTanh)
  /// x σ(x) (Elfwing, Uchibe and Doya 2018).
  public static let silu = UnitFunction(name: "silu", kernel: EnsueUnarySiLU)

  fileprivate init(name: StaticString, kernel: EnsueUnary) { (self.name, self.kernel) = (name, kernel) }

  /// Of each number.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let input = x.detached
    let y = Tensor(uninitialized: input.shape, input.elementType)
    ThreadPool.current.forPieces(of: input.count, grain: 1 << 13) { range in
      let offset = range.lowerBound * input.elementType.size
      apply(
        input.elementType, input.pointer + offset, y.freshPointer + offset, rows: 1, columns: range.count,
        stride: range.count)
    }
    return y.recorded(name, [x]) { [.dense(self.gradient(at: input, value: y, arriving: $0))] }
  }

  /// y = f(x) for some columns of rows that are `stride` numbers apart; y may be x.
  func apply(
    _ type: ElementType, _ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer, rows: Int, columns: Int, stride: Int
  ) {
    ensue_unary(type.kernel, kernel, x, y, rows, columns, stride)
  }

  /// f'(x) ⊙ gradient.
  func gradient(at x: Tensor, value y: Tensor, arriving gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: x.shape, x.elementType)
    ThreadPool.current.forPieces(of: x.count, grain: 1 << 13) { range in
      let offset = range.lowerBound * x.elementType.size
      ensue_unary_gradient(
        x.elementType.kernel, kernel, x.pointer + offset, y.pointer + offset, gradient.pointer + offset,
        result.freshPointer + offset, range.count)
    }
    return result
  }
}

extension Tensor {
  fileprivate func mapped(_ name: StaticString, _ kernel: EnsueUnary) -> Tensor {
    UnitFunction(name: name, kernel: kernel)(self)
  }

  /// scale · x + shift.
  package func affine(scale: Double, shift: Double = 0) -> Tensor {
    detached.scaled(by: scale, shift: shift).recorded("affine", [self]) { [.dense($0.scaled(by: scale))] }
  }
}

/// eˣ
public func exp(_ x: Tensor) -> Tensor { x.mapped("exp", EnsueUnaryExponential) }
/// The natural logarithm.
public func log(_ x: Tensor) -> Tensor { x.mapped("log", EnsueUnaryLogarithm) }
/// √x
public func sqrt(_ x: Tensor) -> Tensor { x.mapped("sqrt", EnsueUnarySquareRoot) }
/// x²
public func square(_ x: Tensor) -> Tensor { x.mapped("square", EnsueUnarySquare) }
/// The hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor { x.mapped("tanh", EnsueUnaryTanh) }
/// The logistic function, 1 / (1 + e⁻ˣ).
public func sigmoid(_ x: Tensor) -> Tensor { x.mapped("sigmoid", EnsueUnarySigmoid) }
/// max(0, x); its derivative at 0 is 0.
public func relu(_ x: Tensor) -> Tensor { UnitFunction.relu(x) }
/// log(1 + eˣ)
public func softplus(_ x: Tensor) -> Tensor { x.mapped("softplus", EnsueUnarySoftplus) }
/// -x
public prefix func - (x: Tensor) -> Tensor { x.mapped("negate", EnsueUnaryNegate) }
/// x Φ(x), Φ being the normal distribution's function (Hendrycks and Gimpel 2016).
public func gelu(_ x: Tensor) -> Tensor { UnitFunction.gelu(x) }
/// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, the approximation that GPT-2 uses.
public func geluTanh(_ x: Tensor) -> Tensor { UnitFunction.geluTanh(x) }
/// x σ(x) (Elfwing, Uchibe and Doya 2018).
public func silu(_ x: Tensor) -> Tensor { UnitFunction.silu(x) }
