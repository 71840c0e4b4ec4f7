// What any translation model needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// A kind of translation model with its sizes. A bundle stores it beside the weights.
public enum TranslationArchitecture: Sendable, Equatable {
  case recurrent(RecurrentTranslatorConfiguration)
  case transformer(TransformerTranslatorConfiguration)

  public var kind: TranslationModelKind {
    switch self {
    case .recurrent: .recurrent
    case .transformer: .transformer
    }
  }

  public var sourceVocabularySize: Int {
    switch self {
    case .recurrent(let configuration): configuration.sourceVocabularySize
    case .transformer(let configuration): configuration.sourceVocabularySize
    }
  }

  public var targetVocabularySize: Int {
    switch self {
    case .recurrent(let configuration): configuration.targetVocabularySize
    case .transformer(let configuration): configuration.targetVocabularySize
    }
  }

  /// Features of its blocks; nil where it is no Transformer.
  public var transformerWidth: Int? {
    switch self {
    case .transformer(let configuration): configuration.transformer.width
    case .recurrent: nil
    }
  }

  /// As it stands in tables: `GRU × 1, bahdanau`.
  public var title: String {
    switch self {
    case .recurrent(let configuration): configuration.title
    case .transformer(let configuration): configuration.title
    }
  }

  /// Whether reading a pair takes memory for every symbol of its source at every symbol of its target.
  public var storesPairs: Bool {
    switch self {
    case .recurrent(let configuration): configuration.context.isAttentive
    case .transformer: false
    }
  }

  /// Symbols of a source, its end among them, that the model has places for; nil where there is no end.
  package var sourceLength: Int? {
    switch self {
    case .recurrent(let configuration):
      let attention = configuration.attention
      return configuration.context.isAttentive && attention.score == .location ? attention.positionCount : nil
    case .transformer(let configuration): return configuration.positions == .learned ? configuration.contextLength : nil
    }
  }

  /// The number of weights, but for small vectors: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    switch self {
    case .recurrent(let configuration): configuration.leastWeightCount
    case .transformer(let configuration): configuration.leastWeightCount
    }
  }

  /// A model with first values.
  /// - Throws: `Failure` where sizes make no model, or the user's equations of a cell are in error.
  public func makeModel(key: RandomKey) throws(Failure) -> AnyTranslationModel {
    switch self {
    case .recurrent(let configuration): .recurrent(try RecurrentTranslator(configuration, key: key))
    case .transformer(let configuration): .transformer(try TransformerTranslator(configuration, key: key))
    }
  }
}

extension TranslationArchitecture: Codable {
  private enum Key: String, CodingKey { case kind, configuration }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .recurrent(let configuration): try container.encode(configuration, forKey: .configuration)
    case .transformer(let configuration): try container.encode(configuration, forKey: .configuration)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(TranslationModelKind.self, forKey: .kind) {
    case .recurrent: self = .recurrent(try container.decode(forKey: .configuration))
    case .transformer: self = .transformer(try container.decode(forKey: .configuration))
    }
  }
}

extension KeyedDecodingContainer {
  fileprivate func decode<Value: Decodable>(forKey key: Key) throws -> Value { try decode(Value.self, forKey: key) }
}
