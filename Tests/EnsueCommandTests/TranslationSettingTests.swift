// The configuration of a translation run, and what follows from it: batches by step, weights to average, sampling.

import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import Testing

@Suite struct TranslationSettingTests {
  @Test func everySettingGoesThereAndBack() throws {
    let table = TranslationConfiguration.settings
    let written = table.json(of: TranslationConfiguration())
    var read = TranslationConfiguration()
    try table.apply(json: written, to: &read, file: "c")
    #expect(read == TranslationConfiguration() && table.json(of: read) == written)
    // Every choice of every leaf.
    for setting in table.settings {
      for name in setting.kind.names {
        var changed = TranslationConfiguration()
        try table.apply("\(setting.path)=\(name)", to: &changed)
        var copy = TranslationConfiguration()
        try table.apply(json: table.json(of: changed), to: &copy, file: "c")
        #expect(copy == changed, "\(setting.path)=\(name)")
      }
    }
  }

  /// The α of entmax goes as far in translators as in classifiers.
  @Test(arguments: [("1", true), ("64", true), ("0.9", false), ("64.5", false)])
  func alphaHasOneRange(_ alpha: String, _ isRead: Bool) {
    var translation = TranslationConfiguration()
    var classification = ClassificationConfiguration()
    let isTranslators =
      (try? TranslationConfiguration.settings.apply("model.alpha=\(alpha)", to: &translation)) != nil
    let isClassifiers =
      (try? ClassificationConfiguration.settings.apply("model.attentionAlpha=\(alpha)", to: &classification)) != nil
    #expect(isTranslators == isRead && isClassifiers == isRead)
    #expect(EntmaxDistribution.alphas.contains(Double(alpha) ?? 0) == isRead)
  }

  /// Without norms a Transformer begins with T-Fixup's weights, unless others are asked for.
  @Test(arguments: NormPlacementKind.allCases) func normsDecideTheFirstWeights(_ norm: NormPlacementKind) throws {
    func initializers(_ changes: String...) throws -> [TransformerInitializerKind] {
      var language = LanguageConfiguration()
      var translation = TranslationConfiguration()
      for change in ["model.kind=transformer", "model.norm=\(norm.rawValue)"] + changes {
        try LanguageConfiguration.settings.apply(change, to: &language)
        try TranslationConfiguration.settings.apply(change, to: &translation)
      }
      var found: [TransformerInitializerKind] = []
      if case .transformer(let model) = try language.model.architecture(vocabularySize: 5) {
        found.append(model.transformer.initializer)
      }
      let translator = try translation.model.architecture(
        sourceVocabularySize: 5, targetVocabularySize: 5, isJoint: false)
      if case .transformer(let model) = translator { found.append(model.transformer.initializer) }
      return found
    }
    let isWithout = norm == .none
    #expect(try initializers() == (isWithout ? [.tFixup, .tFixup] : [.gpt2, .glorot]))
    #expect(try initializers("model.initializer=glorot") == [.glorot, .glorot])
    #expect(try initializers("model.initializer=t-fixup") == [.tFixup, .tFixup])
    var classifier = ClassifierConfiguration.laboratoryTransformer
    classifier.norm = norm
    #expect(try classifier.transformer().initializer == (isWithout ? .tFixup : .glorot))
  }

  @Test func criteriaByName() {
    #expect(TranslationCriterion.allCases.count > 3)
    for criterion in TranslationCriterion.allCases {
      #expect(TranslationCriterion(rawValue: criterion.rawValue) == criterion)
    }
    #expect(TranslationCriterion(rawValue: "bleu")?.higherIsBetter == true)
    #expect(TranslationCriterion(rawValue: "ter")?.higherIsBetter == false)
    #expect(TranslationCriterion.loss.higherIsBetter == false && TranslationCriterion(rawValue: "bleuu") == nil)
  }

  @Test func recipesAreConfigurations() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Configurations"
    for name in ["multi30k-bahdanau", "multi30k-luong", "multi30k-transformer", "dates", "reversal"] {
      var configuration = TranslationConfiguration()
      let file = "\(folder)/\(name).json"
      try TranslationConfiguration.apply(SettingsFile.contents(of: file), to: &configuration, file: file)
      #expect(configuration != TranslationConfiguration())
      let architecture = try configuration.model.architecture(
        sourceVocabularySize: 40, targetVocabularySize: 40, isJoint: configuration.tokens.isJoint)
      #expect(try architecture.makeModel(key: RandomKey(seed: 1)).vocabularySize == 40)
    }
  }

  // MARK: Steps

  private static func plan(
    _ change: (inout TranslationConfiguration.Training) -> Void = { _ in }, after step: Int = 0
  ) -> TranslationPlan {
    var training = TranslationConfiguration().training
    (training.epochs, training.batchSize, training.unit) = (3, 20, .words)
    change(&training)
    let lengths = (0..<37).map { (source: 3 + $0 % 5, target: 2 + $0 * 7 % 11) }
    return TranslationPlan(
      PairBatches(
        lengths: lengths, strategy: training.strategy, unit: training.unit, size: training.batchSize,
        key: RandomKey(seed: 3)), training, after: step)
  }

  /// Every pair once an epoch, and the same from any step on.
  @Test(arguments: [1, 2, 3]) func anyStepIsAPlaceToGoOn(_ accumulation: Int) {
    let change = { (training: inout TranslationConfiguration.Training) in training.accumulation = accumulation }
    var plan = TranslationSettingTests.plan(change)
    var steps: [[[Int]]] = []
    var seen: [Int: [Int]] = [:]
    while !plan.isOver {
      let epoch = plan.epoch
      steps.append(plan.next())
      seen[epoch, default: []] += steps[steps.count - 1].joined()
    }
    #expect(seen.count == 3 && seen.values.allSatisfy { $0.sorted() == Array(0..<37) })
    for start in steps.indices {
      var later = TranslationSettingTests.plan(change, after: start)
      var rest: [[[Int]]] = []
      while !later.isOver { rest.append(later.next()) }
      #expect(rest == Array(steps[start...]), "from step \(start)")
    }
    #expect(TranslationSettingTests.plan(change, after: steps.count).isOver)
  }

  @Test func validationsComeWhenTheyAreDue() {
    func rounds(_ change: (inout TranslationConfiguration.Training) -> Void) -> [Int] {
      var plan = TranslationSettingTests.plan(change)
      var (rounds, done) = ([Int](), 0)
      while !plan.isOver {
        _ = plan.next()
        done += 1
        if plan.endsRound(after: done) {
          rounds.append(done)
          done = 0
        }
      }
      #expect(done == 0, "the last step is followed by a validation")
      return rounds
    }
    let perEpoch = (0..<3).map { TranslationSettingTests.plan().stepsPerEpoch($0) }
    #expect(rounds { _ in } == perEpoch)
    let total = perEpoch.reduce(0, +)
    let sevens = rounds { $0.validationInterval = 7 }
    #expect(sevens.dropLast().allSatisfy { $0 == 7 } && sevens.reduce(0, +) == total)
    #expect(rounds { $0.maximumSteps = 5 } == [5])
    #expect(rounds { ($0.maximumSteps, $0.validationInterval) = (5, 2) } == [2, 2, 1])
  }

  // MARK: Weights and samples

  @Test func chosenWeights() {
    let values: [WeightAverage.Validation] = [(1, 3), (2, 1), (3, .nan), (4, 1), (5, 2), (6, 5)]
    func chosen(_ kind: WeightAveragingKind, _ count: Int, higher: Bool = false) -> [Int] {
      WeightAverage(folder: "", kind: kind, count: count, higherIsBetter: higher).chosen(values)
    }
    #expect(chosen(.best, 1) == [2] && chosen(.best, 2) == [2, 4] && chosen(.best, 3) == [2, 4, 5])
    #expect(chosen(.best, 2, higher: true) == [1, 6] && chosen(.best, 9).count == 5)
    #expect(chosen(.last, 3) == [4, 5, 6] && chosen(.last, 99).count == 6)
  }

  @Test func sharesOfTrueSymbolsFall() {
    var sampling = TranslationConfiguration().sampling
    #expect(sampling.trueShare(step: 1_000_000) == 1, "none, unless asked for")
    for (decay, constant) in [(SamplingDecayKind.linear, 1), (.exponential, 0.99), (.inverseSigmoid, 50)] {
      (sampling.decay, sampling.schedule.constant, sampling.schedule.slope) = (decay, constant, 0.005)
      sampling.schedule.least = 0.1
      let shares = stride(from: 0, through: 1000, by: 10).map { sampling.trueShare(step: $0) }
      #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 } && shares[100] == 0.1, "\(decay)")
      #expect(shares[0] > 0.97 && shares.allSatisfy { 0.1...1 ~= $0 }, "\(decay)")
    }
  }
}
