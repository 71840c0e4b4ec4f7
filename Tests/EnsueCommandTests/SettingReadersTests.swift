// What is said of settings that nothing reads.

import EnsueTasks
import Testing

@Suite struct SettingReadersTests {
  @Test func defaultsAreReadOrLeftAlone() {
    var classifier = ClassificationConfiguration()
    for kind in ["bag-of-words", "n-gram", "mean", "hierarchical", "self-attention", "transformer", "lstm"] {
      #expect(throws: Never.self) {
        try ClassificationConfiguration.settings.apply("model.kind=\(kind)", to: &classifier)
      }
      #expect(classifier.unreadNotes == [])
    }
    var language = LanguageConfiguration()
    for kind in ["recurrent", "transformer", "bigram", "ngram"] {
      #expect(throws: Never.self) { try LanguageConfiguration.settings.apply("model.kind=\(kind)", to: &language) }
      #expect(language.unreadNotes == [])
    }
    var translation = TranslationConfiguration()
    for kind in ["recurrent", "transformer"] {
      #expect(throws: Never.self) {
        try TranslationConfiguration.settings.apply("model.kind=\(kind)", to: &translation)
      }
      #expect(translation.unreadNotes == [])
    }
    #expect(RollConfiguration().unreadNotes == [])
  }

  @Test(arguments: [
    (
      ["model.kind=bilstm", "model.headCount=8"],
      "--heads has no effect here: only a classifier of several heads reads it"
    ),
    (["model.kind=self-attention", "model.headCount=8"], "--heads has no effect here"),
    (["model.kind=hierarchical", "model.pooling=mean"], "--pooling has no effect here"),
    (["model.kind=hierarchical", "model.normStabilizer=1"], "--norm-stabilizer has no effect here"),
    (["model.kind=hierarchical", "model.gradientPropagation=1"], "--gradient-propagation has no effect here"),
    (
      ["model.kind=transformer", "model.zoneout=0.1"],
      "--zoneout has no effect here: only a recurrent classifier reads it"
    ),
    (["model.kind=gru", "model.forgetBias=3"], "--forget-bias has no effect here"),
    (["model.kind=bag-of-words", "model.nGramOrder=2"], "--n-gram-order has no effect here"),
    (["model.kind=n-gram", "model.positionLimit=2"], "model.positionLimit has no effect here"),
  ])
  func aClassifierSaysWhatItDoesNotRead(_ assignments: [String], _ expected: String) throws {
    var configuration = ClassificationConfiguration()
    for assignment in assignments { try ClassificationConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1)
    #expect(configuration.unreadNotes.first?.hasPrefix(expected) == true, "\(configuration.unreadNotes)")
    // Where it is read, nothing is said.
    let read = [
      "--heads": "multi-head-attention", "--n-gram-order": "n-gram", "model.positionLimit": "position-one-hot",
    ]
    let name = String(expected.prefix { $0 != " " })
    try ClassificationConfiguration.settings.apply("model.kind=\(read[name] ?? "lstm")", to: &configuration)
    #expect(configuration.unreadNotes == [])
  }

  @Test(arguments: [
    (["model.kind=transformer", "model.hiddenSize=64"], "--hidden"),
    (["model.kind=recurrent", "model.headCount=2"], "--heads"),
    (["model.kind=ngram", "model.smoothing=kneser-ney", "model.pseudocount=2"], "--pseudocount"),
    (["tokens.level=bytes", "tokens.wordLimit=100"], "--max-words"),
    (["model.kind=bigram", "training.labelSmoothing=0.1"], "--label-smoothing"),
    (["model.kind=ngram", "model.wordDropout=0.1"], "--word-dropout"),
    (["model.kind=transformer", "model.normStabilizer=1"], "--norm-stabilizer"),
    (["model.kind=transformer", "model.gradientPropagation=1"], "--gradient-propagation"),
  ])
  func aLanguageModelSaysWhatItDoesNotRead(_ assignments: [String], _ option: String) throws {
    var configuration = LanguageConfiguration()
    for assignment in assignments { try LanguageConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1)
    #expect(configuration.unreadNotes.first?.hasPrefix("\(option) has no effect here") == true)
  }

  @Test(arguments: [
    (["model.kind=transformer", "model.cell=lstm"], "--cell"),
    (["model.context=every-step", "model.score=dot"], "--score"),
    (["model.alpha=1.2"], "--alpha"), (["model.localRadius=3"], "--local-radius"),
    (["data.dataset=dates", "data.digits=5"], "--digits"), (["sampling.slope=0.5"], "--sampling-slope"),
    (["tokens.level=words", "tokens.trainer=bpe"], "--trainer"),
  ])
  func aTranslatorSaysWhatItDoesNotRead(_ assignments: [String], _ option: String) throws {
    var configuration = TranslationConfiguration()
    for assignment in assignments { try TranslationConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1)
    #expect(configuration.unreadNotes.first?.hasPrefix("\(option) has no effect here") == true)
  }
}
