// MarianMT (Junczys-Dowmunt et al., Marian: fast neural machine translation in C++, 2018) as transformers'
// MarianMTModel writes it: the Transformer of Vaswani et al. (2017), the norm after every sub-layer, sinusoids with the
// sines before the cosines, one table of vectors for both sides and the scores unless config.json says otherwise.

import EnsueFiles
import EnsueLayers
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What config.json and the tensors of a MarianMT mean.
enum MarianTranslator {
  /// Places are made, not read, so that no file bounds them.
  private static let placeLimit = 1 << 14
  static let biasName = "final_logits_bias"

  static func configuration(_ fields: ConfigurationFields) throws(Failure) -> PretrainedTranslatorConfiguration {
    for (key, value) in [
      ("normalize_before", false), ("normalize_embedding", false), ("add_final_layer_norm", false),
      ("static_position_embeddings", true), ("is_encoder_decoder", true), ("is_decoder", false),
    ] { try fields.refuse(key, otherThan: .boolean(value)) }
    let vocabularySize = try fields.size("vocab_size", in: 1...DecoderFamilyKind.vocabularyLimit)
    try fields.refuse("decoder_vocab_size", otherThan: .number(vocabularySize))
    var transformer = TransformerTranslatorConfiguration()
    (transformer.sourceVocabularySize, transformer.targetVocabularySize) = (vocabularySize, vocabularySize)
    transformer.contextLength = try fields.size("max_position_embeddings", in: 1...placeLimit)
    transformer.positions = .learned
    transformer.scalesEmbeddings = try fields.flag("scale_embedding", default: false)
    transformer.embeddingDropout = try fields.rate("dropout", default: 0.1)
    transformer.sharesEmbeddings = try fields.flag("share_encoder_decoder_embeddings", default: true)
    transformer.isTied = try fields.flag("tie_word_embeddings", default: true)
    transformer.hasOutputBias = true
    transformer.transformer = try blocks(fields)
    transformer.decoderLayerCount = try fields.size("decoder_layers", in: 1...DecoderFamilyKind.layerLimit)
    var configuration = PretrainedTranslatorConfiguration()
    configuration.transformer = transformer
    let padding = try fields.size("pad_token_id", in: 0...vocabularySize - 1)
    guard try fields.size("decoder_start_token_id", in: 0...vocabularySize - 1, default: padding) == padding else {
      throw fields.failure("decoder_start_token_id", "\(padding), the pad_token_id,")
    }
    configuration.beginID = Int32(padding)
    configuration.endID = Int32(try fields.size("eos_token_id", in: 0...vocabularySize - 1))
    guard configuration.endID != configuration.beginID else {
      throw fields.failure("eos_token_id", "another symbol than the pad_token_id")
    }
    return configuration
  }

  /// The encoder's blocks; the decoder's are like them.
  private static func blocks(_ fields: ConfigurationFields) throws(Failure) -> TransformerConfiguration {
    func both(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int {
      let size = try fields.size("encoder_\(name)", in: range)
      guard try fields.size("decoder_\(name)", in: range) == size else {
        throw fields.failure("decoder_\(name)", "\(size), as encoder_\(name) is,")
      }
      return size
    }
    var blocks = TransformerConfiguration()
    blocks.width = try fields.size("d_model", in: 1...DecoderFamilyKind.widthLimit)
    blocks.headCount = try both("attention_heads", in: 1...DecoderFamilyKind.widthLimit)
    blocks.layerCount = try fields.size("encoder_layers", in: 1...DecoderFamilyKind.layerLimit)
    blocks.feedForwardSize = try both("ffn_dim", in: 1...4 * DecoderFamilyKind.widthLimit)
    blocks.activation = try fields.activation("activation_function") ?? .gelu
    (blocks.norm, blocks.hasFinalNorm) = (.post, false)
    blocks.dropout = try fields.rate("dropout", default: 0.1)
    blocks.attentionDropout = try fields.rate("attention_dropout", default: 0)
    blocks.feedForwardDropout = try fields.rate("activation_dropout", default: 0)
    return blocks
  }

  static func weights(_ configuration: TransformerTranslatorConfiguration) -> WeightTable {
    var table = WeightTable()
    if configuration.sharesEmbeddings {
      table.add("model.shared.weight", "embedding.source.weight")
    } else {
      table.add("model.encoder.embed_tokens.weight", "embedding.source.weight")
      table.add("model.decoder.embed_tokens.weight", "embedding.target.weight")
    }
    for (side, own) in placeNames { table.add(side, own) }
    for layer in 0..<configuration.encoderBlocks.layerCount {
      add(["self_attn": "attention"], of: "encoder", layer, &table)
    }
    for layer in 0..<configuration.decoderBlocks.layerCount {
      add(["self_attn": "selfAttention", "encoder_attn": "crossAttention"], of: "decoder", layer, &table)
    }
    if !configuration.isTied { table.add("lm_head.weight", "output.weight") }
    table.add(biasName, "output.bias")
    let (isShared, isTied) = (configuration.sharesEmbeddings, configuration.isTied)
    // The table of both sides may lie in the file once more under each of its names.
    table.isIgnored = {
      isTied && $0 == "lm_head.weight"
        || isShared && ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"].contains($0)
    }
    return table
  }

  /// A block of a side.
  /// - Parameter attentions: their names and ours.
  private static func add(
    _ attentions: KeyValuePairs<String, String>, of side: String, _ layer: Int, _ table: inout WeightTable
  ) {
    let (theirs, own) = ("model.\(side).layers.\(layer).", "\(side).blocks.\(layer).")
    var maps = [("fc1", "feedForward.inner"), ("fc2", "feedForward.outer")]
    var norms = [("final_layer_norm", "feedForwardNorm")]
    for (attention, ours) in attentions {
      for (map, name) in [("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value"), ("out_proj", "output")] {
        maps.append(("\(attention).\(map)", "\(ours).\(name)"))
      }
      norms.append(("\(attention)_layer_norm", "\(ours)Norm"))
    }
    for (map, name) in maps {
      for kind in ["weight", "bias"] { table.add("\(theirs)\(map).\(kind)", "\(own)\(name).\(kind)") }
    }
    for (norm, name) in norms {
      table.add("\(theirs)\(norm).weight", "\(own)\(name).scale")
      table.add("\(theirs)\(norm).bias", "\(own)\(name).shift")
    }
  }

  /// Tables of places, by their names and ours.
  static let placeNames = [
    ("model.encoder.embed_positions.weight", "sourcePositions.table"),
    ("model.decoder.embed_positions.weight", "targetPositions.table"),
  ]

  /// The numbers of both tables of places.
  static func placeWeightCount(_ configuration: TransformerTranslatorConfiguration) -> Double {
    2 * Double(configuration.contextLength) * Double(configuration.transformer.width)
  }

  /// [places, width]: sin(p / w_i) in the first half, cos(p / w_i) in the second, p from 0, w_i = 10000^(2 i / width).
  static func places(_ configuration: TransformerTranslatorConfiguration) -> Tensor {
    let (count, width) = (configuration.contextLength, configuration.transformer.width)
    let waves = (0..<(width + 1) / 2).map { pow(10_000, 2 * Double($0) / Double(width)) }
    let values = (0..<count).flatMap { place in
      waves.map { sin(Double(place) / $0) } + waves.prefix(width / 2).map { cos(Double(place) / $0) }
    }
    return Tensor(values, shape: [count, width]).converted(to: .float32)
  }
}

/// The weights of a folder with those that it may leave out, since they follow from the sizes: places, a bias of zeros.
struct MarianWeights: WeightSource, ~Copyable {
  private let folder: WeightFolder
  private let made: [String: Tensor]
  let names: [String]

  init(_ folder: consuming WeightFolder, _ configuration: TransformerTranslatorConfiguration) {
    let present = folder.names
    let places = MarianTranslator.places(configuration)
    var made = [MarianTranslator.biasName: Tensor.zeros([configuration.targetVocabularySize])]
    for (name, _) in MarianTranslator.placeNames { made[name] = places }
    for name in present { made[name] = nil }
    (self.made, names) = (made, present + made.keys.sorted())
    self.folder = folder
  }

  var source: String { folder.source }
  var elementCount: Int { made.values.reduce(folder.elementCount) { $0 + $1.count } }

  func sizes(_ name: String) -> [Int]? {
    if let tensor = made[name] { return tensor.shape.sizes }
    guard let sizes = folder.sizes(name) else { return nil }
    // The bias lies in the file as a row.
    return name == MarianTranslator.biasName && sizes.count == 2 && sizes[0] == 1 ? [sizes[1]] : sizes
  }

  func tensor(_ name: String) throws -> Tensor {
    if let tensor = made[name] { return tensor }
    let tensor = try folder.tensor(name)
    return name == MarianTranslator.biasName ? tensor.reshaped([tensor.count]) : tensor
  }
}
