// A recurrent language model that begins anew at every document measures a corpus as it measures each document alone.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import Testing

@Suite struct DocumentStreamTests {
  /// Longer than what is read at a time; documents of one token, and some that begin or end where a segment does.
  private static let ids = (0..<2500).map { Int32(RandomKey(seed: 2).bits(at: $0) % 7) }
  private static let starts = [0, 1, 300, 301, 302, 1023, 1024, 1500, 2048, 2049, 2499]

  private static func model() throws -> AnyLanguageModel {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (7, 3)
    (configuration.hiddenSize, configuration.layerCount) = (4, 2)
    return .recurrent(try RecurrentLanguageModel(configuration, key: RandomKey(seed: 3)).converted(to: .float64))
  }

  @Test func everyDocumentIsReadAlone() throws {
    let (ids, starts) = (DocumentStreamTests.ids, DocumentStreamTests.starts)
    let model = try DocumentStreamTests.model()
    let corpus = LanguagePart(TokenArray(ids, documentStarts: starts))
    let apart = try LanguageModelEvaluation(of: model, on: corpus.keepingDocumentsApart(true), unknownID: nil).summary
    var (loss, count) = (0.0, 0)
    for (start, end) in zip(starts, starts.dropFirst() + [ids.count]) where end - start > 1 {
      let document = LanguagePart(TokenArray(Array(ids[start..<end])))
      let alone = try LanguageModelEvaluation(of: model, on: document, unknownID: nil).summary
      loss += alone.loss * Double(alone.count)
      count += alone.count
    }
    #expect(apart.count == count && count == ids.count - starts.count)
    #expect(abs(apart.loss - loss / Double(count)) < 1e-12)
    let whole = try LanguageModelEvaluation(of: model, on: corpus, unknownID: nil).summary
    #expect(whole.count == ids.count - 1 && abs(whole.loss - apart.loss) > 1e-6)
    // Learning at next to no rate is not learning.
    var dynamic = LanguageModelEvaluationOptions()
    dynamic.dynamicRate = 1e-12
    let still = try LanguageModelEvaluation(
      of: model, on: corpus.keepingDocumentsApart(true), unknownID: nil, dynamic
    ).summary
    #expect(still.count == count && abs(still.loss - apart.loss) < 1e-9)
  }
}
