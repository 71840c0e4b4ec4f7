// GPT-2 (Radford et al., Language models are unsupervised multitask learners, 2019) as transformers' GPT2LMHeadModel
// writes it: learned positions, the norm before every sub-layer, GELU by tanh, scores by the embedding itself.

import EnsueFiles
import EnsueLayers

/// What config.json and the tensors of a GPT-2 mean.
enum GPT2Decoder {
  static func configuration(_ fields: ConfigurationFields) throws(Failure) -> TransformerLanguageModelConfiguration {
    var configuration = TransformerLanguageModelConfiguration()
    configuration.vocabularySize = try fields.size("vocab_size", in: 1...DecoderFamilyKind.vocabularyLimit)
    configuration.contextLength = try fields.size("n_positions", in: 1...DecoderFamilyKind.contextLimit)
    configuration.embeddingDropout = try fields.rate("embd_pdrop", default: 0.1)
    configuration.isTied = try fields.flag("tie_word_embeddings", default: true)
    var blocks = TransformerConfiguration.gpt2
    blocks.width = try fields.size("n_embd", in: 1...DecoderFamilyKind.widthLimit)
    blocks.headCount = try fields.size("n_head", in: 1...DecoderFamilyKind.widthLimit)
    blocks.layerCount = try fields.size("n_layer", in: 1...DecoderFamilyKind.layerLimit)
    blocks.feedForwardSize = try fields.size(
      "n_inner", in: 1...4 * DecoderFamilyKind.widthLimit, default: 4 * blocks.width)
    blocks.activation = try fields.activation("activation_function") ?? .geluTanh
    blocks.dropout = try fields.rate("resid_pdrop", default: 0.1)
    blocks.attentionDropout = try fields.rate("attn_pdrop", default: 0.1)
    blocks.epsilon = try fields.number("layer_norm_epsilon", default: 1e-5)
    configuration.transformer = blocks
    for (key, value) in [
      ("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false),
    ] { try fields.refuse(key, otherThan: .boolean(value)) }
    return configuration
  }

  /// - Parameter isTransposed: whether maps lie as [input, output], as transformers' Conv1D has them.
  static func weights(_ configuration: TransformerLanguageModelConfiguration, isTransposed: Bool = true) -> WeightTable
  {
    var table = WeightTable()
    (table.prefix, table.heads) = ("transformer.", ["lm_head.weight"])
    table.add("wte.weight", "embedding.weight")
    table.add("wpe.weight", "positions.table")
    for layer in 0..<configuration.transformer.layerCount {
      let (theirs, own) = ("h.\(layer).", "encoder.blocks.\(layer).")
      for (norm, name) in [("ln_1", "attentionNorm"), ("ln_2", "feedForwardNorm")] {
        table.add("\(theirs)\(norm).weight", "\(own)\(name).scale")
        table.add("\(theirs)\(norm).bias", "\(own)\(name).shift")
      }
      for (kind, lies) in [("weight", isTransposed), ("bias", false)] {
        // Queries, keys and values are one map.
        table.add(
          "\(theirs)attn.c_attn.\(kind)", "\(own)attention.query.\(kind)", "\(own)attention.key.\(kind)",
          "\(own)attention.value.\(kind)", isTransposed: lies)
        table.add("\(theirs)attn.c_proj.\(kind)", "\(own)attention.output.\(kind)", isTransposed: lies)
        table.add("\(theirs)mlp.c_fc.\(kind)", "\(own)feedForward.inner.\(kind)", isTransposed: lies)
        table.add("\(theirs)mlp.c_proj.\(kind)", "\(own)feedForward.outer.\(kind)", isTransposed: lies)
      }
    }
    table.add("ln_f.weight", "encoder.finalNorm.scale")
    table.add("ln_f.bias", "encoder.finalNorm.shift")
    if !configuration.isTied { table.add("lm_head.weight", "unembedding.weight") }
    let isTied = configuration.isTied
    // Masks of attention follow from the sizes; a tied matrix of scores is the embedding once more.
    table.isIgnored = {
      $0.hasSuffix(".attn.bias") || $0.hasSuffix(".attn.masked_bias") || isTied && $0 == "lm_head.weight"
    }
    return table
  }
}
