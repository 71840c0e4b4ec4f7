// The mean of the weights of several validations, through the files that a run keeps.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct WeightAverageTests {
  private func model(_ seed: UInt64) throws -> AnyTranslationModel {
    var configuration = RecurrentTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (5, 4)
    (configuration.embeddingSize, configuration.hiddenSize) = (3, 2)
    return try TranslationArchitecture.recurrent(configuration).makeModel(key: RandomKey(seed: seed))
  }

  @Test func itIsThatOfTheChosenWeights() throws {
    try TestFiles.withDirectory { folder in
      var average = WeightAverage(folder: folder, kind: .best, count: 2, higherIsBetter: false)
      let models = try [model(1), model(2), model(3)]
      for (index, value) in [2.0, 3, 1].enumerated() {
        try average.keep(models[index], (epoch: index + 1, value: value))
        // One validation has no mean.
        if index == 0 { #expect(try average.mean(models[0]) == nil) }
      }
      // The first and the third, whatever the weights were that the run ended with.
      let mean = try #require(try average.mean(models[1])).namedTensors
      let (first, third) = (models[0].namedTensors, models[2].namedTensors)
      #expect(mean.map(\.name) == first.map(\.name) && mean.count > 10)
      for index in mean.indices {
        let expected = zip(first[index].tensor.floats, third[index].tensor.floats).map { ($0 + $1) / 2 }
        #expect(mean[index].tensor.floats == expected, "\(mean[index].name)")
      }
      #expect(mean[0].tensor.floats != first[0].tensor.floats)
      try OutputFile.remove("\(folder)/validation-000001.safetensors")
      #expect(throws: Failure.self) { _ = try average.mean(models[1]) }
    }
  }
}
