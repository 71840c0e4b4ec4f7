// Operations that are made together give the bits of the same operations one after the other.

import EnsueTensor
import Testing

@Suite struct JoinedOperationsTests {
  static let functions: [(String, UnitFunction)] = [
    ("relu", .relu), ("gelu", .gelu), ("gelu-tanh", .geluTanh), ("silu", .silu),
  ]
  /// Rows, inputs, outputs: one row, parts of panels and blocks, several groups of panels a thread, many rows.
  static let sizes = [(1, 3, 5), (7, 20, 49), (73, 65, 500), (700, 33, 1031)]

  @Test(arguments: [1, 2, 3]) func functionsAfterALinearMapChangeNoBit(threads: Int) {
    for (number, size) in Self.sizes.enumerated() {
      let key = RandomKey(seed: UInt64(number))
      let x = Tensor.normal([size.0, size.1], key: key.derived("x"))
      let weight = Tensor.normal([size.2, size.1], key: key.derived("weight"))
      let bias = Tensor.normal([size.2], key: key.derived("bias"))
      for (name, function) in Self.functions {
        ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
          let apart = pass([x, weight, bias]) { function(linear($0[0], weight: $0[1], bias: $0[2])) }
          let joined = pass([x, weight, bias]) { linear($0[0], weight: $0[1], bias: $0[2], then: function) }
          expectSameBits(apart, joined, "\(name), \(size), \(threads) threads")
          let untracked = linear(x, weight: weight, bias: bias, then: function)
          #expect(untracked.isIdentical(to: apart[0]))
          let packed = PackedMatrix(weight, transposed: true)
          #expect(packed.multiplied(byRowsOf: x, bias: bias, then: function).isIdentical(to: apart[0]))
          let plain = linear(x, weight: weight, bias: bias)
          #expect(packed.multiplied(byRowsOf: x, bias: bias).isIdentical(to: plain))
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3]) func normsOfSumsChangeNoBit(threads: Int) {
    for (number, size) in [(1, 1), (7, 37), (250, 384)].enumerated() {
      let key = RandomKey(seed: UInt64(number))
      let x = Tensor.normal([size.0, size.1], key: key.derived("x"))
      let y = Tensor.normal([size.0, size.1], key: key.derived("y"))
      let scale = Tensor.normal([size.1], key: key.derived("scale"))
      let shift = Tensor.normal([size.1], key: key.derived("shift"))
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        let apart = pass([x, y, scale, shift]) { layerNorm($0[0] + $0[1], scale: $0[2], shift: $0[3], epsilon: 1e-5) }
        let joined = pass([x, y, scale, shift]) {
          layerNorm(sumOf: $0[0], $0[1], scale: $0[2], shift: $0[3], epsilon: 1e-5)
        }
        expectSameBits(apart, joined, "\(size), \(threads) threads")
        let apartRoot = pass([x, y, scale]) { rmsNorm($0[0] + $0[1], scale: $0[2], epsilon: 1e-6) }
        let joinedRoot = pass([x, y, scale]) { rmsNorm(sumOf: $0[0], $0[1], scale: $0[2], epsilon: 1e-6) }
        expectSameBits(apartRoot, joinedRoot, "\(size), \(threads) threads, root mean square")
      }
    }
  }

  /// The value, then the gradients of all inputs.
  private func pass(_ inputs: [Tensor], _ operation: ([Tensor]) -> Tensor) -> [Tensor] {
    let leaves = inputs.map(\.asLeaf)
    let value = operation(leaves)
    let gradients = square(value).sum().gradients(of: leaves)
    return [value.detached] + gradients.compactMap { $0?.dense }
  }

  private func expectSameBits(_ a: [Tensor], _ b: [Tensor], _ comment: String) {
    #expect(a.count == b.count)
    for (left, right) in zip(a, b) { #expect(left.isIdentical(to: right), "\(comment)") }
  }
}
