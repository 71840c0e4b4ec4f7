// bahdanau and bahdanau-beam, as in peers/translation.py: an encoder–decoder with additive attention, trained teacher
// forced, and searched with a beam.

import Ensue

/// The sizes of the model and of its sentences.
enum TranslationSetting {
  static let (words, size, batchSize, steps, batchCount) = (8000, 256, 64, 15, 20)

  static func model() throws -> RecurrentTranslator {
    var configuration = RecurrentTranslatorConfiguration()
    configuration.cell = .gruResetAfter
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (words, words)
    (configuration.embeddingSize, configuration.hiddenSize) = (size, size)
    return try RecurrentTranslator(configuration, key: RandomKey(seed: 1))
  }

  /// Floating-point operations of the products for one source symbol and for one target symbol; sources and targets are
  /// of one length.
  static var encoderOperations: Double {
    let size = Double(size)
    return RecurrentCost(gates: 3, input: size, hidden: size, directions: 2).forward + 2 * 2 * size * size
  }
  static var decoderOperations: Double {
    let (size, words, steps) = (Double(size), Double(words), Double(steps))
    let decoder = RecurrentCost(gates: 3, input: 3 * size, hidden: size).forward
    let attention = 2 * size * size + steps * (2 * size + 2 * 2 * size)
    return decoder + attention + 2 * 4 * size * 2 * size + 2 * size * words
  }

  static func batches() -> [TranslationBatch] {
    let width = 2 * steps + 1
    let ids = RandomIDs.drawn(batchCount * batchSize * width, below: words)
    return (0..<batchCount).map { batch in
      let rows = (0..<batchSize).map { row in
        let start = (batch * batchSize + row) * width
        return Array(ids[start..<start + width])
      }
      return TranslationBatch(
        sources: rows.map { Array($0[..<steps]) }, inputs: PackedTokens(rows.map { Array($0[steps..<2 * steps]) }),
        targets: PackedTokens(rows.map { Array($0[(steps + 1)...]) }).ids.map { Int($0) })
    }
  }
}

/// Sentences side by side; a target is its input a symbol later.
struct TranslationBatch: Sendable {
  let sources: [[Int32]]
  let inputs: PackedTokens
  let targets: [Int]
}

struct TranslationTrainingWorkload: Workload {
  let rows: [RowDescription]
  private let batches = TranslationSetting.batches()
  private var trainer: Trainer<RecurrentTranslator>
  private var count = 0

  init(name: String) throws {
    rows = [
      RowDescription(
        name: name, unit: .tokensPerSecond,
        operationsPerUnit: 3 * (TranslationSetting.encoderOperations + TranslationSetting.decoderOperations))
    ]
    var optimizer = OptimizerConfiguration()
    (optimizer.kind, optimizer.learningRate) = (.adam, 1e-3)
    trainer = Trainer(
      model: try TranslationSetting.model(), optimizer: Optimizer(optimizer), clipping: GradientClipping(),
      key: RandomKey(seed: 1).derived("training"))
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    let batch = batches[count % batches.count]
    count += 1
    _ = try trainer.step(on: [(batch, batch.targets.count)]) { model, batch, phase in
      try model.loss(sources: PackedTokens(batch.sources), inputs: batch.inputs, targets: batch.targets, phase)
    }
    return Double(batch.targets.count)
  }
}

struct TranslationSearchWorkload: Workload {
  let rows: [RowDescription]
  private let batches = TranslationSetting.batches()
  private let model: RecurrentTranslator
  private let search: TranslationSearch
  private var count = 0

  private static let width = 5

  init(name: String) throws {
    // The encoder runs once for all hypotheses of a sentence.
    let operations =
      TranslationSetting.encoderOperations + Double(Self.width) * TranslationSetting.decoderOperations
    rows = [RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: operations)]
    model = try TranslationSetting.model().prepared()
    var search = TranslationSearch(width: Self.width, lengthPenalty: 0)
    (search.maximumLength, search.batchSize) = (.symbols(TranslationSetting.steps), TranslationSetting.batchSize)
    self.search = search
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] {
    [
      try repeated(seconds: seconds) {
        let found = try search.search(model, sources: batches[count % batches.count].sources, begin: 1, end: nil)
        count += 1
        return found.reduce(0) { $0 + Double($1[0].ids.count) }
      }
    ]
  }
}
