// What any language model needs to be told, besides its weights.

import EnsueLayers
import EnsueFiles
import EnsueTensor

/// A kind of language model with its sizes. A bundle stores it beside the weights.
public enum LanguageModelArchitecture: Sendable, Equatable {
  case recurrent(RecurrentLanguageModelConfiguration)
  case transformer(TransformerLanguageModelConfiguration)
  case bigram(BigramModelConfiguration)
  case ngram(NGramModelConfiguration)

  public var kind: LanguageModelKind {
    switch self {
    case .recurrent: .recurrent
    case .transformer: .transformer
    case .bigram: .bigram
    case .ngram: .ngram
    }
  }

  public var vocabularySize: Int {
    switch self {
    case .recurrent(let configuration): configuration.vocabularySize
    case .transformer(let configuration): configuration.vocabularySize
    case .bigram(let configuration): configuration.vocabularySize
    case .ngram(let configuration): configuration.vocabularySize
    }
  }

  /// Features of its blocks; nil where it is no Transformer.
  public var transformerWidth: Int? {
    switch self {
    case .transformer(let configuration): configuration.transformer.width
    case .recurrent, .bigram, .ngram: nil
    }
  }

  /// As it stands in tables: `LSTM × 2`.
  public var title: String {
    switch self {
    case .recurrent(let configuration): configuration.title
    case .transformer(let configuration): "Transformer × \(configuration.transformer.layerCount)"
    case .bigram: "bigram table"
    case .ngram(let configuration): "\(configuration.order)-gram"
    }
  }

  /// The number of weights, but for small vectors: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    switch self {
    case .recurrent(let configuration): configuration.leastWeightCount
    case .transformer(let configuration): configuration.leastWeightCount
    case .bigram(let configuration): configuration.leastWeightCount
    case .ngram: 0
    }
  }

  /// Numbers that a training step keeps for each symbol it reads, at least.
  public var leastNumbersPerStep: Double {
    switch self {
    case .recurrent(let configuration): configuration.leastNumbersPerStep
    case .transformer(let configuration):
      Double(configuration.transformer.layerCount) * 8 * Double(configuration.transformer.width)
    case .bigram(let configuration): Double(configuration.vocabularySize)
    case .ngram: 0
    }
  }

  /// A model with first values; nil for a kind that is counted (`LanguageModelKind.isTrained`).
  /// - Throws: `Failure` where sizes make no model, or the user's equations of a cell are in error.
  public func makeModel(key: RandomKey) throws(Failure) -> AnyLanguageModel? {
    switch self {
    case .recurrent(let configuration): .recurrent(try RecurrentLanguageModel(configuration, key: key))
    case .transformer(let configuration): .transformer(try TransformerLanguageModel(configuration, key: key))
    case .bigram(let configuration): .bigram(BigramModel(vocabularySize: configuration.vocabularySize))
    case .ngram: nil
    }
  }
}

extension LanguageModelArchitecture: Codable {
  private enum Key: String, CodingKey { case kind, configuration }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .recurrent(let configuration): try container.encode(configuration, forKey: .configuration)
    case .transformer(let configuration): try container.encode(configuration, forKey: .configuration)
    case .bigram(let configuration): try container.encode(configuration, forKey: .configuration)
    case .ngram(let configuration): try container.encode(configuration, forKey: .configuration)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func configuration<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: .configuration) }
    switch try container.decode(LanguageModelKind.self, forKey: .kind) {
    case .recurrent: self = .recurrent(try configuration())
    case .transformer: self = .transformer(try configuration())
    case .bigram: self = .bigram(try configuration())
    case .ngram: self = .ngram(try configuration())
    }
  }
}
