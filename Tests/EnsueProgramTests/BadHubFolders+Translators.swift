// Folders of MarianMT that must be refused.

import EnsueFiles
import EnsueTensor

extension HubFolderDraft {
  /// A SentencePiece model of a few letters.
  /// - Parameter type: 1 for unigrams, 2 for byte pairs.
  static func sentencePieceModel(type: UInt8 = 1) -> [UInt8] {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    func piece(_ text: String, _ score: Float, _ kind: UInt8) -> [UInt8] {
      let bits = score.bitPattern
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
      return field(1, field(1, Array(text.utf8)) + [0x15] + bytes + [0x18, kind])
    }
    return piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("</s>", 0, 3) + piece("a", -1, 1) + piece("b", -1.5, 1)
      + piece("\u{2581}", -2, 1) + field(2, [0x18, type]) + field(3, [0x18, 1, 0x20, 1])
  }

  static let marianVocabulary = #"{"</s>": 0, "<unk>": 1, "\u2581": 2, "a": 3, "b": 4, "<pad>": 5}"#

  /// Width 4, two heads, one block a side, six symbols, six places.
  static let marian: HubFolderDraft = {
    func map(_ name: String, _ output: Int, _ input: Int) -> [(String, [Int])] {
      [("\(name).weight", [output, input]), ("\(name).bias", [output])]
    }
    func norm(_ name: String) -> [(String, [Int])] { [("\(name).weight", [4]), ("\(name).bias", [4])] }
    func attention(_ name: String) -> [(String, [Int])] {
      ["q_proj", "k_proj", "v_proj", "out_proj"].flatMap { map("\(name).\($0)", 4, 4) } + norm("\(name)_layer_norm")
    }
    func rest(_ block: String) -> [(String, [Int])] {
      map("\(block)fc1", 8, 4) + map("\(block)fc2", 4, 8) + norm("\(block)final_layer_norm")
    }
    let (encoder, decoder) = ("model.encoder.layers.0.", "model.decoder.layers.0.")
    let tables: [(String, [Int])] = [("final_logits_bias", [1, 6]), ("model.shared.weight", [6, 4])]
    var draft = HubFolderDraft(
      """
      {"model_type": "marian", "vocab_size": 6, "max_position_embeddings": 6, "d_model": 4, "encoder_layers": 1,
       "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 8,
       "decoder_ffn_dim": 8, "activation_function": "swish", "scale_embedding": true, "eos_token_id": 0,
       "pad_token_id": 5, "decoder_start_token_id": 5}
      """,
      tables + attention("\(encoder)self_attn") + rest(encoder) + attention("\(decoder)self_attn")
        + attention("\(decoder)encoder_attn") + rest(decoder), ["vocab.json": marianVocabulary])
    for side in ["source", "target"] { draft.files["\(side).spm"] = .some(sentencePieceModel()) }
    return draft
  }()
}

extension BadHubFolder {
  private static func marian(
    _ name: String, _ kind: Failure.Kind = .data, _ words: String...,
    damage: @escaping @Sendable (inout HubFolderDraft) throws -> Void
  ) -> BadHubFolder {
    BadHubFolder("a translator: \(name)", kind, words: words, of: .marian, damage: damage)
  }

  /// A member of config.json with another value.
  private static func member(_ key: String, _ value: String, _ words: String...) -> BadHubFolder {
    BadHubFolder("a translator: \(key): \(value)", words: ["config.json", key] + words, of: .marian) {
      try $0.set(key, value)
    }
  }

  /// vocab.json with other content.
  private static func vocabulary(_ name: String, _ content: String, _ words: String...) -> BadHubFolder {
    BadHubFolder("a translator: vocab.json: \(name)", words: ["vocab.json"] + words, of: .marian) {
      $0.put(content, "vocab.json")
    }
  }

  static let translators: [BadHubFolder] = [
    member("model_type", #""t5""#, "marian", "found 't5'"),
    member("decoder_attention_heads", "1", "2, as encoder_attention_heads is, expected, found '1'"),
    member("decoder_ffn_dim", "16", "8, as encoder_ffn_dim is"), member("decoder_ffn_dim", "null", "a whole number"),
    member("encoder_layers", "1000000", "from 1 to 1024"), member("decoder_layers", "0", "found '0'"),
    member("d_model", "4.5", "a whole number"), member("max_position_embeddings", "1048576", "from 1 to 16384"),
    member("vocab_size", "-6", "found '-6'"), member("decoder_vocab_size", "7", "6 expected, found '7'"),
    member("eos_token_id", "[0]", "a whole number from 0 to 5"), member("eos_token_id", "6", "from 0 to 5"),
    member("eos_token_id", "5", "another symbol"), member("pad_token_id", "null", "a whole number"),
    member("decoder_start_token_id", "0", "5, the pad_token_id"), member("normalize_before", "true", "false"),
    member("normalize_embedding", "true", "false"), member("add_final_layer_norm", "true", "false"),
    member("static_position_embeddings", "false", "true"), member("is_encoder_decoder", "false", "true"),
    member("activation_function", #""mish""#, "silu", "mish"), member("scale_embedding", "1", "true or false"),
    member("attention_dropout", "1", "a share"), member("quantization_config", "{}", "Quantized weights"),
    marian("heads that do not divide", .data, "headCount", "divides the width 4") {
      try $0.set("encoder_attention_heads", "3")
      try $0.set("decoder_attention_heads", "3")
    },
    marian("layers that are not there", .data, "at least", "weights expected") { try $0.set("decoder_layers", "900") },
    marian("a layer too many", .data, "model.encoder.layers.1.fc1.bias has no place") {
      $0.set(tensor: "model.encoder.layers.1.fc1.bias", [8])
    },
    marian("a weight missing", .data, "model.decoder.layers.0.encoder_attn.k_proj.bias is missing") {
      $0.remove(tensor: "model.decoder.layers.0.encoder_attn.k_proj.bias")
    },
    marian("scores of their own missing", .data, "lm_head.weight is missing") {
      try $0.set("tie_word_embeddings", "false")
    },
    marian("two tables in one", .data, "embed_tokens.weight is missing", "model.shared.weight has no place") {
      try $0.set("share_encoder_decoder_embeddings", "false")
    },
    marian("a bias of another length", .data, "final_logits_bias is [5], the model needs [6]") {
      $0.set(tensor: "final_logits_bias", [1, 5])
    },
    marian("a bias of two rows", .data, "final_logits_bias is [2, 6], the model needs [6]") {
      $0.set(tensor: "final_logits_bias", [2, 6])
    },
    marian("places of another number", .data, "embed_positions.weight is [7, 4], the model needs [6, 4]") {
      $0.set(tensor: "model.encoder.embed_positions.weight", [7, 4])
    },
    marian("NaN", .data, "not finite") { $0.set(tensor: "model.shared.weight", [6, 4], filler: .nan) },
    marian("pickled weights", .data, "python3 -c") {
      $0.tensors = []
      $0.files["pytorch_model.bin"] = [0x50, 0x4B, 3, 4, 0, 0, 8, 8]
    },
    marian("no pieces of the source", .missing, "source.spm") { $0.remove("source.spm") },
    marian("no pieces of the target", .missing, "target.spm") { $0.remove("target.spm") },
    marian("pieces that lead to themselves", .missing, "source.spm") {
      $0.remove("source.spm")
      $0.links["source.spm"] = "source.spm"
    },
    marian("a folder for pieces", .missing, "target.spm", "found a directory") {
      $0.files["target.spm"] = nil
      $0.put("", "target.spm/x")
    },
    marian("pieces in words", .data, "source.spm") { $0.put("pieces", "source.spm") },
    marian("byte pairs", .data, "target.spm", "unigrams") {
      $0.files["target.spm"] = .some(HubFolderDraft.sentencePieceModel(type: 2))
    },
    marian("pieces cut short", .data, "source.spm") {
      $0.files["source.spm"] = .some(Array(HubFolderDraft.sentencePieceModel().dropLast(30)))
    },
    marian("two vocabularies", .data, "tokenizer_config.json", "separate_vocabs: false") {
      $0.put(#"{"separate_vocabs": true}"#, "tokenizer_config.json")
    },
    marian("no vocab.json", .missing, "vocab.json") { $0.remove("vocab.json") },
    vocabulary("an array", "[]", "an object from token to id"),
    vocabulary("a pointer", "version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
    vocabulary("a gap", #"{"</s>": 0, "<unk>": 1, "a": 3, "<pad>": 5}"#, "without a gap"),
    vocabulary("an id twice", #"{"</s>": 0, "<unk>": 0, "<pad>": 1}"#, "each id once"),
    vocabulary("no end", #"{"a": 0, "<unk>": 1, "<pad>": 2}"#, "the eos_token", "'</s>'"),
    vocabulary("no padding", #"{"</s>": 0, "<unk>": 1, "a": 2}"#, "the pad_token", "'<pad>'"),
    vocabulary("no unknown token", #"{"</s>": 0, "a": 1, "<pad>": 2}"#, "the unknown token", "'<unk>'"),
    vocabulary("another model's", #"{"</s>": 0, "<unk>": 1, "a": 2, "<pad>": 3}"#, "the 6 tokens", "found 4"),
    vocabulary(
      "another end", #"{"</s>": 1, "<unk>": 0, "\u2581": 2, "a": 3, "b": 4, "<pad>": 5}"#,
      "config.json's eos_token_id 0 expected, found 1"),
    vocabulary(
      "another padding", #"{"</s>": 0, "<unk>": 1, "\u2581": 2, "a": 3, "b": 5, "<pad>": 4}"#,
      "config.json's pad_token_id 5 expected, found 4"),
  ]
}
