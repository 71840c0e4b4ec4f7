import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Test func aGraphOfAHundredThousandStepsIsDifferentiatedAndFreed() {
  let start = TensorList([Tensor([1.0], shape: [1])])
  let (value, gradients) = valueAndGradient(of: start) { list in
    var x = list.tensors[0]
    for _ in 0..<100_000 { x = x * 0.99999 }
    return x.sum()
  }
  #expect(abs(value.scalar - 0.36787) < 1e-4)
  #expect(abs((gradients["input0"]?.dense.scalar ?? 0) - value.scalar) < 1e-12)
}

@Test func aGraphWithManyMeetingPathsIsWalkedOnce() {
  // x_{n+1} = x_n + x_n: a recursion over paths would take 2⁶⁰ steps.
  let (value, gradients) = valueAndGradient(of: TensorList([Tensor([1.0], shape: [1])])) { list in
    var x = list.tensors[0]
    for _ in 0..<60 { x = x + x }
    return x.sum()
  }
  #expect(value.scalar == 0x1p60)
  #expect(gradients["input0"]?.dense.scalar == 0x1p60)
}

@Test func aTensorIsAValue() {
  let original = Tensor([1, 2, 3] as [Float], shape: [3])
  var copy = original
  copy.accumulate(Tensor.ones([3]))
  #expect(original.floats == [1, 2, 3])
  #expect(copy.floats == [2, 3, 4])
}

@Test(arguments: [ElementType.float32, .float64])
func clippingMovesNoNumberThatIsWithinTheLimitOrNotFinite(_ type: ElementType) {
  let limit = 0.7
  for count in [1, 7, 16, 33, 100_000] {
    var numbers = Tensor.normal([count], key: RandomKey(seed: 6), .float64).doubles
    for (place, value) in [Double.infinity, -.infinity, .nan, -0.0].enumerated() where count > 16 {
      numbers[place * 10] = value
    }
    let given = Tensor(numbers, shape: [count]).converted(to: type)
    let expected = Tensor(
      given.doubles.map { $0.isFinite ? min(max($0, -limit), limit) : $0 }, shape: [count]
    ).converted(to: type)
    for threads in [1, 3] {
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        #expect(given.clipped(toValue: limit).isIdentical(to: expected))
      }
    }
  }
}

/// One row meets several panels at a time, many rows one; the last matrix is larger than half a megabyte.
@Test(
  arguments: [(45, 53), (1, 64), (131, 400), (7, 650), (300, 801)], [ElementType.float32, .float64])
func rowsOfAPackedProductDoNotDependOnTheirNeighbours(_ shape: (depth: Int, columns: Int), _ type: ElementType) {
  let a = Tensor.normal([37, shape.depth], key: RandomKey(seed: 1), type)
  let b = Tensor.normal([shape.depth, shape.columns], key: RandomKey(seed: 2), type)
  let all = matmul(a, b)
  let (left, right, last) = (a.doubles, b.doubles, shape.columns - 1)
  let plain = (0..<shape.depth).reduce(0.0) { $0 + left[36 * shape.depth + $1] * right[$1 * shape.columns + last] }
  #expect(abs(all.doubles[36 * shape.columns + last] - plain) < (type == .float32 ? 1e-4 : 1e-12))
  for row in [0, 5, 36] {
    #expect(matmul(a.sliced(row..<row + 1, axis: 0), b).isIdentical(to: all.sliced(row..<row + 1, axis: 0)))
  }
}

@Test func largeSumsKeepTheirPrecision() {
  let count = 1_000_000
  let sum = Tensor(repeating: 0.1, shape: [count]).sum().scalar
  #expect(abs(sum - Double(Float(0.1)) * Double(count)) < 0.1)
}

@Test func softmaxOfHugeNumbersIsFinite() {
  let x = Tensor([1000, -1000, 0, 88] as [Float], shape: [1, 4])
  #expect(softmax(x).isFinite)
  #expect(logSoftmax(x).isFinite)
  #expect(softplus(x).isFinite)
}

@Test func notFiniteNumbersAreFound() {
  #expect(!Tensor([1, .nan] as [Float], shape: [2]).isFinite)
  #expect(!Tensor([-.infinity] as [Double], shape: [1]).isFinite)
  #expect(Tensor([Float.greatestFiniteMagnitude], shape: [1]).isFinite)
}

@Test(arguments: [ElementType.float32, .float64]) func functionsHoldAtTheEndsOfTheirRange(_ type: ElementType) {
  func f(_ function: (Tensor) -> Tensor, _ values: [Double]) -> [Double] {
    function(Tensor(values, shape: [values.count]).converted(to: type)).doubles
  }
  let infinity = Double.infinity
  #expect(f(exp, [-infinity, -1e30, 1e30, infinity]) == [0, 0, infinity, infinity])
  #expect(f(log, [0, infinity]) == [-infinity, infinity])
  #expect(f(log, [-1])[0].isNaN)
  #expect(f(sigmoid, [-infinity, -1e30, 1e30, infinity]).map { $0.rounded() } == [0, 0, 1, 1])
  #expect(f(tanh, [-infinity, -1e30, 1e30, infinity]) == [-1, -1, 1, 1])
  #expect(
    f(softplus, [-infinity, 1e30]).map { $0.rounded() } == [0, 1e30].map { type == .float32 ? Double(Float($0)) : $0 })
  #expect(f(relu, [-infinity, infinity]) == [0, infinity])
  #expect(f(gelu, [-1e30, infinity]) == [0, infinity])
  // The tail in 32 bits has the digits of that in 64.
  let tail = [-4.5, -6, -8]
  let exact = gelu(Tensor(tail, shape: [3]).converted(to: .float64)).doubles
  #expect(zip(f(gelu, tail), exact).allSatisfy { abs($0 / $1 - 1) < 1e-5 })
  let functions: [(Tensor) -> Tensor] = [
    exp, log, sigmoid, tanh, softplus, relu, sqrt, square, softmax, logSoftmax, gelu, geluTanh, silu,
  ]
  for function in functions {
    #expect(f(function, [.nan])[0].isNaN, "a NaN must stay one")
  }
}

@Test func shapeMistakesNameTheOperationAndBothShapes() async {
  await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]) + Tensor.zeros([2, 4]) }
  await #expect(processExitsWith: .failure) { _ = matmul(Tensor.zeros([2, 3]), Tensor.zeros([2, 4])) }
  await #expect(processExitsWith: .failure) { _ = Tensor.zeros([3, 2]).gathered([3]) }
}

@Test func randomNumbersDependOnTheirPlaceAlone() {
  let key = RandomKey(seed: 7)
  let many = Tensor.uniform([1000], key: key).floats
  #expect(Array(many[..<10]) == Tensor.uniform([10], key: key).floats)
  #expect(many.allSatisfy { (0..<1).contains($0) })
  #expect(key.derived("a") != key.derived("b"))
  #expect(key.derived(1) != key.derived(2))
  #expect(key.permutation(100).sorted() == Array(0..<100))
  #expect(key.permutation(100) != key.derived(1).permutation(100))
  let mean = many.reduce(0, +) / 1000
  #expect(abs(mean - 0.5) < 0.05)
}

@Test func philoxGivesItsPublishedNumbers() {
  // The known answer of Random123 for Philox 4x32-10 with counter and key zero: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
  #expect(RandomKey(seed: 0).bits(at: 0) == 0x6627_e8d5_e169_c58d)
}

@Test func normalNumbersHaveTheirMoments() {
  let x = Tensor.normal([20_000], mean: 1, deviation: 2, key: RandomKey(seed: 3), .float64).doubles
  let mean = x.reduce(0, +) / 20_000
  let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
  #expect(abs(mean - 1) < 0.05 && abs(variance - 4) < 0.15)
}

@Test func dropoutKeepsItsShareAndItsGradientTheSameMask() throws {
  let x = TensorList([Tensor.ones([100, 300])])
  let key = RandomKey(seed: 11)
  let (value, gradients) = valueAndGradient(of: x) { $0.tensors[0].dropout(rate: 0.3, key: key).sum() }
  #expect(abs(value.scalar / 30_000 - 1) < 0.02)
  let mask = try #require(gradients["input0"]?.dense)
  #expect(mask.isIdentical(to: x.tensors[0].dropout(rate: 0.3, key: key)))
  #expect(Set(mask.floats).count == 2)
}

@Test func rowGradientsEqualDenseOnes() throws {
  let table = TensorList([Tensor.normal([6, 3], key: RandomKey(seed: 1), .float64)])
  let (_, gradients) = valueAndGradient(of: table) { list in
    let a = list.tensors[0].gathered([1, 1, 4])
    let b = list.tensors[0].gathered([4, 0])
    return square(a).sum() + square(b).sum()
  }
  guard case .rows(let rows)? = gradients["input0"] else {
    Issue.record("a row gradient expected")
    return
  }
  #expect(Set(rows.ids) == [0, 1, 4])
  let (_, mixed) = valueAndGradient(of: table) { list in
    square(list.tensors[0].gathered([1, 1, 4, 4, 0])).sum() + list.tensors[0].sum() * 0
  }
  let dense = try #require(mixed["input0"]?.dense)
  #expect(Disagreement(Gradient.rows(rows).dense, dense).isSmall)
}

@Test func manyTasksAtOnceShareThePool() async {
  let expected = matmul(Tensor.ones([64, 64]), Tensor.ones([64, 64]))
  await withTaskGroup(of: Bool.self) { group in
    for _ in 0..<16 {
      group.addTask {
        (0..<50).allSatisfy { _ in matmul(Tensor.ones([64, 64]), Tensor.ones([64, 64])).isIdentical(to: expected) }
      }
    }
    for await equal in group { #expect(equal) }
  }
}
