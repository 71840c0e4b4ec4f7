// The box that a training run keeps its classifier in gives what the classifier gives.

import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import Testing

struct ClassifierBoxTests {
  @Test func aPenaltyReachesTheLossOfARun() throws {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.hiddenSize) = (.lstm, 8, 4)
    configuration.normStabilizer = 2
    let model = try configuration.kind.makeClassifier(configuration, key: RandomKey(seed: 1))
    let input = EncoderInput([[2, 3, 4], [5, 6]])
    let (direct, boxed) = (
      model.output(input, .inference), AnyTextClassifier(model).output(input, .inference)
    )
    let penalty = try #require(direct.penalty)
    #expect(penalty.scalar > 0)
    #expect(boxed.penalty?.scalar == penalty.scalar)
    #expect(boxed.logits.doubles == direct.logits.doubles)
  }

  @Test func aPenaltyOfTheLossReachesItInTrainingAlone() throws {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.hiddenSize) = (.bilstm, 8, 4)
    configuration.gradientPropagation = 2
    let model = try configuration.kind.makeClassifier(configuration, key: RandomKey(seed: 1))
    let input = EncoderInput([[2, 3, 4], [5, 6]])
    func penalty(_ output: ClassifierOutput) -> Double {
      let loss = square(output.logits).mean()
      return output.regularized(loss).scalar - loss.scalar
    }
    let phase = Phase.training(RandomKey(seed: 2))
    let direct = penalty(model.output(input, phase))
    #expect(direct > 1e-3)
    #expect(penalty(AnyTextClassifier(model).output(input, phase)) == direct)
    #expect(penalty(model.output(input, .inference)) == 0)
  }
}
