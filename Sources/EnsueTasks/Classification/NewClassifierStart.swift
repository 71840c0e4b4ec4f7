// From files to ids and first weights: everything that is done to the data before a classifier is trained that is made for
// it.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueText
import EnsueTraining

extension ClassificationConfiguration {
  /// Refuses sentences longer than the model has places for, unless they were asked to be cut.
  fileprivate func checkLengths(of splits: DataSplits, _ encoder: SentenceEncoder) throws(Failure) {
    guard let longest = model.longestSentence else { return }
    if let kept = text.maximumLength {
      guard kept > longest else { return }
      throw Failure(
        .configuration, at: "text.maximumLength",
        "at most the \(longest) tokens that the model has places for expected, found \(kept)",
        advice: "Choose --maximum-positions \(kept), or "
          + (model.kind.hasAttentiveBlocks ? "sinusoidal --positions." : "another --attention-score."))
    }
    for part in splits.parts {
      let found = part.examples.lazy.map { encoder.encode($0.text).tokenCount }.max() ?? 0
      guard found > longest else { continue }
      throw Failure(
        .configuration, at: "model.maximumPositions",
        "places for the longest sentence of \(part.name), \(found) tokens, expected, found \(longest)",
        advice: "Choose --maximum-positions \(found), or cut sentences with --maximum-length \(longest).")
    }
  }
}

/// A classifier whose vocabulary and sizes come from the data.
struct NewClassifierStart: ClassifierStart {
  let data: ClassificationData
  private let encoder: SentenceEncoder
  private let architecture: ClassifierConfiguration
  /// The first values of the tables of word vectors; none for random ones.
  private let embeddings: [Tensor]

  init(_ configuration: ClassificationConfiguration) throws {
    var notes: [String] = []
    let splits = try configuration.data.request().load()
    let vocabulary = try NewClassifierStart.vocabulary(of: splits.training, configuration.text, &notes)
    let encoder = SentenceEncoder(
      tokenizerKind: configuration.text.tokenizer, lowercases: configuration.text.lowercases,
      maximumLength: configuration.text.maximumLength ?? configuration.model.longestSentence,
      splitsSentences: configuration.model.kind.readsSentences, vocabulary: vocabulary)
    try configuration.checkLengths(of: splits, encoder)
    embeddings = try NewClassifierStart.embeddings(configuration, vocabulary, &notes)
    if configuration.model.kind == .nGram {
      notes.append(NewClassifierStart.collisions(splits.training, encoder, configuration.model))
    }
    // The limit is of a text, the lengths are of pairs.
    let readsPairs = configuration.model.kind.readsPairs
    if readsPairs, let limit = encoder.maximumLength {
      notes += NewClassifierStart.cuts(in: splits, to: limit, encoder)
    }
    data = ClassificationData(splits, notes: notes, limit: readsPairs ? nil : encoder.maximumLength) {
      encoder.encode($0)
    }
    var architecture = configuration.model
    (architecture.classCount, architecture.vocabularySize) = (splits.labels.count, vocabulary.count)
    let widths = embeddings.map { $0.shape[1] }
    if widths.count > 1 {
      architecture.embeddingSizes = widths
    } else if let width = widths.first {
      architecture.embeddingSize = width
    }
    (self.encoder, self.architecture) = (encoder, architecture)
  }

  var parts: [RunDataPart] { data.splits.runParts }
  var leastWeightCount: Double { architecture.leastWeightCount }
  var transformerWidth: Int? {
    architecture.kind.hasAttentiveBlocks ? architecture.width ?? architecture.embeddingSize : nil
  }

  func makeModel(key: RandomKey) throws -> AnyTextClassifier {
    AnyTextClassifier(try architecture.kind.makeClassifier(architecture, embeddings: embeddings, key: key))
  }

  func rates(of model: AnyTextClassifier) -> ParameterRates { .equal }

  func bundle(of model: AnyTextClassifier) -> any TextClassifierBundle {
    ClassifierBundle(labels: data.splits.labels, encoder: encoder, architecture: architecture, model: model.base)
  }

  private static func vocabulary(
    of dataset: LabelledDataset, _ text: TextConfiguration, _ notes: inout [String]
  ) throws -> Vocabulary {
    let tokenizer = text.tokenizer.makeTokenizer(lowercase: text.lowercases)
    var builder = Vocabulary.Builder()
    for example in dataset.examples {
      builder.add(contentsOf: tokenizer.tokens(in: example.text))
      if let pair = example.pair { builder.add(contentsOf: tokenizer.tokens(in: pair)) }
    }
    let vocabulary = try builder.build(minimumCount: text.minimumCount, sizeLimit: text.vocabularyLimit)
    notes.append("vocabulary: \(vocabulary.report)")
    return vocabulary
  }

  /// How many pairs have a text that is cut, a line for each part with such.
  private static func cuts(in splits: DataSplits, to limit: Int, _ encoder: SentenceEncoder) -> [String] {
    splits.parts.compactMap { part in
      let count = part.examples.count { encoder.encode($0.content).isCut }
      return count == 0 ? nil : "\(part.name): \(count) pairs have a text longer than \(limit) tokens, which is cut"
    }
  }

  /// How many n-grams of the training data share their weights.
  private static func collisions(
    _ dataset: LabelledDataset, _ encoder: SentenceEncoder, _ model: ClassifierConfiguration
  ) -> String {
    var distinct = Set<UInt64>()
    for example in dataset.examples {
      distinct.formUnion(SentenceFeatures.runs(of: encoder.encode(example.text).ids, order: model.nGramOrder))
    }
    let used = Set(distinct.map { $0 % UInt64(model.nGramBuckets) }).count
    return "n-grams: \(distinct.count) distinct in \(model.nGramBuckets) buckets, \(distinct.count - used) meet another"
  }

  private static func embeddings(
    _ configuration: ClassificationConfiguration, _ vocabulary: Vocabulary, _ notes: inout [String]
  ) throws -> [Tensor] {
    let paths = configuration.embedding.paths
    guard configuration.model.kind.hasEmbedding else {
      notes += paths.map {
        "the classifier \(configuration.model.kind.rawValue) uses no word vectors: \($0) is not read"
      }
      return []
    }
    guard !paths.isEmpty else {
      guard configuration.model.trainsEmbedding else {
        throw Failure(
          .configuration, at: "embedding.isTrained", "word vectors that are not trained must come from a file",
          advice: "Name it with --embeddings.")
      }
      return []
    }
    let key = RandomKey(seed: UInt64(configuration.training.seed)).derived("vectors")
    return try paths.enumerated().map { index, path in
      let vectors = try WordVectors(
        contentsOf: path, options: WordVectorOptions(format: configuration.embedding.format))
      notes.append("word vectors: \(vectors.report)")
      notes.append("word vectors: \(Coverage(of: vocabulary, by: vectors))")
      // One file alone has the key itself.
      return table(vocabulary, vectors, index == 0 ? key : key.derived(index))
    }
  }

  /// Known words get their vectors; the others, the unknown word among them, are uniform with the known ones' spread.
  private static func table(_ vocabulary: Vocabulary, _ vectors: WordVectors, _ key: RandomKey) -> Tensor {
    let width = vectors.dimension
    let deviation = spread(of: vectors)
    var values = Tensor.uniform(
      [vocabulary.count, width], in: -deviation * 1.732...deviation * 1.732, key: key
    ).floats
    for id in 0..<vocabulary.count {
      if id == Vocabulary.paddingID {
        for column in 0..<width { values[column] = 0 }
      } else if id != Vocabulary.unknownID, let vector = vectors.vector(of: vocabulary[id]) {
        values.replaceSubrange(id * width..<(id + 1) * width, with: vector)
      }
    }
    return Tensor(values, shape: [vocabulary.count, width])
  }

  /// The standard deviation of the vectors' numbers, at most 0.25 so that unknown words begin quietly.
  private static func spread(of vectors: WordVectors) -> Double {
    let squares = vectors.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    return min(0.25, (squares / Double(max(1, vectors.values.count))).squareRoot())
  }
}
