// The fused output layer against the layer and the loss one after the other.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite("Output layer with its loss")
struct OutputLayerTests {
  fileprivate struct Inputs: Module {
    var x: Tensor
    var weight: Tensor
    var bias: Tensor
    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.parameter("x", &x)
      visitor.parameter("weight", &weight)
      visitor.parameter("bias", &bias)
    }
  }

  private let targets = (0..<37).map { $0 * 7 % 11 }
  private var inputs: Inputs {
    let key = RandomKey(seed: 3)
    func normal(_ shape: Shape, _ name: String) -> Tensor {
      Tensor.normal(shape, mean: 0, deviation: 1, key: key.derived(name)).converted(to: .float64)
    }
    return Inputs(x: normal([37, 5], "x"), weight: normal([11, 5], "weight"), bias: normal([11], "bias"))
  }

  @Test("equals linear and cross-entropy, in blocks of any size", arguments: [1, 7, 36, 37, 100])
  func equalsParts(blockRows: Int) throws {
    let inputs = inputs
    let (whole, wanted) = valueAndGradient(of: inputs) {
      crossEntropy(logits: linear($0.x, weight: $0.weight, bias: $0.bias), targets: targets, labelSmoothing: 0.1)
    }
    let (loss, gradients) = valueAndGradient(of: inputs) {
      outputCrossEntropy(
        $0.x, weight: $0.weight, bias: $0.bias, targets: targets, labelSmoothing: 0.1, blockRows: blockRows)
    }
    #expect(abs(loss.scalar - whole.scalar) < 1e-12)
    for name in ["x", "weight", "bias"] {
      let (found, expected) = try (#require(gradients[name]).dense.doubles, #require(wanted[name]).dense.doubles)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(name)")
    }
  }

  @Test("a row that is not scored changes nothing")
  func unscoredRows() throws {
    let inputs = inputs
    let some = targets.enumerated().map { $0.offset % 3 == 0 ? -1 : $0.element }
    let (loss, gradients) = valueAndGradient(of: inputs) {
      outputCrossEntropy($0.x, weight: $0.weight, bias: $0.bias, targets: some)
    }
    let rows = some.indices.filter { some[$0] >= 0 }
    let kept = concatenated(rows.map { inputs.x.sliced($0..<$0 + 1, axis: 0) }, axis: 0)
    let expected = outputCrossEntropy(kept, weight: inputs.weight, bias: inputs.bias, targets: rows.map { some[$0] })
    #expect(abs(loss.scalar - expected.scalar) < 1e-12)
    let dx = try #require(gradients["x"]).dense.doubles
    #expect(some.indices.allSatisfy { row in (some[row] < 0) == dx[row * 5..<row * 5 + 5].allSatisfy { $0 == 0 } })
  }

  @Test("without a scored row there is no loss and no gradient")
  func nothingScored() throws {
    let (loss, gradients) = valueAndGradient(of: inputs) {
      outputCrossEntropy($0.x, weight: $0.weight, bias: nil, targets: targets.map { _ in -1 })
    }
    #expect(loss.scalar == 0)
    #expect(try #require(gradients["weight"]).dense.doubles.allSatisfy { $0 == 0 })
  }
}

#if os(Linux)
  /// A batch of a large vocabulary.
  private enum LargeVocabulary {
    static let classes = 50_000
    /// Fewer where kernels are compiled without optimisation.
    #if DEBUG
      static let rows = 2048
    #else
      static let rows = 4096
    #endif
    /// The bytes of all scores: 781 MiB, or half as many.
    static let scoreBytes = rows * classes * MemoryLayout<Float>.size

    static var inputs: OutputLayerTests.Inputs {
      let key = RandomKey(seed: 4)
      func normal(_ shape: Shape, _ name: String) -> Tensor {
        Tensor.normal(shape, mean: 0, deviation: 1, key: key.derived(name))
      }
      return OutputLayerTests.Inputs(
        x: normal([rows, 4], "x"), weight: normal([classes, 4], "weight"), bias: normal([classes], "bias"))
    }
  }

  /// Forward and backward, in a process of its own: the memory of other tests would hide its own.
  @Test func scoresOfALargeVocabularyNeverLieInMemory() async {
    await #expect(processExitsWith: .success) {
      let inputs = LargeVocabulary.inputs
      let targets = (0..<LargeVocabulary.rows).map { $0 * 7919 % LargeVocabulary.classes }
      let before = ProcessMemory.peakBytes
      let (loss, gradients) = valueAndGradient(of: inputs) {
        outputCrossEntropy($0.x, weight: $0.weight, bias: $0.bias, targets: targets)
      }
      let taken = ProcessMemory.peakBytes - before
      try #require(loss.scalar.isFinite && gradients["x"] != nil && gradients["weight"] != nil)
      try #require(taken < min(300 << 20, LargeVocabulary.scoreBytes), "\(taken >> 20) MiB")
    }
  }
#endif
