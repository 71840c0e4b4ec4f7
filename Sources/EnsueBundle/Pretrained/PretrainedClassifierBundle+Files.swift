// A classifier as a folder that transformers opens: AutoModelForSequenceClassification.from_pretrained.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension PretrainedClassifierBundle {
  /// Writes config.json, model.safetensors, tokenizer.json, tokenizer_config.json and special_tokens_map.json; each file
  /// appears whole or not at all, config.json last.
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    let names = WeightNames(configuration.family, head: .classification, layerCount: configuration.layerCount)
    let tensors = try model.namedTensors.map { own, tensor in
      guard let name = names.hub(own) else {
        throw Failure(.internal, "a name for \(own) in files of \(configuration.family.rawValue) expected, found none")
      }
      return (name: name, tensor: tensor)
    }
    // transformers refuses a file that does not say whose tensors it holds.
    try SafetensorsWriter.write(
      tensors, metadata: [(key: "format", value: "pt")], to: "\(folder)/model.safetensors")
    try OutputFile.write(tokenizer.json.indented, to: "\(folder)/tokenizer.json")
    let files = try settings.files(
      for: tokenizer, configuration.family.tokenizerStyle.names, maximumLength: maximumLength,
      hasTypes: configuration.typeCount > 1)
    try OutputFile.write(files.configuration.indented, to: "\(folder)/tokenizer_config.json")
    try OutputFile.write(files.tokens.indented, to: "\(folder)/special_tokens_map.json")
    try OutputFile.write(hubConfig.indented, to: "\(folder)/config.json")
  }

  /// config.json: what it was, with the model's sizes and the labels.
  private var hubConfig: JSONValue {
    var object = config
    for (key, value) in configuration.hubFields { object[key] = value }
    object["architectures"] = .array([.string(configuration.family.classifierName)])
    var (names, ids) = (JSONObject(), JSONObject())
    for (id, label) in labels.enumerated() {
      names[String(id)] = .string(label)
      ids[label] = .number(id)
    }
    (object["id2label"], object["label2id"]) = (.object(names), .object(ids))
    object["problem_type"] = .string(problem.rawValue)
    // Labels say their number, but that a lone one is no class is to be seen at once; the weights are written in 32 bits,
    // whatever they came in.
    object["num_labels"] = problem == .regression ? .number(labels.count) : nil
    (object["torch_dtype"], object["dtype"]) = (nil, .string("float32"))
    object[PretrainedClassifierBundle.pairsKey] = readsPairs ? .boolean(true) : nil
    return .object(object)
  }
}

extension EncoderFamilyKind {
  /// transformers' class for its classifiers.
  fileprivate var classifierName: String {
    switch self {
    case .bert: "BertForSequenceClassification"
    case .roberta: "RobertaForSequenceClassification"
    case .xlmRoberta: "XLMRobertaForSequenceClassification"
    case .distilbert: "DistilBertForSequenceClassification"
    case .albert: "AlbertForSequenceClassification"
    case .electra: "ElectraForSequenceClassification"
    }
  }

  /// What the family's tokenizers do beyond their vocabularies.
  var tokenizerStyle: HubTokenizerStyle {
    switch self {
    case .bert, .distilbert, .albert, .electra: .bert
    case .roberta: .roberta
    case .xlmRoberta: .xlmRoberta
    }
  }
}
