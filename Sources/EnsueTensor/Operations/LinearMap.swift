// Linear maps of rows, alone and with a function of each number behind them.

/// x Wᵀ + b: [rows, input] → [rows, output].
///
/// - Parameters:
///   - weight: [output, input]
///   - bias: [output]; nil for none.
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
  guard let bias else { return matmul(x, weight, transposingRight: true) }
  let map = LinearMap(x, weight, bias)
  let result = Tensor(uninitialized: map.resultShape, x.elementType)
  PackedMatrix(map.weight, transposed: true).multiply(map.input, bias: bias.detached, into: result)
  return result.recorded("linear", [x, weight, bias]) { map.gradients($0) }
}

/// f(x Wᵀ + b), number by number: [rows, input] → [rows, output]. The bits of `function(linear(…))`; f is applied while
/// the sums are in cache.
///
/// - Parameters:
///   - weight: [output, input]
///   - bias: [output]; nil for none.
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor?, then function: UnitFunction) -> Tensor {
  let map = LinearMap(x, weight, bias)
  let values = Tensor(uninitialized: map.resultShape, x.elementType)
  // What the derivative is taken at; without a gradient the values take its place.
  let sums = map.needs.contains(true) ? Tensor(uninitialized: map.resultShape, x.elementType) : values
  PackedMatrix(map.weight, transposed: true)
    .multiply(map.input, bias: bias?.detached, into: sums, then: function, into: values)
  return values.recorded("linearThen", [x, weight] + (bias.map { [$0] } ?? [])) {
    map.gradients(function.gradient(at: sums, value: values, arriving: $0))
  }
}

/// What a linear map's gradient needs.
private struct LinearMap {
  let input: Tensor
  let weight: Tensor
  /// Whether x, the weight and, where there is one, the bias want a gradient.
  let needs: [Bool]

  init(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) {
    precondition(
      x.shape.rank == 2 && weight.shape.rank == 2 && x.shape[1] == weight.shape[1]
        && bias.map { $0.shape == [weight.shape[0]] } ?? true,
      "linear: x \(x.shape), weight \(weight.shape) and bias \(bias?.shape ?? []) do not fit")
    (input, self.weight) = (x.detached, weight.detached)
    needs = [x.isTracked, weight.isTracked] + (bias.map { [$0.isTracked] } ?? [])
  }

  var resultShape: Shape { [input.shape[0], weight.shape[0]] }

  /// Those of x, the weight and the bias from that of the sums.
  func gradients(_ gradient: Tensor) -> [Gradient?] {
    let products: [Gradient?] = [
      needs[0] ? .dense(MatrixProduct(gradient, weight, false, false).computed()) : nil,
      needs[1] ? .dense(MatrixProduct(gradient, input, true, false).computed()) : nil,
    ]
    return products + needs.dropFirst(2).map { $0 ? .dense(gradient.sumValues(axis: 0)) : nil }
  }
}
