// Rates by layer, decay of matrices alone, frozen parameters: against PyTorch's parameter groups
// (Tests/Goldens/parameter-groups.py), and after a resume.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

/// An embedding, a block and a head, with one parameter that is not trained.
private struct Levels: Module {
  static let names = ["embedding", "map", "bias", "scale", "head", "frozen"]
  var tensors: [Tensor]
  var trains: @Sendable (String) -> Bool = { $0 != "frozen" }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    let trains = trains
    var list = NamedList(tensors: tensors)
    visitor.part(&list) { trains($0) }
    tensors = list.tensors
  }

  static func level(_ name: String) -> Int { ["embedding": 0, "head": 2][name] ?? 1 }

  /// The gradient of Σ w ⊙ g is g; of the embedding by rows, as a batch of words gives it.
  func gradients(_ g: [Tensor]) -> Gradients {
    valueAndGradient(of: self) { model in
      let rows: [Int32] = [1, 3, 4]
      let words = (model.tensors[0].gathered(rows) * g[0].gathered(rows)).sum()
      return (1..<g.count).reduce(words) { $0 + (model.tensors[$1] * g[$1]).sum() }
    }.gradients
  }
}

private struct NamedList: Module {
  var tensors: [Tensor]
  mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in tensors.indices { visitor.parameter(Levels.names[index], &tensors[index]) }
  }
}

@Suite struct ParameterGroupTests {
  private static let steps = 10

  private static var configuration: OptimizerConfiguration {
    var configuration = OptimizerConfiguration()
    (configuration.kind, configuration.learningRate) = (.adamw, 0.02)
    (configuration.weightDecay, configuration.decaysVectors) = (0.1, false)
    return configuration
  }

  private static func schedule() throws -> RateSchedule {
    var schedule = ScheduleConfiguration()
    (schedule.kind, schedule.warmUpShare) = (.linearDecay, 0.1)
    return try schedule.schedule(totalSteps: steps, beta2: 0.999)
  }

  private static func optimizer(of model: Levels) -> Optimizer {
    Optimizer(configuration, rates: ParameterRates(of: model, decay: 0.5, depth: 2) { Levels.level($0) })
  }

  private static func gradients(_ reader: borrowing SafetensorsReader, step: Int) throws -> [Tensor] {
    var gradients: [Tensor] = []
    for name in Levels.names {
      let all = try reader.tensor("gradients/\(name)")
      gradients.append(all.sliced(step..<step + 1, axis: 0).reshaped(Shape(Array(all.shape.sizes.dropFirst()))))
    }
    return gradients
  }

  private static func start(_ reader: borrowing SafetensorsReader) throws -> Levels {
    var tensors: [Tensor] = []
    for name in Levels.names { tensors.append(try reader.tensor("initial/\(name)")) }
    return Levels(tensors: tensors)
  }

  @Test func tenStepsEqualPyTorch() throws {
    let reader = try SafetensorsReader(TestFiles.golden("parameter-groups.safetensors"))
    var model = try ParameterGroupTests.start(reader)
    var optimizer = ParameterGroupTests.optimizer(of: model)
    let schedule = try ParameterGroupTests.schedule()
    for step in 0..<ParameterGroupTests.steps {
      let gradients = try model.gradients(ParameterGroupTests.gradients(reader, step: step))
      #expect(gradients["frozen"] == nil)
      optimizer.update(&model, gradients, rateFactor: schedule.factor(at: step + 1))
      for (name, tensor) in zip(Levels.names, model.tensors) {
        let expected = try reader.tensor("after/\(name)").doubles[step * tensor.count..<(step + 1) * tensor.count]
        let found = Disagreement(tensor.doubles, Array(expected), relative: 1e-12, absolute: 1e-13)
        #expect(found.isSmall, "\(name), step \(step + 1): \(found)")
      }
    }
    // What is not trained has no moments.
    #expect(
      Set(optimizer.tensors.map(\.name))
        == Set(
          ["embedding", "map", "bias", "scale", "head"].flatMap {
            ["\($0)/firstMoment", "\($0)/secondMoment"]
          }))
  }

  @Test func aResumeGivesTheSameBits() throws {
    let reader = try SafetensorsReader(TestFiles.golden("parameter-groups.safetensors"))
    var whole = try ParameterGroupTests.start(reader)
    var first = ParameterGroupTests.optimizer(of: whole)
    for step in 0..<5 { first.update(&whole, try whole.gradients(ParameterGroupTests.gradients(reader, step: step))) }
    var resumed = whole
    var second = ParameterGroupTests.optimizer(of: resumed)
    let moments = Dictionary(first.tensors, uniquingKeysWith: { first, _ in first })
    try second.restore(stepCount: 5, for: resumed) { moments[$0] }
    for step in 5..<10 {
      let gradients = try whole.gradients(ParameterGroupTests.gradients(reader, step: step))
      first.update(&whole, gradients)
      second.update(&resumed, gradients)
    }
    for (mine, theirs) in zip(whole.tensors, resumed.tensors) { #expect(mine.isIdentical(to: theirs)) }
  }

  @Test func ratesFallTowardsTheEmbedding() throws {
    let model = Levels(tensors: Levels.names.map { _ in .ones([2, 2]) })
    let rates = ParameterRates(of: model, decay: 0.5, depth: 2) { Levels.level($0) }
    #expect(Levels.names.map { rates[$0] } == [0.25, 0.5, 0.5, 0.5, 1, 1])
    #expect(ParameterRates(of: model, decay: 1, depth: 2) { Levels.level($0) } == .equal)
  }

  @Test func aShareOfTheStepsWarmsUp() throws {
    var schedule = ScheduleConfiguration()
    (schedule.kind, schedule.warmUpShare) = (.linearDecay, 0.1)
    for (total, steps) in [(10, 1), (95, 10), (1000, 100), (3, 1)] {
      var counted = schedule
      (counted.warmUpShare, counted.warmUpSteps) = (nil, steps)
      let (share, count) = (
        try schedule.schedule(totalSteps: total, beta2: 0.9), try counted.schedule(totalSteps: total, beta2: 0.9)
      )
      #expect((1...total).allSatisfy { share.factor(at: $0) == count.factor(at: $0) })
      #expect(share.factor(at: steps) == 1)
    }
    schedule.warmUpSteps = 3
    #expect(throws: (any Error).self) { try schedule.schedule(totalSteps: 10, beta2: 0.9) }
  }
}
