// The sequence model, its losses, and the trainer of the experiments.

import EnsueData
import EnsueExperiments
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining
import Testing

@Suite struct SequenceTrainingTests {
  @Test func anAnswerAtTheEndIsThatOfTheLastStep() {
    let input = PackedSequence(
      layout: PackedLayout(lengths: [2, 5, 1]), values: .normal([8, 3], key: RandomKey(seed: 1)))
    func model(_ readout: SequenceReadoutKind) -> SequenceModel {
      SequenceModel(
        SequenceModelConfiguration(
          formula: RecurrentCellKind.gru.formula(), cell: RecurrentCellConfiguration(inputSize: 3, hiddenSize: 4),
          stack: RecurrentStackConfiguration(layerCount: 2, dropout: 0.5), outputSize: 2, readout: readout),
        key: RandomKey(seed: 2))
    }
    let (ends, steps) = (model(.last)(input), model(.everyStep)(input))
    #expect(ends.shape == [3, 2])
    #expect(steps.shape == [8, 2])
    #expect(ends.isIdentical(to: input.replacingValues(steps).last()))
    let dropped = model(.everyStep)(input, .training(RandomKey(seed: 3)))
    #expect(!dropped.isIdentical(to: steps))
  }

  /// With all logits zero every class is equally likely, and a number is 0.
  @Test func lossesOfAModelThatSaysNothing() throws {
    let tasks: [(task: any SequenceTask, loss: Double)] = [
      (try LatchTask(length: 6), 0.64), (try LatchTask(length: 6, asksForClass: true), 0.6931471805599453),
      (try CopyMemory(delay: 4, rememberedCount: 3, symbolCount: 4), 1.6094379124341003),
      (try GeneratedChorales(trainingCount: 4, validationCount: 4, testCount: 4), 88 * 0.6931471805599453),
    ]
    var settings = SequenceTrainingSettings()
    (settings.stepLimit, settings.validationInterval, settings.validationCount) = (1, 1, 8)
    for (task, loss) in tasks {
      var model = SequenceModel(.rnn, for: task, hiddenSize: 3, key: RandomKey(seed: 1))
      model.forEachParameter { _, tensor, _ in tensor = .zeros(tensor.shape) }
      let result = try SequenceTrainer(task, settings).train(model, key: RandomKey(seed: 1))
      #expect(abs(result.curve[0].validationLoss - loss) < 1e-4 * loss, "\(task.summary)")
      #expect(abs(result.curve[1].trainingLoss - loss) < 1e-4 * loss, "\(task.summary)")
      #expect((result.curve[0].accuracy == nil) == (task.targetKind == .multiHotAtEveryStep))
    }
  }

  @Test func trainingStopsAtItsGoal() throws {
    let task = try LatchTask(length: 6)
    var settings = SequenceTrainingSettings()
    (settings.goal, settings.tolerance, settings.stepLimit, settings.validationInterval) = (0.95, 0.8, 2000, 10)
    settings.optimizer.learningRate = 1e-2
    let model = SequenceModel(.lstm, for: task, hiddenSize: 4, key: RandomKey(seed: 1))
    let result = try SequenceTrainer(task, settings).train(model, key: RandomKey(seed: 1))
    let solved = try #require(result.solvedStep)
    #expect(solved < 2000)
    #expect(result.curve.last?.step == solved)
    #expect(result.curve.last?.accuracy ?? 0 >= 0.95)
  }

  @Test func aRunThatDivergesSaysSo() throws {
    let task = try AddingProblem(length: 10)
    var settings = SequenceTrainingSettings()
    (settings.optimizer.kind, settings.optimizer.learningRate, settings.clipping) = (.sgd, 1e4, nil)
    let model = SequenceModel(.rnnReLU, for: task, hiddenSize: 8, key: RandomKey(seed: 1))
    let result = try SequenceTrainer(task, settings).train(model, key: RandomKey(seed: 1))
    #expect(result.divergedStep != nil)
    #expect(result.best.validationLoss.isFinite)
  }

  @Test func patienceEndsTraining() throws {
    let task = try LatchTask(length: 6)
    var settings = SequenceTrainingSettings()
    (settings.optimizer.learningRate, settings.patience, settings.validationInterval) = (0, 2, 5)
    let model = SequenceModel(.gru, for: task, hiddenSize: 4, key: RandomKey(seed: 1))
    let result = try SequenceTrainer(task, settings).train(model, key: RandomKey(seed: 1))
    #expect(result.curve.last?.step == 15)
  }
}
