// A cell's weights between two layouts: the gates' blocks one above another, in the other library's order.

import EnsueFiles
import EnsueTensor

/// The weights of one cell, gates one above another.
struct StackedWeights {
  /// [gates · hidden, input]
  let input: Tensor
  /// [gates · hidden, hidden]
  let state: Tensor
  /// [gates · hidden] each: none, one for both products, or one for each.
  let biases: [Tensor]

  init(input: Tensor, state: Tensor, biases: [Tensor]) {
    (self.input, self.state, self.biases) = (input, state, biases)
  }

  /// Stacks the parameters of a cell. What is two biases in the other library is the cell's and zeros.
  init(_ cell: RecurrentCell, _ form: RecurrentWeightForm) {
    var parameters: [String: Tensor] = [:]
    for parameter in cell.parameters { parameters[parameter.name] = parameter.tensor.detached }
    func parameter(_ name: String) -> Tensor {
      guard let tensor = parameters[name] else { preconditionFailure("\(form.kind.rawValue) has no \(name)") }
      return tensor
    }
    let zero = Tensor.zeros([cell.hiddenSize], parameter("b_\(form.gates[0])").elementType)
    input = concatenated(form.gates.map { parameter("W_\($0)") }, axis: 0)
    state = concatenated(form.gates.map { parameter("U_\($0)") }, axis: 0)
    let first = form.gates.map { gate in
      gate == "f" && form.forgetBias != 0 ? parameter("b_f") - form.forgetBias : parameter("b_\(gate)")
    }
    let second = form.gates.map { $0 == form.separateGate ? parameter("b_u") : zero }
    biases = [concatenated(first, axis: 0), concatenated(second, axis: 0)].prefix(form.biasCount).map { $0 }
  }

  /// The parameters of a cell, by their names.
  /// - Parameter summed: counts the biases that are the sum of two.
  func parameters(_ form: RecurrentWeightForm, summed: inout Int) -> [(name: String, tensor: Tensor)] {
    let hidden = state.shape[1]
    let zero = Tensor.zeros([hidden], .float64)
    var result: [(name: String, tensor: Tensor)] = []
    for (index, gate) in form.gates.enumerated() {
      let range = index * hidden..<(index + 1) * hidden
      result.append(("W_\(gate)", input.sliced(range, axis: 0)))
      result.append(("U_\(gate)", state.sliced(range, axis: 0)))
      // In double precision: a sum of two 32-bit numbers is then rounded once.
      var parts = biases.map { $0.sliced(range, axis: 0).converted(to: .float64) }
      if gate == form.separateGate { result.append(("b_u", parts.count > 1 ? parts.removeLast() : zero)) }
      if parts.count > 1 { summed += 1 }
      let sum = parts.dropFirst().reduce(parts.first ?? zero) { $0 + $1 }
      result.append(("b_\(gate)", gate == "f" && form.forgetBias != 0 ? sum + form.forgetBias : sum))
    }
    return result
  }
}
