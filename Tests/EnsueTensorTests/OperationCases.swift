// One declaration for each operation. From it follow three tests: forward against PyTorch's numbers
// (Tests/Goldens/operations.py, attention.py and blocks.py), gradient against finite differences, and a timing
// (make bench WORKLOAD=operations).

import EnsueTensor
import Testing

struct OperationCase: Sendable, CustomTestStringConvertible {
  /// The goldens' file, without its ending.
  let file: String
  /// The case's name in the goldens.
  let name: String
  let inputCount: Int
  /// How near finite differences come; larger only with a reason beside it.
  let gradientTolerance: Double
  let build: @Sendable ([Tensor], OperationGolden) throws -> Tensor

  init(
    _ name: String, inputs: Int = 1, in file: String = "operations", gradientTolerance: Double = 1e-6,
    _ build: @escaping @Sendable ([Tensor], OperationGolden) throws -> Tensor
  ) {
    (self.name, inputCount, self.gradientTolerance, self.build) = (name, inputs, gradientTolerance, build)
    self.file = file
  }

  var testDescription: String { name }

  private static let packed = PackedLayout(lengths: [5, 3, 3, 1])

  static let all = basic + attention + blocks

  private static let basic: [OperationCase] = [
    OperationCase("add", inputs: 2) { x, _ in x[0] + x[1] },
    OperationCase("add-broadcast-row", inputs: 2) { x, _ in x[0] + x[1] },
    OperationCase("add-broadcast-column", inputs: 2) { x, _ in x[0] + x[1] },
    OperationCase("subtract", inputs: 2) { x, _ in x[0] - x[1] },
    OperationCase("multiply", inputs: 2) { x, _ in x[0] * x[1] },
    OperationCase("multiply-broadcast-row", inputs: 2) { x, _ in x[0] * x[1] },
    // One divisor is near zero, where a difference quotient is itself only good to a few digits.
    OperationCase("divide", inputs: 2, gradientTolerance: 1e-5) { x, _ in x[0] / x[1] },
    OperationCase("negate") { x, _ in -x[0] },
    OperationCase("exponential") { x, _ in exp(x[0]) },
    OperationCase("logarithm") { x, _ in log(x[0]) },
    OperationCase("square-root") { x, _ in sqrt(x[0]) },
    OperationCase("square") { x, _ in square(x[0]) },
    OperationCase("tanh") { x, _ in tanh(x[0]) },
    OperationCase("sigmoid") { x, _ in sigmoid(x[0]) },
    OperationCase("relu") { x, _ in relu(x[0]) },
    OperationCase("softplus") { x, _ in softplus(x[0]) },
    OperationCase("gelu") { x, _ in gelu(x[0]) },
    OperationCase("layer-norm", inputs: 3) { x, _ in layerNorm(x[0], scale: x[1], shift: x[2], epsilon: 1e-5) },
    OperationCase("matrix-product", inputs: 2) { x, _ in matmul(x[0], x[1]) },
    OperationCase("matrix-product-transposed-right", inputs: 2) { x, _ in matmul(x[0], x[1], transposingRight: true) },
    OperationCase("matrix-product-transposed-left", inputs: 2) { x, _ in matmul(x[0], x[1], transposingLeft: true) },
    OperationCase("linear", inputs: 3) { x, _ in linear(x[0], weight: x[1], bias: x[2]) },
    OperationCase("sum-all") { x, _ in x[0].sum() },
    OperationCase("sum-rows") { x, _ in x[0].sum(axis: 0) },
    OperationCase("sum-columns") { x, _ in x[0].sum(axis: -1) },
    OperationCase("mean-all") { x, _ in x[0].mean() },
    OperationCase("mean-columns") { x, _ in x[0].mean(axis: -1) },
    OperationCase("maximum-columns") { x, _ in x[0].maximum(axis: -1) },
    OperationCase("softmax") { x, _ in softmax(x[0]) },
    OperationCase("log-softmax") { x, _ in logSoftmax(x[0]) },
    OperationCase("cross-entropy") { x, golden in crossEntropy(logits: x[0], targets: try golden.integers("targets")) },
    OperationCase("cross-entropy-smoothed") { x, golden in
      crossEntropy(logits: x[0], targets: try golden.integers("targets"), labelSmoothing: 0.1)
    },
    OperationCase("output-cross-entropy", inputs: 3) { x, golden in
      outputCrossEntropy(
        x[0], weight: x[1], bias: x[2], targets: try golden.integers("targets"), labelSmoothing: 0.1)
    },
    OperationCase("mean-squared-error", inputs: 2) { x, _ in meanSquaredError(x[0], x[1]) },
    OperationCase("transpose") { x, _ in x[0].transposed() },
    OperationCase("reshape") { x, golden in x[0].reshaped(golden.output.shape) },
    OperationCase("concatenate-columns", inputs: 2) { x, _ in concatenated(x) },
    OperationCase("slice-columns") { x, _ in x[0].sliced(1..<3) },
    OperationCase("gather-rows") { x, golden in x[0].gathered(try golden.integers("ids").map(Int32.init)) },
    OperationCase("segment-sum") { x, _ in PackedSequence(layout: packed, values: x[0]).sum() },
    OperationCase("segment-mean") { x, _ in PackedSequence(layout: packed, values: x[0]).mean() },
    OperationCase("segment-maximum") { x, _ in PackedSequence(layout: packed, values: x[0]).maximum() },
    OperationCase("segment-last") { x, _ in PackedSequence(layout: packed, values: x[0]).last() },
    OperationCase("segment-softmax") { x, _ in PackedSequence(layout: packed, values: x[0]).softmax().values },
  ]
}

/// The golden numbers of one case.
struct OperationGolden: Sendable {
  let name: String
  let inputs: [Tensor]
  let output: Tensor
  private let lists: [String: [Int]]

  init(_ operation: OperationCase, _ reader: borrowing SafetensorsReader) throws {
    name = operation.name
    inputs = try (0..<operation.inputCount).map { try reader.tensor("\(operation.name)/input\($0)") }
    output = try reader.tensor("\(operation.name)/output")
    var lists: [String: [Int]] = [:]
    for list in ["targets", "ids", "places"] where reader.names.contains("\(operation.name)/\(list)") {
      lists[list] = try reader.integers("\(operation.name)/\(list)").map { Int($0) }
    }
    self.lists = lists
  }

  func integers(_ list: String) throws -> [Int] { try #require(lists[list]) }
}
