// The checked content of a translation bundle's configuration.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// Codecs and architecture as a bundle's folder has them.
struct TranslationHeader {
  let codecs: TranslationCodecs
  let architecture: TranslationArchitecture
  private let file: String

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  init(folder: String) throws {
    let fields = try BundleFields(folder: folder, task: .translate, format: TranslationBundle.formatVersion)
    let file = fields.file
    let isJoint: Bool = try fields.member("joint", "true or false") { $0.booleanValue }
    let sides = try TranslationSide.sides(isJoint: isJoint).map { side in
      try side.codec(try fields.member(side.key, "the symbols of a side") { $0 }, folder: folder, file: file)
    }
    codecs = TranslationCodecs(
      source: sides[0], target: sides[sides.count - 1], isJoint: isJoint,
      readsSourceEnd: try fields.member("readsSourceEnd", "true or false") { $0.booleanValue },
      fixedLengths: try TranslationHeader.fixedLengths(fields, padding: sides[0]))
    architecture = try fields.decoded("architecture", "an architecture", as: TranslationArchitecture.self)
      .withoutKnownEquations()
    self.file = file
    for (name, codec, size) in [
      ("source", codecs.source, architecture.sourceVocabularySize),
      ("target", codecs.target, architecture.targetVocabularySize),
    ] where codec.vocabularySize != size {
      throw Failure(
        .data, at: file,
        "architecture: \(codec.vocabularySize) \(name) symbols, as the codec has, expected, found \(size)")
    }
    guard architecture.isPlausible else {
      throw Failure(.data, at: file, "architecture: sizes and rates that make a model expected")
    }
  }

  /// nil where the bundle has none: the model writes an end.
  private static func fixedLengths(
    _ fields: BundleFields, padding: SequenceCodec
  ) throws -> TranslationCodecs.FixedLengths? {
    guard fields.has("fixedLengths") else { return nil }
    let limit = TranslationCodecs.FixedLengths.limit
    let what = "source, padding and target, numbers of symbols to \(limit),"
    let lengths: TranslationCodecs.FixedLengths = try fields.member("fixedLengths", what) { json in
      guard let object = json.objectValue, let source = object["source"]?.integerValue,
        let paddingID = object["padding"]?.integerValue, let target = object["target"]?.integerValue,
        (1...limit).contains(source), (1...limit).contains(target), 0..<padding.vocabularySize ~= paddingID
      else { return nil }
      return TranslationCodecs.FixedLengths(source: source, paddingID: Int32(paddingID), target: target)
    }
    return lengths
  }

  /// The names and shapes of the tables that must be in the file of weights.
  var tables: [(name: String, sizes: [Int])] {
    let (width, isShared) =
      switch architecture {
      case .recurrent(let configuration): (configuration.embeddingSize, configuration.sharesEmbeddings)
      case .transformer(let configuration): (configuration.transformer.width, configuration.sharesEmbeddings)
      }
    let source = (name: "embedding.source.weight", sizes: [architecture.sourceVocabularySize, width])
    let target = (name: "embedding.target.weight", sizes: [architecture.targetVocabularySize, width])
    return isShared ? [source] : [source, target]
  }

  /// A model with the cheapest first values: they are overwritten.
  func blankModel() throws -> AnyTranslationModel {
    var blank = architecture
    if case .recurrent(var configuration) = architecture {
      (configuration.inputInitializer, configuration.recurrentInitializer) = (.uniform, .uniform)
      configuration.initializerRange = nil
      blank = .recurrent(configuration)
    }
    do {
      return try blank.makeModel(key: RandomKey(seed: 0))
    } catch {
      throw Failure(.data, at: file, "architecture: \(error.place): \(error.problem)", advice: error.advice)
    }
  }
}

extension TranslationArchitecture {
  /// Whether every size is within what Ensue builds.
  fileprivate var isPlausible: Bool {
    let symbols = 1...(1 << 24)
    guard symbols.contains(sourceVocabularySize), symbols.contains(targetVocabularySize) else { return false }
    return switch self {
    case .recurrent(let configuration): configuration.isPlausible
    case .transformer(let configuration): configuration.isPlausible
    }
  }
}

extension RecurrentTranslatorConfiguration {
  fileprivate var isPlausible: Bool {
    let sizes = [
      embeddingSize, hiddenSize, encoderHiddenSize ?? 1, readoutSize ?? 1, attentionSize ?? 1,
    ]
    return sizes.allSatisfy((1...65_536).contains) && (1...64).contains(encoderLayerCount)
      && (1...64).contains(decoderLayerCount) && (1...100_000).contains(localRadius)
      && EntmaxDistribution.alphas.contains(alpha) && forgetBias.isFinite && (initializerRange ?? 1).isFinite
      && (try? check()) != nil
  }
}

extension TransformerTranslatorConfiguration {
  fileprivate var isPlausible: Bool {
    (1...65_536).contains(transformer.width) && (1...65_536).contains(transformer.feedForwardSize)
      && (1...64).contains(transformer.layerCount) && (1...64).contains(decoderLayerCount ?? 1)
      && (1...(1 << 20)).contains(contextLength) && (try? check()) != nil
  }
}
