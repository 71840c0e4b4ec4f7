// Train a model of your own: the loop is yours.

import Ensue

struct Regression: Module {
  var layer = Linear(inputSize: 1, outputSize: 1, key: RandomKey(seed: 1))

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("layer", &layer)
  }
}

let x = Tensor([0, 1, 2, 3] as [Float], shape: [4, 1])
let y = Tensor([1, 3, 5, 7] as [Float], shape: [4, 1])
var configuration = OptimizerConfiguration()
configuration.learningRate = 0.1
var trainer = Trainer(model: Regression(), optimizer: Optimizer(configuration), key: RandomKey(seed: 2))
for _ in 0..<500 {
  let report = try trainer.step(on: [(batch: (x, y), count: 4)]) { model, batch, _ in
    meanSquaredError(model.layer(batch.0), batch.1)
  }
  if report.step.isMultiple(of: 100) { print(report.step, report.loss) }
}
print(trainer.model.layer.weight, trainer.model.layer.bias)  // near 2 and 1
