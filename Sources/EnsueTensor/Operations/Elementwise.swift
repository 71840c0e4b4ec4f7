// Functions of one number, applied to each.

import EnsueKernels

extension Tensor {
  /// One elementwise function with its derivative, both from the kernels.
  fileprivate func mapped(_ name: StaticString, _ function: EnsueUnary) -> Tensor {
    let x = detached
    let y = Tensor(uninitialized: shape, elementType)
    ThreadPool.current.forPieces(of: count, grain: 1 << 13) { range in
      let offset = range.lowerBound * x.elementType.size
      ensue_unary(x.elementType.kernel, function, x.pointer + offset, y.freshPointer + offset, range.count)
    }
    return y.recorded(name, [self]) { gradient in
      let result = Tensor(uninitialized: x.shape, x.elementType)
      ThreadPool.current.forPieces(of: x.count, grain: 1 << 13) { range in
        let offset = range.lowerBound * x.elementType.size
        ensue_unary_gradient(
          x.elementType.kernel, function, x.pointer + offset, y.pointer + offset, gradient.pointer + offset,
          result.freshPointer + offset, range.count)
      }
      return [.dense(result)]
    }
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
public func relu(_ x: Tensor) -> Tensor { x.mapped("relu", EnsueUnaryReLU) }
/// log(1 + eˣ)
public func softplus(_ x: Tensor) -> Tensor { x.mapped("softplus", EnsueUnarySoftplus) }
/// -x
public prefix func - (x: Tensor) -> Tensor { x.mapped("negate", EnsueUnaryNegate) }
/// x Φ(x), Φ being the normal distribution's function (Hendrycks and Gimpel 2016).
public func gelu(_ x: Tensor) -> Tensor { x.mapped("gelu", EnsueUnaryGELU) }
/// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, the approximation that GPT-2 uses.
public func geluTanh(_ x: Tensor) -> Tensor { x.mapped("geluTanh", EnsueUnaryGELUTanh) }
/// x σ(x) (Elfwing, Uchibe and Doya 2018).
public func silu(_ x: Tensor) -> Tensor { x.mapped("silu", EnsueUnarySiLU) }
