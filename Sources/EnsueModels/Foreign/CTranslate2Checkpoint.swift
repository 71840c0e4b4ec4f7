// A Transformer of CTranslate2 (OpenNMT), from that program's own file or from a safetensors file with its names: blocks
// with the norm before, joint maps to queries, keys and values, vectors times √d, places from 1 on with the sines before
// the cosines.

import EnsueFiles
import EnsueLayers
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The content of such a file.
public struct CTranslate2Checkpoint: Sendable {
  private static let sizeLimit = 1 << 24
  private static let layerLimit = 1 << 10
  /// Places that are made; a longer sequence is refused.
  private static let placeCount = 1024

  public let configuration: TransformerTranslatorConfiguration
  public let model: TransformerTranslator

  /// Heads of every model of the base size.
  public static let usualHeadCount = 8

  /// - Parameters:
  ///   - path: CTranslate2's `.bin`, or a safetensors file.
  ///   - headCount: where the file does not say; nil for the usual number.
  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(contentsOf path: String, headCount: Int? = nil) throws {
    if path.hasSuffix(".bin") {
      let file = try CTranslate2File(path)
      try self.init(file, CTranslate2Settings(file.settings(), path: path), headCount: headCount, path: path)
    } else {
      try self.init(
        SafetensorsReader(path), CTranslate2Settings([], path: path), headCount: headCount, path: path)
    }
  }

  private init<Source: WeightSource & ~Copyable>(
    _ reader: borrowing Source, _ settings: CTranslate2Settings, headCount: Int?, path: String
  ) throws {
    if let said = settings.headCount, let headCount, said != headCount {
      throw Failure(.data, at: path, "\(said) heads of attention expected, as the file says, found \(headCount)")
    }
    configuration = try CTranslate2Checkpoint.configuration(
      reader, headCount: settings.headCount ?? headCount ?? CTranslate2Checkpoint.usualHeadCount, path: path)
    let width = configuration.transformer.width
    // Places are made, not read. Nothing is made before the file is known to have the weights that its names ask for.
    let places = Double(2 * CTranslate2Checkpoint.placeCount * width)
    guard configuration.leastWeightCount - places <= Double(reader.elementCount) else {
      throw Failure(
        .data, at: path,
        "at least \(JSONValue.number(configuration.leastWeightCount - places)) weights expected by its names and widths,"
          + " found \(reader.elementCount)")
    }
    var tensors = try NamedTensors(source: path)
    for name in reader.names where !settings.names.contains(name) {
      guard let ours = CTranslate2Names.ours(name) else {
        throw Failure(
          .data, at: path, "tensors of a Transformer with the norm before expected, found \(Failure.shown(name))")
      }
      let tensor = try reader.tensor(name).converted(to: .float32)
      guard tensor.shape.rank > 0, tensor.shape[0].isMultiple(of: ours.count),
        ours.count == 1 || tensor.shape[0] == ours.count * width
      else {
        throw Failure(
          .data, at: path, "\(Failure.shown(name)): \(ours.count * width) rows expected, found \(tensor.shape)")
      }
      let rows = tensor.shape[0] / ours.count
      for (index, part) in ours.enumerated() {
        try tensors.append(
          part, ours.count == 1 ? tensor : tensor.sliced(index * rows..<(index + 1) * rows, axis: 0))
      }
    }
    let table = CTranslate2Checkpoint.places(width: width)
    try tensors.append("sourcePositions.table", table)
    try tensors.append("targetPositions.table", table)
    var model = try TransformerTranslator(configuration, key: RandomKey(seed: 0))
    try model.take(tensors)
    self.model = model
  }

  /// Sizes from the shapes in the header.
  private static func configuration<Source: WeightSource & ~Copyable>(
    _ reader: borrowing Source, headCount: Int, path: String
  ) throws(Failure) -> TransformerTranslatorConfiguration {
    func sizes(_ name: String) throws(Failure) -> [Int] {
      let found = reader.sizes(name) ?? []
      guard found.count == 2, found.allSatisfy({ (1...sizeLimit).contains($0) }) else {
        throw Failure(.data, at: path, "\(name) of two axes expected, found \(Shape.text(found))")
      }
      return found
    }
    let source = try sizes("encoder/embeddings/weight")
    let target = try sizes("decoder/embeddings/weight")
    var blocks = TransformerConfiguration()
    (blocks.width, blocks.headCount) = (source[1], headCount)
    blocks.feedForwardSize = try sizes("encoder/layer_0/ffn/linear_0/weight")[0]
    func layerCount(_ side: String) -> Int {
      (0..<layerLimit).first { reader.sizes("\(side)/layer_\($0)/ffn/linear_0/weight") == nil } ?? layerLimit
    }
    blocks.layerCount = layerCount("encoder")
    (blocks.norm, blocks.hasFinalNorm) = (.pre, true)
    guard blocks.width > 2, blocks.width.isMultiple(of: 2), headCount > 0, blocks.width.isMultiple(of: headCount) else {
      throw Failure(
        .data, at: path, "an even width above 2 that \(headCount) heads divide expected, found \(blocks.width)")
    }
    var configuration = TransformerTranslatorConfiguration()
    (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (source[0], target[0])
    (configuration.transformer, configuration.decoderLayerCount) = (blocks, max(1, layerCount("decoder")))
    (configuration.positions, configuration.contextLength) = (.learned, placeCount)
    (configuration.isTied, configuration.hasOutputBias) = (false, true)
    return configuration
  }

  /// [places, width]: sin(p r_i) in the first half, cos(p r_i) in the second, p from 1, r_i = 10000^(-i / (width/2 - 1)).
  private static func places(width: Int) -> Tensor {
    let half = width / 2
    let rates = (0..<half).map { exp(-log(10_000) / Double(half - 1) * Double($0)) }
    let values = (1...placeCount).flatMap { place in
      rates.map { sin(Double(place) * $0) } + rates.map { cos(Double(place) * $0) }
    }
    return Tensor(values, shape: [placeCount, width]).converted(to: .float32)
  }
}

/// What a file says of its model beside the weights. Each setting is known, or refused by its name.
private struct CTranslate2Settings {
  private static let required: [String: (value: Int, meaning: String)] = [
    "pre_norm": (1, "the norm before"), "activation": (0, "ReLU"), "scale_embeddings": (1, "vectors times √d"),
    "start_from_zero_embedding": (0, "the first symbol's vector as it is"),
    "multi_query_attention": (0, "keys and values of each head"),
  ]
  /// Of several vectors of a symbol, and of what attention shows: nothing that the scores depend on.
  private static let withoutEffect: Set<String> = ["embeddings_merge", "alignment_layer", "alignment_heads"]

  private(set) var names: Set<String> = []
  /// nil where the file does not say.
  private(set) var headCount: Int?

  init(_ settings: [(name: String, value: Int)], path: String) throws(Failure) {
    for (name, value) in settings {
      let parts = name.split(separator: "/").map(String.init)
      let isOfSide = parts.count == 2 && ["encoder", "decoder"].contains(parts[0])
      let setting = isOfSide ? parts[1] : ""
      if setting == "num_heads" {
        if let headCount, headCount != value {
          throw Failure(.data, at: path, "as many heads on both sides expected, found \(headCount) and \(value)")
        }
        headCount = value
      } else if let required = CTranslate2Settings.required[setting] {
        guard value == required.value else {
          throw Failure(
            .data, at: path,
            "\(Failure.shown(name)) of \(required.value) (\(required.meaning)) expected, found \(value)")
        }
      } else if !CTranslate2Settings.withoutEffect.contains(setting) {
        throw Failure(.data, at: path, "settings of a plain Transformer expected, found \(Failure.shown(name))")
      }
      names.insert(name)
    }
  }
}

/// CTranslate2's names of a Transformer's tensors under ours.
enum CTranslate2Names {
  private static let ends = [
    "encoder/embeddings/weight": "embedding.source.weight", "decoder/embeddings/weight": "embedding.target.weight",
    "decoder/projection/weight": "output.weight", "decoder/projection/bias": "output.bias",
    "encoder/layer_norm/gamma": "encoder.finalNorm.scale", "encoder/layer_norm/beta": "encoder.finalNorm.shift",
    "decoder/layer_norm/gamma": "decoder.finalNorm.scale", "decoder/layer_norm/beta": "decoder.finalNorm.shift",
  ]
  private static let norms = ["gamma": "scale", "beta": "shift"]

  /// The parameters that a tensor holds, one after another along its first axis; nil for none.
  static func ours(_ name: String) -> [String]? {
    if let end = ends[name] { return [end] }
    let parts = name.split(separator: "/").map(String.init)
    guard parts.count == 5, ["encoder", "decoder"].contains(parts[0]), parts[1].hasPrefix("layer_"),
      let layer = Int(parts[1].dropFirst("layer_".utf8.count)), let sublayer = sublayer(parts[2], of: parts[0])
    else { return nil }
    let block = "\(parts[0]).blocks.\(layer)."
    if parts[3] == "layer_norm" { return norms[parts[4]].map { ["\(block)\(sublayer)Norm.\($0)"] } }
    guard ["weight", "bias"].contains(parts[4]), let maps = maps(parts[2], parts[3]) else { return nil }
    return maps.map { "\(block)\(sublayer).\($0).\(parts[4])" }
  }

  private static func sublayer(_ name: String, of side: String) -> String? {
    switch (side, name) {
    case ("encoder", "self_attention"): "attention"
    case ("decoder", "self_attention"): "selfAttention"
    case ("decoder", "attention"): "crossAttention"
    case (_, "ffn"): "feedForward"
    case _: nil
    }
  }

  private static func maps(_ sublayer: String, _ map: String) -> [String]? {
    switch (sublayer, map) {
    case ("self_attention", "linear_0"): ["query", "key", "value"]
    case ("self_attention", "linear_1"): ["output"]
    case ("attention", "linear_0"): ["query"]
    case ("attention", "linear_1"): ["key", "value"]
    case ("attention", "linear_2"): ["output"]
    case ("ffn", "linear_0"): ["inner"]
    case ("ffn", "linear_1"): ["outer"]
    case _: nil
    }
  }
}
