// The functions that gates and weights are made of, in 32 bits, against double precision over their whole range.

import EnsueTensor
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct FunctionAccuracyTests {
  /// Numbers of either sign from 10⁻³⁰ to the limit, evenly among those that there are in 32 bits.
  private static func numbers(to limit: Float) -> [Float] {
    let (first, last) = (Float(1e-30).bitPattern, limit.bitPattern)
    let positive = stride(from: first, through: last, by: Int((last - first) / 200_000)).map { Float(bitPattern: $0) }
    return positive + [limit] + positive.map { -$0 } + [-limit, 0]
  }

  /// The largest error of a function, relative to the value.
  private static func error(
    _ f: (Tensor) -> Tensor, _ expected: (Double) -> Double, over numbers: [Float]
  ) -> (error: Double, at: Float) {
    let found = f(Tensor(numbers, shape: [numbers.count])).floats
    var worst = (error: 0.0, at: Float(0))
    for (x, y) in zip(numbers, found) {
      let exact = expected(Double(x))
      let error = exact == 0 ? Double(abs(y)) : abs(Double(y) / exact - 1)
      if !(error <= worst.error) { worst = (error, x) }
    }
    return worst
  }

  @Test func sigmoidsAreRightToThreeRoundings() {
    let worst = Self.error(sigmoid, { 1 / (1 + exp(-$0)) }, over: Self.numbers(to: 87))
    #expect(worst.error < 1.8e-7, "\(worst)")
  }

  @Test func hyperbolicTangentsAreRightToFourRoundingsAndNeverAboveOne() {
    let numbers = Self.numbers(to: 60)
    let worst = Self.error(tanh, { tanh($0) as Double }, over: numbers)
    #expect(worst.error < 2.4e-7, "\(worst)")
    #expect(tanh(Tensor(numbers, shape: [numbers.count])).floats.allSatisfy { abs($0) <= 1 })
    #expect(tanh(Tensor([9.1 as Float, 20, 1e30, -9.1], shape: [4])).floats == [1, 1, 1, -1])
  }

  /// Of [0, -x] the second weight is σ(-x), made of e^-x alone.
  @Test func weightsAreRightWhereverTheyAreNormalNumbers() {
    let numbers = Self.numbers(to: 87).filter { $0 >= 0 }
    func weights(_ x: Tensor) -> Tensor {
      let both = concatenated([Tensor.zeros([numbers.count, 1]), x.reshaped([numbers.count, 1])])
      return softmax(both).sliced(1..<2).reshaped([numbers.count])
    }
    let worst = Self.error({ weights($0 * -1) }, { exp(-$0) / (1 + exp(-$0)) }, over: numbers)
    #expect(worst.error < 2.4e-7, "\(worst)")
    let far = Tensor([0, -87.4, -200, -.infinity] as [Float], shape: [1, 4])
    #expect(softmax(far).floats == [1, 0, 0, 0])
  }

  @Test func noNumberOfAnyPayloadStaysNone() {
    let none = [0x7FC0_0000, 0xFFC0_0001, 0x7FC1_2345, 0xFFFF_FFFF].map { Float(bitPattern: $0) }
    let x = Tensor(none + [1], shape: [5])
    for f in [sigmoid, tanh, softplus, gelu, silu] as [(Tensor) -> Tensor] {
      #expect(f(x).floats.map(\.isNaN) == [true, true, true, true, false])
    }
    for number in none {
      #expect(softmax(Tensor([number, 1], shape: [1, 2])).floats.map(\.isNaN) == [true, true])
    }
  }
}
