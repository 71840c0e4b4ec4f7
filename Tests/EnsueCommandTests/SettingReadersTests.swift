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
    (["model.kind=transformer", "model.norm=none", "model.normKind=rms"], "--norm-kind"),
    (["model.cell=gru", "model.memoryZoneout=0.5"], "--zoneout-cell"),
    (["model.leak=0.5", "model.learnsLeak=true"], "--leak"),
    (["model.kind=transformer", "model.cellActivation=relu"], "--cell-activation"),
    (["model.kind=bigram", "model.peepholes=false"], "--peepholes"),
    (["model.keyHeadCount=2"], "--key-heads"), (["model.feedForwardKind=gated"], "--feed-forward-kind"),
    (["model.kind=ngram", "optimizer.learningRate=0.5"], "--learning-rate"),
    (["model.kind=ngram", "optimizer.kind=sgd"], "--optimizer"),
    (["model.kind=ngram", "optimizer.momentum=0.5"], "optimizer.momentum"),
    (["model.kind=ngram", "schedule.kind=cosine"], "--schedule"),
    (["model.kind=ngram", "schedule.warmUpSteps=5"], "--warmup-steps"),
    (["model.kind=ngram", "training.epochs=7"], "--epochs"), (["model.kind=ngram", "training.batchSize=3"], "--batch"),
    (["model.kind=ngram", "training.maximumSteps=5"], "--max-steps"),
    (["model.kind=ngram", "training.clipNorm=2"], "--clip-norm"),
    (["model.kind=ngram", "training.patience=2"], "--patience"), (["model.kind=ngram", "training.seed=2"], "--seed"),
    (["data.validationPath=other.txt", "data.validationFraction=0.5"], "--validation-fraction"),
    (["samples.length=0", "samples.prompt=the"], "--sample-prompt"),
    (["samples.length=0", "samples.temperature=0.5"], "--sample-temperature"),
    (["model.cell=gru-layer-norm", "model.normalizesLayers=true"], "--layer-norm"),
    (["model.initializerRange=0.1", "model.inputInitializer=uniform"], "model.inputInitializer"),
    (["model.initializerRange=0.1", "model.recurrentInitializer=uniform"], "model.recurrentInitializer"),
    (["model.dropsWholeSequences=true"], "--variational-dropout"),
    (["model.layers=1", "model.connection=residual"], "--connection"),
    (["model.layers=1", "model.connection=skip"], "--connection"),
  ])
  func aLanguageModelSaysWhatItDoesNotRead(_ assignments: [String], _ option: String) throws {
    var configuration = LanguageConfiguration()
    for assignment in assignments { try LanguageConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1)
    #expect(configuration.unreadNotes.first?.hasPrefix("\(option) has no effect here") == true)
  }

  /// What goes with what was set before is read.
  @Test(arguments: [
    ["model.dropsWholeSequences=true", "model.outputDropout=0.1"], ["model.cell=gru", "model.normalizesLayers=true"],
    ["model.connection=residual"], ["model.layers=1", "model.embeddingSize=128", "model.connection=residual"],
    ["data.validationFraction=0.5"], ["model.inputInitializer=uniform"], ["samples.temperature=0.5"],
  ])
  func aLanguageModelSaysNothingOfWhatItReads(_ assignments: [String]) throws {
    var configuration = LanguageConfiguration()
    for assignment in assignments { try LanguageConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes == [])
  }

  @Test(arguments: [
    (["embedding.path=a.txt", "embedding.size=7"], "--embedding-size"),
    (["data.validationPaths=a.tsv", "data.validationFraction=0.5"], "--validation-fraction"),
    (["data.validationPaths=a.tsv", "data.validationSeed=5"], "--validation-seed"),
    (["data.dataset=reviews", "data.validationFraction=0.5"], "--validation-fraction"),
    (["model.cell=lstm-layer-norm", "model.normalizesLayers=true"], "--layer-norm"),
    (["model.dropsWholeSequences=true"], "--variational-dropout"), (["model.connection=residual"], "--connection"),
  ])
  func aClassifierSaysWhatGoesWithNothing(_ assignments: [String], _ option: String) throws {
    var configuration = ClassificationConfiguration()
    for assignment in assignments { try ClassificationConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1)
    #expect(configuration.unreadNotes.first?.hasPrefix("\(option) has no effect here") == true)
  }

  @Test(arguments: [
    ["embedding.path=a.txt,b.txt", "embedding.size=7"], ["data.validationPaths=a.tsv", "data.sampleSize=9"],
    ["data.validationPaths=a.tsv", "data.sampleSize=9", "data.validationSeed=5"],
    ["model.kind=hierarchical", "model.connection=residual"], ["embedding.path=a.txt", "model.connection=residual"],
    ["model.layers=2", "model.connection=skip"], ["model.dropout=0.1", "model.dropsWholeSequences=true"],
  ])
  func aClassifierSaysNothingOfWhatItReads(_ assignments: [String]) throws {
    var configuration = ClassificationConfiguration()
    for assignment in assignments { try ClassificationConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes == [])
  }

  @Test(arguments: [
    (["model.cell=rnn-layer-norm", "model.normalizesLayers=true"], "--layer-norm"),
    (["model.dropsWholeSequences=true"], "--variational-dropout"), (["model.connection=skip"], "--connection"),
  ])
  func aModelOfRollsSaysWhatItDoesNotRead(_ assignments: [String], _ option: String) throws {
    var configuration = RollConfiguration()
    for assignment in assignments { try RollConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1)
    #expect(configuration.unreadNotes.first?.hasPrefix("\(option) has no effect here") == true)
  }

  @Test(arguments: [
    (["model.kind=transformer", "model.cell=lstm"], "--cell"),
    (["model.context=every-step", "model.score=dot"], "--score"),
    (["model.context=jordan", "model.bridge=zeros"], "--bridge"),
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

  /// What is set, the option that nothing reads then, and what has it read.
  private static let unreadOfTranslators: [([String], String, String)] = [
    (["data.dataset=reversal", "data.maximumWords=5"], "--max-words", "data.dataset=files"),
    (["data.dataset=sorting", "data.maximumCharacters=5"], "--max-characters", "data.validationPaths=a.tsv"),
    (["data.dataset=addition", "data.maximumRatio=2"], "--max-ratio", "data.paths=addition.txt"),
    (["data.dataset=dates", "data.header=no"], "--header", "data.testPaths=a.tsv"),
    (["data.paths=a.txt,b.txt", "data.header=no"], "--header", "data.paths=a.tsv"),
    (["data.paths=a.txt,b.txt", "data.quoting=minimal"], "--quoting", "data.validationPaths=a.tsv"),
    (["data.dataset=reversal", "data.encoding=latin1"], "--encoding", "data.testPaths=a.txt,b.txt"),
    (["data.dataset=dates", "data.badBytes=replace"], "--bad-bytes", "data.paths=date.txt"),
    (["data.paths=a.txt,b.txt", "data.trainingPairs=5"], "--training-pairs", "data.dataset=reversal"),
    (["data.dataset=multi30k", "data.validationPairs=5"], "--validation-pairs", "data.dataset=sorting"),
    (
      ["data.paths=a.txt,b.txt", "data.validationPaths=c.txt,d.txt", "data.validationPairs=5"], "--validation-pairs",
      "data.validationPaths=[]"
    ),
    (["data.paths=a.txt,b.txt", "data.testPairs=5"], "--test-pairs", "data.dataset=dates"),
    (["data.dataset=multi30k", "data.seed=5"], "--data-seed", "data.dataset=files"),
    (["data.dataset=addition", "data.paths=addition.txt", "data.digits=2"], "--digits", "data.paths=[]"),
    (["tokens.level=bytes", "tokens.size=300"], "--vocabulary-size", "tokens.level=characters"),
    (["tokens.level=bytes", "tokens.minimumCount=2"], "--min-count", "tokens.level=words"),
    (["model.inputInitializer=orthogonal", "model.initializerRange=0.1"], "model.inputInitializer", "none"),
    (["model.recurrentInitializer=glorot", "model.initializerRange=0.1"], "model.recurrentInitializer", "none"),
    (["model.context=luong", "model.attentionSize=8"], "--attention-size", "model.score=additive"),
    (["model.score=general", "model.attentionSize=8"], "--attention-size", "model.localAttention=predictive"),
    (
      ["sampling.decay=exponential", "sampling.constant=0.5", "sampling.slope=0.5"], "--sampling-slope",
      "sampling.decay=linear"
    ),
    (["sampling.passes=3"], "--sampling-passes", "sampling.decay=inverse-sigmoid"),
    (["model.cell=gru-layer-norm", "model.normalizesLayers=true"], "--layer-norm", "model.cell=gru"),
    (["model.dropout=0", "model.dropsWholeSequences=true"], "--variational-dropout", "model.embeddingDropout=0.1"),
    (["model.connection=skip"], "--connection", "model.layers=2"),
    (["model.context=every-step", "model.connection=residual"], "--connection", "model.encoderHiddenSize=128"),
    (["training.averaging=last"], "--average", "training.averagedCount=2"),
    (
      ["validation.sentences=0", "validation.samples=0", "validation.beam=4"], "--validation-beam",
      "validation.samples=1"
    ),
    (["data.paths=a.txt,b.txt", "test.beam=2"], "--test-beam", "data.testPaths=c.txt,d.txt"),
    (["data.dataset=spelling", "test.lengthPenalty=0"], "--test-length-penalty", "data.dataset=multi30k"),
  ]

  @Test(arguments: unreadOfTranslators)
  func aTranslatorReadsWhatHasAMeaning(_ assignments: [String], _ option: String, _ other: String) throws {
    var configuration = TranslationConfiguration()
    for assignment in assignments { try TranslationConfiguration.settings.apply(assignment, to: &configuration) }
    #expect(configuration.unreadNotes.count == 1, "\(configuration.unreadNotes)")
    #expect(configuration.unreadNotes.first?.hasPrefix("\(option) has no effect here") == true)
    let reading = other == "none" ? "model.initializerRange=none" : other
    try TranslationConfiguration.settings.apply(reading, to: &configuration)
    #expect(configuration.unreadNotes == [], "\(reading)")
  }
}
