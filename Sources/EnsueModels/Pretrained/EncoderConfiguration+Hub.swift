// An encoder's settings from and to the Hub's config.json.

import EnsueFiles
import EnsueLayers

extension EncoderConfiguration {
  /// Reads a config.json.
  ///
  /// Sizes have to be there; what else is absent has the value that `transformers` gives it. Keys of other things are
  /// not looked at.
  /// - Parameter path: the file, for messages.
  /// - Throws: `Failure` of kind `data` that names the key: a value out of range, or a setting that is not built.
  public init(_ config: JSONObject, path: String) throws(Failure) {
    let fields = ConfigurationFields(config, path: path)
    let names = EncoderFamilyKind.allCases.map(\.rawValue)
    let kind = try fields.text(
      "model_type", "one of \(names.joined(separator: ", "))", EncoderFamilyKind.init(rawValue:))
    let (family, keys) = (kind.family, kind.family.keys)
    for (key, value) in family.onlyValues { try fields.refuse(key, otherThan: value) }
    self.init(kind)
    vocabularySize = try fields.size(keys.vocabularySize)
    width = try fields.size(keys.width)
    embeddingSize = try keys.embeddingSize.map { key throws(Failure) in try fields.size(key) } ?? width
    layerCount = try fields.size(keys.layerCount)
    headCount = try fields.size(keys.headCount)
    feedForwardSize = try fields.size(keys.feedForwardSize)
    activation = try fields.activation(keys.activation) ?? activation
    maximumPositions = try fields.size(keys.maximumPositions)
    // The defaults of every family that has these settings, not those of its base model.
    typeCount = try keys.typeCount.map { key throws(Failure) in try fields.integer(key) ?? 2 } ?? 0
    epsilon = try keys.epsilon.map { key throws(Failure) in try fields.number(key) ?? 1e-12 } ?? epsilon
    dropout = try fields.number(keys.dropout) ?? dropout
    attentionDropout = try fields.number(keys.attentionDropout) ?? attentionDropout
    classifierDropout = try fields.number(keys.classifierDropout) ?? classifierDropout
    paddingID = try fields.integer(keys.paddingID) ?? paddingID
    try check(keys) { Failure(.data, at: path, "\($0): \($1)") }
  }

  /// Refuses a file with weights of more layers than there are to be: without them the model says something else.
  /// - Parameter path: of config.json, for messages.
  package func check(weights names: [String], path: String) throws(Failure) {
    let isShared = family.family.weights.sharesBlock
    let key = isShared ? "num_hidden_groups" : family.family.keys.layerCount
    let expected = WeightNames(family, head: nil, layerCount: layerCount).layerCount(in: names)
    let found = isShared ? 1 : layerCount
    guard expected > found else { return }
    throw Failure(.data, at: path, "\(key): the \(expected) that the weights have expected, found \(found)")
  }

  /// The settings as config.json has them, in its words.
  public var hubFields: [(String, JSONValue)] {
    let keys = family.family.keys
    let fields: [(String?, JSONValue)] = [
      ("model_type", .string(family.rawValue)), (keys.vocabularySize, .number(vocabularySize)),
      (keys.embeddingSize, .number(embeddingSize)), (keys.width, .number(width)),
      (keys.layerCount, .number(layerCount)), (keys.headCount, .number(headCount)),
      (keys.feedForwardSize, .number(feedForwardSize)), (keys.activation, .string(activation.hubName)),
      (keys.maximumPositions, .number(maximumPositions)), (keys.typeCount, .number(typeCount)),
      (keys.epsilon, .number(epsilon)), (keys.dropout, .number(dropout)),
      (keys.attentionDropout, .number(attentionDropout)),
      (keys.classifierDropout, classifierDropout.map { .number($0) } ?? .null), (keys.paddingID, .number(paddingID)),
    ]
    return fields.compactMap { key, value in key.map { ($0, value) } }
  }
}

extension FeedForwardActivationKind {
  /// An activation by the name that `hidden_act` has for it; nil for those that are not built.
  package init?(hubName: String) {
    switch hubName {
    case "gelu", "gelu_python": self = .gelu
    case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": self = .geluTanh
    case "relu": self = .relu
    case "silu", "swish": self = .silu
    default: return nil
    }
  }

  package var hubName: String {
    switch self {
    case .gelu: "gelu"
    case .geluTanh: "gelu_new"
    case .relu: "relu"
    case .silu: "silu"
    }
  }
}
