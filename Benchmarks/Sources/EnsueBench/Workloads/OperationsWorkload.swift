// The main operations one by one, each at a size that models meet. No peer: what counts is the share of the peak, and
// that no figure falls from one commit to the next.

import Ensue

/// One operation: how much one call does, and the call.
private struct TimedOperation {
  let row: RowDescription
  let amount: Double
  let call: () -> Void

  init(_ name: String, _ unit: FigureUnit, amount: Int, _ call: @escaping () -> Void) {
    row = RowDescription(name: name, unit: unit, operationsPerUnit: unit == .operationsPerSecond ? 1 : nil)
    self.amount = Double(amount)
    self.call = call
  }
}

struct OperationsWorkload: Workload {
  private let operations: [TimedOperation]

  var rows: [RowDescription] { operations.map(\.row) }

  init() {
    operations =
      [(2048, 2048, 2048), (128, 100, 400), (20, 650, 2600), (2700, 50, 400)].map(Self.product)
      + [Self.weightGradient(rows: 2700, 400, 100)] + Self.elementwise() + [Self.gather(), Self.adam()]
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.2) }

  mutating func block(seconds: Double) throws -> [Double] {
    operations.map { operation in
      repeated(seconds: seconds / Double(operations.count)) {
        operation.call()
        return operation.amount
      }
    }
  }

  private static func random(_ shape: Shape) -> Tensor { .uniform(shape, in: -2...2, key: RandomKey(seed: 1)) }

  private static func product(_ rows: Int, _ depth: Int, _ columns: Int) -> TimedOperation {
    let (a, b) = (random([rows, depth]), random([depth, columns]))
    return TimedOperation(
      "matmul (\(rows)x\(depth))(\(depth)x\(columns))", .operationsPerSecond, amount: 2 * rows * depth * columns
    ) { _ = matmul(a, b) }
  }

  /// The sum over all rows of a batch that a weight's gradient is.
  private static func weightGradient(rows: Int, _ left: Int, _ right: Int) -> TimedOperation {
    let (a, b) = (random([rows, left]), random([rows, right]))
    return TimedOperation(
      "matmul (\(rows)x\(left))^T (\(rows)x\(right))", .operationsPerSecond, amount: 2 * rows * left * right
    ) { _ = matmul(a, b, transposingLeft: true) }
  }

  private static func elementwise() -> [TimedOperation] {
    let x = random([2700, 400])
    let key = RandomKey(seed: 2)
    let scores = random([1024, 1024])
    return [
      TimedOperation("tanh [2700, 400]", .elementsPerSecond, amount: x.count) { _ = tanh(x) },
      TimedOperation("sigmoid [2700, 400]", .elementsPerSecond, amount: x.count) { _ = sigmoid(x) },
      TimedOperation("exp [2700, 400]", .elementsPerSecond, amount: x.count) { _ = exp(x) },
      TimedOperation("softmax [1024, 1024]", .elementsPerSecond, amount: scores.count) { _ = softmax(scores) },
      TimedOperation("dropout [2700, 400]", .elementsPerSecond, amount: x.count) { _ = x.dropout(rate: 0.3, key: key) },
    ]
  }

  private static func gather() -> TimedOperation {
    let table = random([20_000, 50])
    let ids = (0..<2700).map { Int32(RandomKey(seed: 3).bits(at: $0) % 20_000) }
    return TimedOperation("gather 2700 of [20000, 50]", .elementsPerSecond, amount: ids.count * 50) {
      _ = table.gathered(ids)
    }
  }

  private static func adam() -> TimedOperation {
    var model = OneParameter(weight: random([1000, 1000]))
    var optimizer = Optimizer(OptimizerConfiguration())
    let (_, gradients) = valueAndGradient(of: model) { square($0.weight).sum() }
    return TimedOperation("Adam [1000, 1000]", .elementsPerSecond, amount: model.weight.count) {
      optimizer.update(&model, gradients)
    }
  }
}

/// A module to update.
private struct OneParameter: Module {
  var weight: Tensor

  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.parameter("weight", &weight) }
}
