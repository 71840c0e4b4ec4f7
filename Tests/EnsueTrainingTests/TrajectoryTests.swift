// Ten training steps against PyTorch's (Tests/Goldens/trajectories.py): data, forward, backward, clipping and update
// together.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

/// Any of the golden models.
private protocol TrajectoryModel: Module {
  func logits(_ input: TrajectoryInput) -> Tensor
  mutating func takeWeights(_ reader: borrowing SafetensorsReader, prefix: String) throws
  /// The parameters by the goldens' names.
  func goldenTensors() throws -> [(name: String, tensor: Tensor)]
}

extension TrajectoryModel {
  mutating func takeWeights(_ reader: borrowing SafetensorsReader, prefix: String) throws {
    try load(reader, prefix: prefix, path: "trajectories.safetensors")
  }

  func goldenTensors() -> [(name: String, tensor: Tensor)] { namedTensors }
}

private enum TrajectoryInput: Sendable {
  case features(Tensor)
  case tokens(PackedTokens)
}

private struct LinearModel: TrajectoryModel {
  var layer = Linear(inputSize: 8, outputSize: 3, key: RandomKey(seed: 0))

  mutating func visit(_ visitor: inout ParameterVisitor) { layer.visit(&visitor) }

  func logits(_ input: TrajectoryInput) -> Tensor {
    guard case .features(let x) = input else { return .zeros([]) }
    return layer(x)
  }
}

private struct TwoLayerModel: TrajectoryModel {
  var hidden = Linear(inputSize: 8, outputSize: 16, key: RandomKey(seed: 0))
  var output = Linear(inputSize: 16, outputSize: 3, key: RandomKey(seed: 0))

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("hidden", &hidden)
    visitor.module("output", &output)
  }

  func logits(_ input: TrajectoryInput) -> Tensor {
    guard case .features(let x) = input else { return .zeros([]) }
    return output(relu(hidden(x)))
  }
}

private struct SequenceModel: TrajectoryModel {
  var embedding = Embedding(vocabularySize: 20, featureCount: 6, key: RandomKey(seed: 0))
  var encoder: RecurrentStack
  var output: Linear

  init(isBidirectional: Bool) {
    encoder = RecurrentStack(
      RecurrentCellKind.lstm.formula(), cell: RecurrentCellConfiguration(inputSize: 6, hiddenSize: 5),
      RecurrentStackConfiguration(isBidirectional: isBidirectional), key: RandomKey(seed: 0))
    output = Linear(inputSize: encoder.outputSize, outputSize: 2, key: RandomKey(seed: 0))
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  func logits(_ input: TrajectoryInput) -> Tensor {
    guard case .tokens(let tokens) = input else { return .zeros([]) }
    let layout = tokens.layout
    let positions = layout.order.indices.map { original in Int32(layout.order.firstIndex(of: original) ?? 0) }
    return output(encoder(embedding(tokens)).finalOutput).gathered(positions)
  }

  // The encoder's weights are PyTorch's nn.LSTM's under names of the golden file. Its second bias is not among them: it
  // is zero and not trained.
  private static let goldenNames = [
    "weight_ih_l0": "inputWeight", "weight_hh_l0": "recurrentWeight", "bias_ih_l0": "bias",
  ]

  /// Nil for the second bias.
  private static func goldenName(_ name: String) -> String? {
    let isReverse = name.hasSuffix("_reverse")
    let base = isReverse ? String(name.dropLast("_reverse".count)) : name
    return goldenNames[base].map { "encoder.\(isReverse ? "reverse" : "forward").\($0)" }
  }

  mutating func takeWeights(_ reader: borrowing SafetensorsReader, prefix: String) throws {
    embedding.weight = try reader.tensor(prefix + "embedding.weight")
    output.weight = try reader.tensor(prefix + "output.weight")
    output.bias = try reader.tensor(prefix + "output.bias")
    var tensors = try NamedTensors(source: "trajectories.safetensors")
    for (name, tensor) in try encoder.exportWeights(layout: .pytorch).elements {
      let golden = SequenceModel.goldenName(name)
      try tensors.append(name, golden.map { try reader.tensor(prefix + $0) } ?? .zeros(tensor.shape))
    }
    try encoder.importWeights(tensors, layout: .pytorch)
  }

  func goldenTensors() throws -> [(name: String, tensor: Tensor)] {
    let encoder = try encoder.exportWeights(layout: .pytorch).elements.compactMap { name, tensor in
      SequenceModel.goldenName(name).map { (name: $0, tensor: tensor) }
    }
    return [("embedding.weight", embedding.weight)] + encoder
      + [("output.weight", output.weight), ("output.bias", output.bias)]
  }
}

struct Trajectory: Sendable, CustomTestStringConvertible {
  let name: String
  let optimizer: OptimizerConfiguration
  var clipNorm: Double?
  var microBatches = 1
  var labelSmoothing = 0.0
  /// Bound of the difference of final weights, after Tests/Goldens/README.md.
  var weightBound = 2e-5
  var testDescription: String { name }

  private static func configured(_ change: (inout OptimizerConfiguration) -> Void) -> OptimizerConfiguration {
    var configuration = OptimizerConfiguration()
    change(&configuration)
    return configuration
  }

  static let all: [Trajectory] = [
    Trajectory(name: "linear-sgd", optimizer: configured { ($0.kind, $0.learningRate) = (.sgd, 0.1) }),
    Trajectory(name: "linear-momentum", optimizer: configured { ($0.kind, $0.learningRate) = (.momentum, 0.1) }),
    Trajectory(name: "linear-adam", optimizer: configured { $0.learningRate = 0.05 }),
    Trajectory(
      name: "linear-adamw",
      optimizer: configured { ($0.kind, $0.learningRate, $0.weightDecay) = (.adamw, 0.05, 0.01) }),
    Trajectory(name: "mlp-adam", optimizer: configured { $0.learningRate = 0.01 }, clipNorm: 0.5),
    Trajectory(
      name: "mlp-sgd-accumulated", optimizer: configured { ($0.kind, $0.learningRate) = (.sgd, 0.1) }, microBatches: 2,
      labelSmoothing: 0.1),
    Trajectory(
      name: "lstm-adam", optimizer: configured { $0.learningRate = 0.02 }, clipNorm: 1, weightBound: 1e-4),
    Trajectory(
      name: "bilstm-adam", optimizer: configured { $0.learningRate = 0.02 }, clipNorm: 1, weightBound: 1e-4),
  ]
}

@Test(arguments: Trajectory.all) func tenStepsEqualPyTorch(_ trajectory: Trajectory) throws {
  switch trajectory.name.split(separator: "-")[0] {
  case "linear": try check(trajectory, LinearModel())
  case "mlp": try check(trajectory, TwoLayerModel())
  case "lstm": try check(trajectory, SequenceModel(isBidirectional: false))
  default: try check(trajectory, SequenceModel(isBidirectional: true))
  }
}

private func check(_ trajectory: Trajectory, _ model: some TrajectoryModel) throws {
  let reader = try SafetensorsReader(TestFiles.golden("trajectories.safetensors"))
  var model = model
  try model.takeWeights(reader, prefix: "\(trajectory.name)/initial/")
  let targets = try reader.integers("\(trajectory.name)/targets").map { Int($0) }
  let batches = try microBatches(trajectory, targets, reader)
  var trainer = Trainer(
    model: model, optimizer: Optimizer(trajectory.optimizer), clipping: GradientClipping(norm: trajectory.clipNorm),
    key: RandomKey(seed: 0))
  var losses: [Double] = []
  for _ in 0..<10 {
    let report = try trainer.step(on: batches) { model, batch, _ in
      crossEntropy(
        logits: model.logits(batch.input), targets: batch.targets, labelSmoothing: trajectory.labelSmoothing)
    }
    losses.append(report.loss)
  }
  let expected = try reader.tensor("\(trajectory.name)/losses64").doubles
  let disagreement = Disagreement(losses, expected, relative: 0, absolute: 3e-6)
  #expect(disagreement.isSmall, "losses \(disagreement)")
  for (name, tensor) in try trainer.model.goldenTensors() {
    let golden = try reader.tensor("\(trajectory.name)/final64/\(name)")
    let difference = Disagreement(
      tensor.doubles, golden.doubles, relative: 0, absolute: trajectory.weightBound)
    #expect(difference.isSmall, "\(name): \(difference)")
  }
}

private func microBatches(
  _ trajectory: Trajectory, _ targets: [Int], _ reader: borrowing SafetensorsReader
) throws -> [(batch: (input: TrajectoryInput, targets: [Int]), count: Int)] {
  if reader.names.contains("\(trajectory.name)/ids") {
    let ids = try reader.integers("\(trajectory.name)/ids")
    let lengths = try reader.integers("\(trajectory.name)/lengths").map { Int($0) }
    let width = ids.count / lengths.count
    let sequences = lengths.enumerated().map { row, length in
      (0..<length).map { Int32(ids[row * width + $0]) }
    }
    return [((.tokens(PackedTokens(sequences)), targets), targets.count)]
  }
  let x = try reader.tensor("\(trajectory.name)/x")
  let size = targets.count / trajectory.microBatches
  return (0..<trajectory.microBatches).map { index in
    let range = index * size..<(index + 1) * size
    return ((.features(x.sliced(range, axis: 0)), Array(targets[range])), size)
  }
}
