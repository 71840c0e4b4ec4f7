// Ten training steps of a recurrent language model with carried states against PyTorch's
// (Tests/Goldens/recurrent-training.py).

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct RecurrentTrajectoryTests {
  private static let file = "recurrent-training.safetensors"

  private static func model(_ reader: borrowing SafetensorsReader) throws -> RecurrentLanguageModel {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (9, 6)
    (configuration.hiddenSize, configuration.layerCount) = (5, 2)
    var model = try RecurrentLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.load(reader, prefix: "initial/", path: file)
    return model
  }

  /// Ten segments of five symbols of three streams.
  private static func segments(_ reader: borrowing SafetensorsReader) throws -> [(inputs: PackedTokens, targets: [Int])]
  {
    let ids = try reader.integers("ids").map { Int32($0) }
    func part(_ start: Int) -> PackedTokens {
      PackedTokens((0..<3).map { stream in Array(ids[stream * 51 + start..<stream * 51 + start + 5]) })
    }
    return (0..<10).map { (part($0 * 5), part($0 * 5 + 1).ids.map { Int($0) }) }
  }

  @Test(arguments: [OptimizerKind.sgd, .adam]) func tenStepsEqualPyTorchs(_ kind: OptimizerKind) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate) = (kind, kind == .sgd ? 1 : 0.02)
    // In single precision Adam enlarges rounding (Goldens/README.md).
    for (type, lossBound, weightBound) in [(ElementType.float64, 1e-9, 1e-8), (.float32, 3e-6, 1e-4)] {
      var trainer = Trainer(
        model: try Self.model(reader).converted(to: type), optimizer: Optimizer(optimizer),
        clipping: GradientClipping(norm: 0.4), key: RandomKey(seed: 0))
      var states: [[RecurrentState]]?
      var (losses, norms) = ([Double](), [Double]())
      for segment in try Self.segments(reader) {
        let before = states
        let report = try trainer.step(on: [(batch: segment, count: 15)]) { model, segment, phase in
          let result = model.loss(segment.inputs, targets: segment.targets, from: before, phase)
          states = result.states
          return result.loss
        }
        losses.append(report.loss)
        norms.append(report.gradientNorm)
      }
      #expect(norms.contains { $0 > 0.4 } && norms.contains { $0 < 0.4 }, "clipping acts in some steps")
      let carried = try #require(states)
      var found: [(String, [Double], Double)] = [
        ("losses64", losses, lossBound), ("gradientNorms64", norms, weightBound),
      ]
      for (name, tensor) in trainer.model.namedTensors {
        found.append(("final64/\(name)", tensor.doubles, weightBound))
      }
      for (name, tensor) in trainer.model.namedTensors(of: carried) {
        found.append(("states64/\(name)", tensor.doubles, weightBound))
      }
      for (name, numbers, bound) in found {
        let expected = try reader.tensor("\(kind.rawValue)/\(name)").doubles
        let difference = Disagreement(numbers, expected, relative: 0, absolute: bound)
        #expect(difference.isSmall, "\(type) \(name): \(difference)")
      }
    }
  }
}
