// A translation model's bundle to and from its folder. Nothing in a bundle is believed before it is checked.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension TranslationBundle {
  static let formatVersion = 1

  /// Writes the folder; each file appears whole or not at all, the configuration last.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    for side in TranslationSide.sides(isJoint: codecs.isJoint) {
      guard case .subwords(let tokenizer) = side.codec(of: codecs).codec else { continue }
      try OutputFile.write(tokenizer.json.indented, to: "\(folder)/\(side.tokenizerFile)")
    }
    try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/model.safetensors")
    var object: JSONObject = [
      "format": .number(TranslationBundle.formatVersion), "task": .string(BundleTaskKind.translate.rawValue),
      "joint": .boolean(codecs.isJoint), "readsSourceEnd": .boolean(codecs.readsSourceEnd),
    ]
    if let lengths = codecs.fixedLengths {
      object["fixedLengths"] = .object([
        "source": .number(lengths.source), "padding": .number(Int(lengths.paddingID)),
        "target": .number(lengths.target),
      ])
    }
    for side in TranslationSide.sides(isJoint: codecs.isJoint) { object[side.key] = side.json(codecs) }
    object["architecture"] = try BundleFields.encoded(architecture.withEquations(), name: "architecture")
    try OutputFile.write(JSONValue.object(object).indented, to: "\(folder)/configuration.json")
  }

  /// Loads a bundle.
  /// - Parameter path: the bundle's folder, a run folder that holds one under `bundle`, or a model's folder as the Hub
  ///   has it.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(contentsOf path: String) throws {
    if PretrainedFolder.isOne(path) {
      self = try PretrainedFolder(path).translationBundle()
      return
    }
    let folder = try BundleFolder.find(path)
    let header = try TranslationHeader(folder: folder)
    let weights = "\(folder)/model.safetensors"
    let reader = try SafetensorsReader(weights)
    // Before memory is taken for a model: its weights must be in the file.
    for table in header.tables where reader.sizes(table.name) != table.sizes {
      let found = reader.sizes(table.name).map { "\($0)" } ?? "none"
      throw Failure(.data, at: weights, "\(table.name) of shape \(table.sizes) expected, found \(found)")
    }
    try reader.require(elements: header.architecture.leastWeightCount)
    try reader.verifyDigest()
    var model = try header.blankModel()
    try model.load(reader, path: weights)
    self.init(codecs: header.codecs, architecture: header.architecture, model: model)
  }
}

/// A side of the model in its bundle.
enum TranslationSide: CaseIterable {
  case both
  case source
  case target

  static func sides(isJoint: Bool) -> [TranslationSide] { isJoint ? [.both] : [.source, .target] }

  /// The key of the configuration.
  var key: String {
    switch self {
    case .both: "symbols"
    case .source: "source"
    case .target: "target"
    }
  }

  var tokenizerFile: String {
    switch self {
    case .both: "tokenizer.json"
    case .source: "tokenizer.source.json"
    case .target: "tokenizer.target.json"
    }
  }

  func codec(of codecs: TranslationCodecs) -> SequenceCodec {
    switch self {
    case .both, .target: codecs.target
    case .source: codecs.source
    }
  }

  /// `{"codec": …, "begin": 8001, "end": 8000}`
  func json(_ codecs: TranslationCodecs) -> JSONValue {
    let codec = codec(of: codecs)
    return .object([
      "codec": codec.codec.json, "begin": .number(Int(codec.beginID)), "end": .number(Int(codec.endID)),
    ])
  }

  /// Reads what `json` gives.
  func codec(_ json: JSONValue, folder: String, file: String) throws -> SequenceCodec {
    guard let object = json.objectValue, let value = object["codec"] else {
      throw Failure(.data, at: file, "\(key): an object with a codec expected, found \(json.kindName)")
    }
    let codec = try TokenCodec(json: value, place: "\(file): \(key)") {
      try SubwordTokenizer(contentsOf: "\(folder)/\(tokenizerFile)")
    }
    let ends = try ["begin", "end"].map { name in
      // No more than two symbols beyond the codec's own.
      guard let id = object[name]?.integerValue, 0...codec.vocabularySize + 1 ~= id else {
        throw Failure(
          .data, at: file,
          "\(key): a symbol from 0 to \(codec.vocabularySize + 1) as \(name) expected, found"
            + " \(object[name].map { Failure.shown("\($0)") } ?? "none")")
      }
      return Int32(id)
    }
    return SequenceCodec(codec, beginID: ends[0], endID: ends[1])
  }
}
