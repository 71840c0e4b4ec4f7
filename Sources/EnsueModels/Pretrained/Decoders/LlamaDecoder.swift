// Llama (Touvron et al., LLaMA: open and efficient foundation language models, 2023) as transformers' LlamaForCausalLM
// writes it, and Mistral 7B (Jiang et al. 2023), which differs in a sliding window alone: rotary positions by halves,
// norms by the root of the mean square, SwiGLU, grouped keys (Ainslie et al. 2023).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What config.json and the tensors of a Llama mean.
enum LlamaDecoder {
  /// - Parameter keyHeadCount: where config.json has no such member; nil for as many as of queries.
  static func configuration(
    _ fields: ConfigurationFields, keyHeadCount: Int? = nil
  ) throws(Failure) -> TransformerLanguageModelConfiguration {
    var configuration = TransformerLanguageModelConfiguration()
    configuration.vocabularySize = try fields.size("vocab_size", in: 1...DecoderFamilyKind.vocabularyLimit)
    configuration.contextLength = try fields.size("max_position_embeddings", in: 1...DecoderFamilyKind.contextLimit)
    configuration.positions = .rotary
    configuration.isTied = try fields.flag("tie_word_embeddings", default: false)
    var blocks = TransformerConfiguration.llama
    blocks.width = try fields.size("hidden_size", in: 1...DecoderFamilyKind.widthLimit)
    blocks.headCount = try fields.size("num_attention_heads", in: 1...DecoderFamilyKind.widthLimit)
    blocks.keyHeadCount = try fields.size(
      "num_key_value_heads", in: 1...DecoderFamilyKind.widthLimit,
      default: fields.config["num_key_value_heads"] == nil ? keyHeadCount ?? blocks.headCount : blocks.headCount)
    blocks.layerCount = try fields.size("num_hidden_layers", in: 1...DecoderFamilyKind.layerLimit)
    blocks.feedForwardSize = try fields.size("intermediate_size", in: 1...4 * DecoderFamilyKind.widthLimit)
    blocks.activation = try fields.activation("hidden_act") ?? .silu
    blocks.attentionDropout = try fields.rate("attention_dropout", default: 0)
    blocks.epsilon = try fields.number("rms_norm_eps", default: 1e-6)
    blocks.rotary = try rotary(fields)
    let size = blocks.width / blocks.headCount
    guard try fields.size("head_dim", in: 1...DecoderFamilyKind.widthLimit, default: size) == size else {
      throw fields.failure("head_dim", "\(size), the hidden_size by the num_attention_heads,")
    }
    blocks.hasBias = try fields.flag("attention_bias", default: false)
    guard try fields.flag("mlp_bias", default: false) == blocks.hasBias else {
      throw fields.failure("mlp_bias", "\(blocks.hasBias), as attention_bias is,")
    }
    configuration.transformer = blocks
    return configuration
  }

  /// The frequencies, which newer files have in an object of their own.
  private static func rotary(_ fields: ConfigurationFields) throws(Failure) -> RotaryPositions {
    var rotary = RotaryPositions(layout: .halves, base: try fields.number("rope_theta", above: 1, default: 10_000))
    for key in ["rope_scaling", "rope_parameters"] {
      guard let rope = try fields.object(key) else { continue }
      rotary.base = try rope.number("rope_theta", above: 1, default: rotary.base)
      if let scaling = try scaling(rope) { rotary.scaling = scaling }
    }
    return rotary
  }

  private static func scaling(_ rope: ConfigurationFields) throws(Failure) -> RotaryScaling? {
    func number(_ key: String) throws(Failure) -> Double {
      guard rope.value(key) != nil else { throw rope.failure(key, "a number above 0") }
      return try rope.number(key, default: 1)
    }
    let name = rope.value("rope_type") == nil ? "type" : "rope_type"
    switch rope.value(name) ?? .string("default") {
    case .string("default"): return nil
    case .string("linear"): return .linear(factor: try number("factor"))
    case .string("llama3"):
      return .llama3(
        factor: try number("factor"), low: try number("low_freq_factor"), high: try number("high_freq_factor"),
        length: try rope.size("original_max_position_embeddings", in: 1...DecoderFamilyKind.contextLimit))
    case _:
      throw rope.failure(
        name, "default, linear or llama3", advice: "Rotary positions that are stretched otherwise are not built.")
    }
  }

  static func weights(_ configuration: TransformerLanguageModelConfiguration) -> WeightTable {
    let maps = [
      ("self_attn.q_proj", "attention.query"), ("self_attn.k_proj", "attention.key"),
      ("self_attn.v_proj", "attention.value"), ("self_attn.o_proj", "attention.output"),
      ("mlp.gate_proj", "feedForward.inner"), ("mlp.up_proj", "feedForward.factor"),
      ("mlp.down_proj", "feedForward.outer"),
    ]
    var table = WeightTable()
    table.add("model.embed_tokens.weight", "embedding.weight")
    for layer in 0..<configuration.transformer.layerCount {
      let (theirs, own) = ("model.layers.\(layer).", "encoder.blocks.\(layer).")
      table.add("\(theirs)input_layernorm.weight", "\(own)attentionNorm.scale")
      table.add("\(theirs)post_attention_layernorm.weight", "\(own)feedForwardNorm.scale")
      for (their, map) in maps {
        table.add("\(theirs)\(their).weight", "\(own)\(map).weight")
        if configuration.transformer.hasBias { table.add("\(theirs)\(their).bias", "\(own)\(map).bias") }
      }
    }
    table.add("model.norm.weight", "encoder.finalNorm.scale")
    if !configuration.isTied { table.add("lm_head.weight", "unembedding.weight") }
    let isTied = configuration.isTied
    // Frequencies follow from the base; a tied matrix of scores is the embedding once more.
    table.isIgnored = { $0.hasSuffix(".rotary_emb.inv_freq") || isTied && $0 == "lm_head.weight" }
    return table
  }
}
