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
    let model = try configuration.kind.makeClassifier(configuration, embedding: nil, key: RandomKey(seed: 1))
    let input = EncoderInput([[2, 3, 4], [5, 6]])
    let (direct, boxed) = (
      model.output(input, .inference), AnyTextClassifier(model).output(input, .inference)
    )
    let penalty = try #require(direct.penalty)
    #expect(penalty.scalar > 0)
    #expect(boxed.penalty?.scalar == penalty.scalar)
    #expect(boxed.logits.doubles == direct.logits.doubles)
  }
}
