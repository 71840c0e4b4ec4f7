// A language model's bundle to and from its folder. Nothing in a bundle is believed before it is checked.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension LanguageModelBundle {
  static let formatVersion = 2
  static let task = BundleTaskKind.language

  /// Writes the folder; each file appears whole or not at all, the configuration last.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    if case .subwords(let tokenizer) = codec {
      try OutputFile.write(tokenizer.json.indented, to: "\(folder)/tokenizer.json")
    }
    switch model {
    case .recurrent, .transformer, .bigram:
      try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/model.safetensors")
    case .ngram(let counted): try counted.write(to: "\(folder)/model.ngram")
    }
    var fields: JSONObject = [
      "format": .number(LanguageModelBundle.formatVersion), "task": .string(LanguageModelBundle.task.rawValue),
      "codec": codec.json,
      "architecture": try BundleFields.encoded(architecture.withEquations(), name: "architecture"),
    ]
    if !beginning.isEmpty { fields["beginning"] = .array(beginning.map { .number(Int($0)) }) }
    if endIDs != codec.endIDs { fields["ends"] = .array(endIDs.map { .number(Int($0)) }) }
    try OutputFile.write(JSONValue.object(fields).indented, to: "\(folder)/configuration.json")
  }

  /// Loads a bundle.
  /// - Parameters:
  ///   - path: the bundle's folder, a run folder that holds one under `bundle`, or a model's folder as the Hub has it.
  ///   - precision: of a model that is only run; nil for one to train or to write. Fewer bits than 32 are of
  ///     Transformers alone.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file, or `configuration` for the precision.
  public init(contentsOf path: String, precision: WeightPrecisionKind? = nil) throws {
    if PretrainedFolder.isOne(path) {
      self = try PretrainedFolder(path).languageModelBundle(precision)
      return
    }
    let folder = try BundleFolder.find(path)
    let header = try LanguageModelHeader(folder: folder)
    if !header.architecture.kind.isTrained {
      try WeightPrecisionKind.require(full: precision, of: header.architecture.title, at: folder)
    }
    let model =
      try header.architecture.kind.isTrained
      ? LanguageModelBundle.trained(header, folder, precision) : .ngram(LanguageModelBundle.counted(header, folder))
    self.init(
      codec: header.codec, architecture: header.architecture, model: model, beginning: header.beginning,
      endIDs: header.endIDs)
  }

  /// The weights of a trained model.
  private static func trained(
    _ header: LanguageModelHeader, _ folder: String, _ precision: WeightPrecisionKind?
  ) throws -> AnyLanguageModel {
    let weights = "\(folder)/model.safetensors"
    let reader = try SafetensorsReader(weights)
    // Before memory is taken for a model: its weights must be in the file.
    let table = header.table
    guard reader.sizes(table.name) == table.sizes else {
      let found = reader.sizes(table.name).map { "\($0)" } ?? "none"
      throw Failure(.data, at: weights, "\(table.name) of shape \(table.sizes) expected, found \(found)")
    }
    try reader.require(elements: header.architecture.leastWeightCount)
    try reader.verifyDigest()
    var model = try header.blankModel(precision)
    try model.load(reader, path: weights)
    return model
  }

  /// The counts of an n-gram model.
  private static func counted(_ header: LanguageModelHeader, _ folder: String) throws -> NGramModel {
    let file = "\(folder)/model.ngram"
    let model = try NGramModel(contentsOf: file)
    guard case .ngram(let configuration) = header.architecture, model.vocabularySize == configuration.vocabularySize,
      model.order == configuration.order
    else {
      throw Failure(
        .data, at: file,
        "counts of \(header.architecture.title) over \(header.architecture.vocabularySize) symbols expected,"
          + " found order \(model.order) over \(model.vocabularySize)")
    }
    return model
  }
}
