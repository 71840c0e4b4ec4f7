// Operations whose operands repeat along axes, against a loop that looks up every element by its full position.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// Two shapes that fit, and the loop that says what every operation on them must give.
private struct Repetition {
  let a: Shape
  let b: Shape
  let result: Shape
  /// For each element of the result, the elements of the operands it is made of.
  let sources: [(a: Int, b: Int)]

  init?(_ a: Shape, _ b: Shape) {
    let rank = max(a.rank, b.rank)
    let wideA = Array(repeating: 1, count: rank - a.rank) + a.sizes
    let wideB = Array(repeating: 1, count: rank - b.rank) + b.sizes
    var sizes: [Int] = []
    for (sizeA, sizeB) in zip(wideA, wideB) {
      guard sizeA == sizeB || sizeA == 1 || sizeB == 1 else { return nil }
      sizes.append(sizeA == 1 ? sizeB : sizeA)
    }
    (self.a, self.b, result) = (a, b, Shape(sizes))
    sources = (0..<sizes.reduce(1, *)).map { element in
      var (rest, indexA, indexB, stepA, stepB) = (element, 0, 0, 1, 1)
      for axis in (0..<rank).reversed() {
        let position = rest % sizes[axis]
        rest /= sizes[axis]
        indexA += (wideA[axis] == 1 ? 0 : position) * stepA
        indexB += (wideB[axis] == 1 ? 0 : position) * stepB
        stepA *= wideA[axis]
        stepB *= wideB[axis]
      }
      return (indexA, indexB)
    }
  }

  func numbers(_ shape: Shape, _ name: String) -> Tensor {
    .uniform(shape, in: 0.5...1.5, key: RandomKey(seed: 5).derived(name), .float64)
  }
}

/// An operation of two numbers with its derivatives.
private struct BinaryCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let ofTensors: @Sendable (Tensor, Tensor) -> Tensor
  let ofNumbers: @Sendable (Double, Double) -> Double
  let derivatives: @Sendable (Double, Double) -> (Double, Double)

  static let all = [
    BinaryCase(testDescription: "+", ofTensors: { $0 + $1 }, ofNumbers: { $0 + $1 }, derivatives: { _, _ in (1, 1) }),
    BinaryCase(testDescription: "-", ofTensors: { $0 - $1 }, ofNumbers: { $0 - $1 }, derivatives: { _, _ in (1, -1) }),
    BinaryCase(testDescription: "*", ofTensors: { $0 * $1 }, ofNumbers: { $0 * $1 }, derivatives: { ($1, $0) }),
    BinaryCase(
      testDescription: "/", ofTensors: { $0 / $1 }, ofNumbers: { $0 / $1 }, derivatives: { (1 / $1, -$0 / ($1 * $1)) }),
  ]
}

/// All shapes of rank 0 ... `rank` with sizes 0 ... `size`.
private func shapes(rank: Int, size: Int) -> [Shape] {
  var all: [[Int]] = [[]]
  var last = all
  for _ in 0..<rank {
    last = last.flatMap { sizes in (0...size).map { sizes + [$0] } }
    all += last
  }
  return all.map { Shape($0) }
}

/// Pairs of rank up to 4 that fit, drawn from a fixed seed.
private func randomPairs(_ count: Int) -> [Repetition] {
  let key = RandomKey(seed: 99)
  var position = 0
  func draw(_ bound: Int) -> Int {
    position += 1
    return Int(key.bits(at: position) % UInt64(bound))
  }
  return (0..<count).compactMap { _ in
    let sizes = (0..<draw(5)).map { _ in draw(4) }
    func operand() -> Shape {
      Shape(sizes.dropFirst(draw(3) == 0 ? draw(sizes.count + 1) : 0).map { draw(3) == 0 ? 1 : $0 })
    }
    return Repetition(operand(), operand())
  }
}

@Test func everyPairOfSmallShapesGivesWhatTheLoopGives() {
  let small = shapes(rank: 3, size: 3)
  var pairs = 0
  for a in small {
    for b in small {
      guard let repetition = Repetition(a, b) else { continue }
      pairs += 1
      let (x, y) = (repetition.numbers(a, "a"), repetition.numbers(b, "b"))
      let (left, right) = (x.doubles, y.doubles)
      let difference = x - y
      #expect(difference.shape == repetition.result)
      #expect(difference.doubles == repetition.sources.map { left[$0.a] - right[$0.b] }, "\(a) - \(b)")
    }
  }
  #expect(pairs > 1000)
}

@Test(arguments: BinaryCase.all) fileprivate func randomPairsGiveWhatTheLoopGives(_ operation: BinaryCase) {
  for repetition in randomPairs(600) {
    let (x, y) = (repetition.numbers(repetition.a, "a"), repetition.numbers(repetition.b, "b"))
    let (left, right) = (x.doubles, y.doubles)
    let result = operation.ofTensors(x, y)
    #expect(result.shape == repetition.result)
    #expect(
      result.doubles == repetition.sources.map { operation.ofNumbers(left[$0.a], right[$0.b]) },
      "\(repetition.a) \(operation) \(repetition.b)")
    let single = operation.ofTensors(x.converted(to: .float32), y.converted(to: .float32))
    #expect(Disagreement(single.converted(to: .float64), result, relative: 1e-6, absolute: 1e-6).isSmall)
  }
}

@Test(arguments: BinaryCase.all) fileprivate func gradientsAreSummedOverRepeatedAxes(_ operation: BinaryCase) throws {
  for repetition in randomPairs(600) {
    let inputs = TensorList([repetition.numbers(repetition.a, "a"), repetition.numbers(repetition.b, "b")])
    let weights = repetition.numbers(repetition.result, "weights")
    let (_, gradients) = valueAndGradient(of: inputs) {
      (operation.ofTensors($0.tensors[0], $0.tensors[1]) * weights).sum()
    }
    let (left, right, weight) = (inputs.tensors[0].doubles, inputs.tensors[1].doubles, weights.doubles)
    var expectedA = [Double](repeating: 0, count: left.count)
    var expectedB = [Double](repeating: 0, count: right.count)
    for (element, source) in repetition.sources.enumerated() {
      let (byA, byB) = operation.derivatives(left[source.a], right[source.b])
      expectedA[source.a] += weight[element] * byA
      expectedB[source.b] += weight[element] * byB
    }
    let (a, b) = (try #require(gradients["input0"]?.dense), try #require(gradients["input1"]?.dense))
    #expect(a.shape == repetition.a && b.shape == repetition.b)
    for (found, expected) in [(a, expectedA), (b, expectedB)] {
      let disagreement = Disagreement(found.doubles, expected, relative: 1e-12, absolute: 1e-12)
      #expect(disagreement.isSmall, "\(repetition.a) \(operation) \(repetition.b): \(disagreement)")
    }
  }
}

@Test(arguments: [1, 2, 3, 8]) func largeRepetitionsDoNotDependOnTheThreads(_ threads: Int) {
  let pairs: [(Shape, Shape)] = [
    ([300, 1], [1, 401]), ([401], [300, 401]), ([64, 1, 50], [40, 50]), ([7, 33, 1], [7, 1, 129]), ([], [70_001]),
    ([70_001], [70_001]), ([2, 3, 4000], [3, 1]),
  ]
  ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
    for (a, b) in pairs {
      guard let repetition = Repetition(a, b) else {
        Issue.record("\(a) and \(b) should fit")
        continue
      }
      let x = repetition.numbers(a, "a").converted(to: .float32)
      let y = repetition.numbers(b, "b").converted(to: .float32)
      let (left, right) = (x.floats, y.floats)
      #expect((x * y).floats == repetition.sources.map { left[$0.a] * right[$0.b] }, "\(a) * \(b)")
    }
  }
}
