// The recipes are configurations of their tasks, with the numbers that make them those of their sources.

import EnsueFiles
import EnsueTasks
import Testing

@Suite struct RecipeTests {
  /// Of every recipe the settings that define it. Rates and clipping of PTB are those of Zaremba et al. (2014) with the
  /// loss as a mean over the steps of a segment: 1 × 20 and 5 / 20, 1 × 35 and 5 / 35; 1 / 1.2 is their decay.
  private static let recipes: [String: String] = [
    "dates": """
    data.dataset=dates data.trainingPairs=20000 data.validationPairs=1000 data.testPairs=1000 tokens.level=characters
    model.kind=recurrent model.cell=gru model.context=bahdanau model.layers=1 model.embeddingSize=32
    model.hiddenSize=128 model.encoderHiddenSize=64 optimizer.kind=adam optimizer.learningRate=0.003
    training.epochs=8 training.batchSize=64 training.clipNorm=1 training.metric=exact-match
    """,
    "jsb-chorales": """
    data.transposition=5 model.cell=lstm model.hiddenSize=256 model.dropout=0.5 optimizer.learningRate=0.002
    training.epochs=300 training.batchSize=16 training.patience=40
    """,
    "mr-bilstm": """
    data.dataset=mr data.validationFraction=0.1 text.tokenizer=whitespace embedding.path=["glove.6B.50d.txt"]
    model.kind=bilstm model.pooling=max model.dropout=0.5 optimizer.learningRate=0.0005 training.batchSize=32
    """,
    "mr-transformer": """
    data.dataset=mr data.validationFraction=0.1 text.tokenizer=whitespace embedding.path=["glove.6B.50d.txt"]
    model.kind=transformer model.layers=3 model.headCount=5 model.dropout=0.1 optimizer.learningRate=0.0005
    training.batchSize=32
    """,
    "multi30k-bahdanau": """
    data.dataset=multi30k data.source=de data.target=en data.form=raw tokens.level=subwords tokens.size=8000
    tokens.trainer=sentencepiece-bpe tokens.joint=true model.kind=recurrent model.cell=gru model.context=bahdanau
    model.layers=1 model.embeddingSize=256 model.hiddenSize=512 model.encoderHiddenSize=256 model.dropout=0.3
    model.tied=true model.sharesEmbeddings=true optimizer.learningRate=0.001 schedule.kind=reduce-on-plateau
    training.epochs=9 training.maximumSteps=3740 training.batchSize=64 training.labelSmoothing=0.1
    training.averagedCount=1 test.beam=5 test.lengthPenalty=1
    """,
    "multi30k-luong": """
    data.dataset=multi30k data.source=de data.target=en tokens.level=subwords tokens.size=8000 tokens.joint=true
    model.kind=recurrent model.cell=lstm model.context=luong model.score=general model.feedsInput=true
    model.bridge=tanh model.layers=1 model.embeddingSize=256 model.hiddenSize=512 model.encoderHiddenSize=256
    model.dropout=0.3 model.tied=false optimizer.learningRate=0.001 schedule.kind=reduce-on-plateau
    training.epochs=9 training.batchSize=64 training.labelSmoothing=0.1 test.beam=5 test.lengthPenalty=1
    """,
    "multi30k-transformer": """
    data.dataset=multi30k data.source=de data.target=en tokens.level=subwords tokens.size=8000 tokens.joint=true
    model.kind=transformer model.layers=3 model.width=256 model.headCount=4 model.feedForwardSize=1024
    model.dropout=0.3 model.norm=pre model.positions=sinusoidal model.tied=true optimizer.learningRate=0.001
    optimizer.beta2=0.98 optimizer.epsilon=1e-9 schedule.kind=inverse-square-root schedule.warmUpSteps=1000
    training.epochs=20 training.unit=words training.batchSize=2048 training.labelSmoothing=0.1
    training.averagedCount=5 test.beam=5 test.lengthPenalty=1
    """,
    "ptb-medium": """
    tokens.level=words model.kind=recurrent model.cell=lstm model.layers=2 model.hiddenSize=650
    model.embeddingSize=650 model.dropout=0.5 model.tied=null model.initializerRange=0.05 model.forgetBias=0
    optimizer.kind=sgd optimizer.learningRate=35 schedule.kind=epoch-decay schedule.holdEpochs=6
    schedule.ratio=0.8333333333333334 training.epochs=39 training.batchSize=20 training.steps=35
    training.clipNorm=0.14285714285714285 training.patience=39
    """,
    "ptb-small": """
    tokens.level=words model.kind=recurrent model.cell=lstm model.layers=2 model.hiddenSize=200
    model.embeddingSize=200 model.dropout=0 model.tied=null model.initializerRange=0.1 model.forgetBias=0
    optimizer.kind=sgd optimizer.learningRate=20 schedule.kind=epoch-decay schedule.holdEpochs=4 schedule.ratio=0.5
    training.epochs=13 training.batchSize=20 training.steps=20 training.clipNorm=0.25 training.patience=13
    """,
    "reversal": """
    data.dataset=reversal data.trainingPairs=10000 data.validationPairs=500 data.testPairs=1000 data.shortest=3
    data.longest=12 data.symbols=26 tokens.level=words tokens.joint=true model.kind=recurrent model.cell=gru
    model.context=bahdanau model.layers=1 model.embeddingSize=32 model.hiddenSize=128 model.encoderHiddenSize=64
    optimizer.learningRate=0.003 training.epochs=10 training.batchSize=32 training.clipNorm=1
    """,
    "shakespeare-gpt": """
    data.validationFraction=0.1 tokens.level=characters model.kind=transformer model.layers=4 model.headCount=4
    model.width=128 model.contextLength=64 model.dropout=0 model.activation=gelu model.hasBias=false
    optimizer.kind=adamw optimizer.learningRate=0.001 optimizer.beta1=0.9 optimizer.beta2=0.99
    optimizer.weightDecay=0.1 optimizer.decaysVectors=false schedule.kind=cosine schedule.warmUpSteps=100
    schedule.decaySteps=1900 schedule.minimumShare=0.1 training.maximumSteps=2000 training.validationInterval=250
    training.batchSize=12 training.windows=sampled training.clipNorm=1
    """,
    "shakespeare-lstm": """
    data.validationFraction=0.1 tokens.level=characters model.kind=recurrent model.cell=lstm model.layers=2
    model.hiddenSize=128 model.embeddingSize=64 model.dropout=0 optimizer.kind=adam optimizer.learningRate=0.002
    training.epochs=50 training.batchSize=50 training.steps=50 training.clipNorm=5
    """,
    "transformer-base": """
    data.dataset=mr text.tokenizer=whitespace embedding.size=512 model.kind=transformer model.layers=6
    model.headCount=8 model.feedForwardSize=2048 model.dropout=0.1 model.positions=sinusoidal model.norm=post
    optimizer.learningRate=0.0001 training.batchSize=32
    """,
    "wikitext-2-bpe": """
    tokens.level=subwords tokens.tokenizer=tokenizer.json model.kind=transformer model.layers=6 model.headCount=8
    model.width=256 model.contextLength=256 model.dropout=0.2 model.activation=gelu optimizer.kind=adamw
    optimizer.learningRate=0.0006 optimizer.beta2=0.99 optimizer.weightDecay=0.1 optimizer.decaysVectors=false
    schedule.kind=cosine schedule.warmUpSteps=200 schedule.minimumShare=0.1 training.epochs=10
    training.batchSize=16 training.clipNorm=1
    """,
  ]

  /// The settings of a recipe over the defaults, by their paths.
  private static func read<Configuration: RunConfiguration>(
    _: Configuration.Type, _ json: JSONValue, _ file: String
  ) throws -> (String) -> JSONValue? {
    var configuration = Configuration()
    try Configuration.apply(json, to: &configuration, file: file)
    let resolved = configuration
    return { Configuration.settings.setting(at: $0)?.get(resolved) }
  }

  private static func settings(_ file: String) throws -> (String) -> JSONValue? {
    let json = try SettingsFile.contents(of: file)
    let task = try #require(json.objectValue?["task"]?.stringValue, "\(file) names no task")
    switch task {
    case LanguageConfiguration.task: return try read(LanguageConfiguration.self, json, file)
    case TranslationConfiguration.task: return try read(TranslationConfiguration.self, json, file)
    case ClassificationConfiguration.task: return try read(ClassificationConfiguration.self, json, file)
    case RollConfiguration.task: return try read(RollConfiguration.self, json, file)
    default: throw Failure(.data, at: file, "a task expected, found \(task)")
    }
  }

  private static let folder = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Configurations"

  @Test func everyRecipeIsPinned() throws {
    let names = try InputFile.names(in: RecipeTests.folder).filter { $0.hasSuffix(".json") }
    #expect(names == RecipeTests.recipes.keys.map { "\($0).json" }.sorted())
  }

  @Test(arguments: recipes.keys.sorted()) func numbersAreThoseOfTheSource(_ name: String) throws {
    let settings = try RecipeTests.settings("\(RecipeTests.folder)/\(name).json")
    for pin in try #require(RecipeTests.recipes[name]).split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let parts = pin.split(separator: "=").map(String.init)
      let value = try #require(settings(parts[0]), "\(parts[0]) is no setting")
      let isEqual =
        switch value {
        case .number: value.doubleValue == Double(parts[1])
        case .string(let text): text == parts[1]
        case .boolean, .null, .array, .object: value.description == parts[1]
        }
      #expect(isEqual, "\(pin), found \(value)")
    }
  }
}
