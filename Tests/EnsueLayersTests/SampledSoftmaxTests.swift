// Training an output layer on some of its classes: what the loss is, and what it estimates.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

@Suite("Sampled softmax")
struct SampledSoftmaxTests {
  private struct Inputs: Module {
    var x: Tensor
    var weight: Tensor
    var bias: Tensor
    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.parameter("x", &x)
      visitor.parameter("weight", &weight)
      visitor.parameter("bias", &bias)
    }
  }

  private static let classCount = 30
  private static let counts = (0..<classCount).map { 300 / ($0 + 1) }
  private let targets = [3, 0, -1, 17, 3, 8]

  private var inputs: Inputs {
    let key = RandomKey(seed: 4)
    func normal(_ shape: Shape, _ name: String) -> Tensor {
      Tensor.normal(shape, mean: 0, deviation: 1, key: key.derived(name)).converted(to: .float64)
    }
    let classes = SampledSoftmaxTests.classCount
    return Inputs(
      x: normal([targets.count, 5], "x"), weight: normal([classes, 5], "weight"), bias: normal([classes], "bias"))
  }

  private func loss(_ inputs: Inputs, draws: Int, bias: Bool = true, seed: UInt64 = 9) -> Tensor {
    SampledSoftmax(counts: SampledSoftmaxTests.counts, drawCount: draws).crossEntropy(
      inputs.x, weight: inputs.weight, bias: bias ? inputs.bias : nil, targets: targets, labelSmoothing: 0.1,
      key: RandomKey(seed: seed))
  }

  @Test("with very many draws it is the loss over all classes, and its gradient", arguments: [true, false])
  func limit(hasBias: Bool) throws {
    let inputs = inputs
    let (whole, wanted) = valueAndGradient(of: inputs) {
      outputCrossEntropy(
        $0.x, weight: $0.weight, bias: hasBias ? $0.bias : nil, targets: targets, labelSmoothing: 0.1)
    }
    let (sampled, found) = valueAndGradient(of: inputs) { loss($0, draws: 100_000, bias: hasBias) }
    #expect(abs(sampled.scalar - whole.scalar) < 1e-9)
    for name in hasBias ? ["x", "weight", "bias"] : ["x", "weight"] {
      let disagreement = Disagreement(
        try #require(found[name]).dense.doubles, try #require(wanted[name]).dense.doubles, relative: 1e-8,
        absolute: 1e-9)
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
  }

  @Test("gradients are those of finite differences", arguments: [1, 5, 40])
  func gradients(draws: Int) {
    for (parameter, disagreement) in gradientDisagreements(of: inputs, loss: { loss($0, draws: draws) }) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  @Test("classes that are not drawn have no part")
  func candidates() {
    let sampling = SampledSoftmax(counts: SampledSoftmaxTests.counts, drawCount: 4)
    let (classes, places, shifts) = sampling.candidates(targets: targets, key: RandomKey(seed: 9))
    #expect(classes == classes.sorted() && Set(classes).count == classes.count && classes.count == shifts.count)
    #expect(classes.count >= 4 && classes.count <= 8)
    #expect(zip(targets, places).allSatisfy { $0 < 0 ? $1 == $0 : Int(classes[$1]) == $0 })
    #expect(classes == sampling.candidates(targets: targets, key: RandomKey(seed: 9)).classes)
    let others = (0..<20).map { sampling.candidates(targets: targets, key: RandomKey(seed: $0)).classes }
    #expect(Set(others).count > 10)
  }

  /// Σ e^s over all classes is what Σ e^(s − log π) over the candidates is on average, where targets too are drawn by
  /// their frequencies.
  @Test("the sum over candidates has the expectation of the whole sum")
  func expectation() {
    let counts = SampledSoftmaxTests.counts
    let total = Double(counts.reduce(0, +) + counts.count)
    let scores = (0..<counts.count).map { 0.3 * sin(Double($0) * 5) }
    let sampling = SampledSoftmax(counts: counts, drawCount: 6)
    var random = LinearCongruence(state: 5)
    let trials = 40_000
    var (sum, squares) = (0.0, 0.0)
    for trial in 0..<trials {
      let drawn = (0..<4).map { _ -> Int in
        var place = random.next() * total
        return counts.firstIndex { count in
          place -= Double(count + 1)
          return place < 0
        } ?? counts.count - 1
      }
      let (classes, _, shifts) = sampling.candidates(targets: drawn, key: RandomKey(seed: UInt64(trial)))
      let estimate = zip(classes, shifts).reduce(0) { $0 + exp(scores[Int($1.0)] + $1.1) }
      (sum, squares) = (sum + estimate, squares + estimate * estimate)
    }
    let mean = sum / Double(trials)
    let error = ((squares / Double(trials) - mean * mean) / Double(trials)).squareRoot()
    let whole = scores.reduce(0) { $0 + exp($1) }
    #expect(abs(mean - whole) < 4 * error, "\(mean) ± \(error) against \(whole)")
    #expect(error < whole / 100)
  }
}

/// Numbers in 0 ..< 1, apart from the library's own.
private struct LinearCongruence {
  var state: UInt64

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 0x1p53
  }
}
