// Small folders as the Hub has them, made by code, whole or with any damage.

import EnsueFiles
import EnsueTensor
import Foundation

/// What a folder is to hold.
struct HubFolderDraft {
  var config: JSONObject
  /// Written to model.safetensors; empty for none.
  var tensors: [(name: String, tensor: Tensor)]
  /// Other files, or those in place of the ones above; nil leaves a file out.
  var files: [String: [UInt8]?]
  /// Symbolic links and where they lead.
  var links: [String: String] = [:]

  func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    try OutputFile.write(JSONValue.object(config).indented, to: "\(folder)/config.json")
    if !tensors.isEmpty { try SafetensorsWriter.write(tensors, to: "\(folder)/model.safetensors") }
    for (name, content) in files {
      let path = "\(folder)/\(name)"
      if let content {
        try OutputFile.createDirectory(OutputFile.directory(of: path))
        try Data(content).write(to: URL(fileURLWithPath: path))
      } else if InputFile.exists(path) {
        try FileManager.default.removeItem(atPath: path)
      }
    }
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
    }
  }

  /// The bytes of a file, to be damaged.
  func bytes(_ name: String) throws -> [UInt8] {
    let folder = NSTemporaryDirectory() + "ensue-draft-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(to: folder)
    return try InputFile.contents(of: "\(folder)/\(name)")
  }

  mutating func put(_ text: String, _ name: String) { files[name] = .some(Array(text.utf8)) }

  mutating func remove(_ names: String...) { for name in names { files.updateValue(nil, forKey: name) } }

  mutating func set(_ key: String, _ json: String) throws {
    config[key] = try JSONValue.parse(Array(json.utf8), name: "draft")
  }

  /// Puts another tensor in the place of one, or beside those that are there.
  mutating func set(tensor name: String, _ shape: Shape, filler: Float = 0.1) {
    let tensor = Tensor([Float](repeating: filler, count: shape.count), shape: shape)
    if let index = tensors.firstIndex(where: { $0.name == name }) {
      tensors[index].tensor = tensor
    } else {
      tensors.append((name, tensor))
    }
  }

  mutating func remove(tensor name: String) { tensors.removeAll { $0.name == name } }
}

// MARK: Good folders

extension HubFolderDraft {
  /// - Parameter shapes: of the weights; the numbers follow from their order.
  init(_ config: String, _ shapes: [(String, [Int])], _ files: [String: String]) {
    self.config = (try? JSONValue.parse(Array(config.utf8), name: "draft"))?.objectValue ?? JSONObject()
    tensors = shapes.enumerated().map { index, entry in
      let count = entry.1.reduce(1, *)
      let values = (0..<count).map { Float(($0 * 7 + index * 3) % 11 - 5) / 20 }
      return (name: entry.0, tensor: Tensor(values, shape: Shape(entry.1)))
    }
    self.files = files.mapValues { .some(Array($0.utf8)) }
  }

  /// Byte pairs of a few letters.
  static let tokenizer = """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [{"id": 3, "content": "<|endoftext|>",
     "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}], "normalizer": null,
     "pre_tokenizer": null, "post_processor": null, "decoder": {"type": "Fuse"}, "model": {"type": "BPE",
     "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
     "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
     "vocab": {"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}, "merges": [["a", "b"]]}}
    """

  /// Width 4, two heads, one layer, four symbols, six places.
  static let gpt2 = HubFolderDraft(
    #"{"model_type": "gpt2", "vocab_size": 4, "n_positions": 6, "n_embd": 4, "n_layer": 1, "n_head": 2}"#,
    [
      ("transformer.wte.weight", [4, 4]), ("transformer.wpe.weight", [6, 4]), ("transformer.h.0.ln_1.weight", [4]),
      ("transformer.h.0.ln_1.bias", [4]), ("transformer.h.0.attn.c_attn.weight", [4, 12]),
      ("transformer.h.0.attn.c_attn.bias", [12]), ("transformer.h.0.attn.c_proj.weight", [4, 4]),
      ("transformer.h.0.attn.c_proj.bias", [4]), ("transformer.h.0.ln_2.weight", [4]),
      ("transformer.h.0.ln_2.bias", [4]), ("transformer.h.0.mlp.c_fc.weight", [4, 16]),
      ("transformer.h.0.mlp.c_fc.bias", [16]), ("transformer.h.0.mlp.c_proj.weight", [16, 4]),
      ("transformer.h.0.mlp.c_proj.bias", [4]), ("transformer.ln_f.weight", [4]), ("transformer.ln_f.bias", [4]),
    ], ["tokenizer.json": tokenizer])

  /// Width 8, two heads, one layer, four symbols.
  static let llama = HubFolderDraft(
    """
    {"model_type": "llama", "vocab_size": 4, "max_position_embeddings": 6, "hidden_size": 8, "intermediate_size": 4,
     "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1}
    """,
    [
      ("model.embed_tokens.weight", [4, 8]), ("model.layers.0.input_layernorm.weight", [8]),
      ("model.layers.0.self_attn.q_proj.weight", [8, 8]), ("model.layers.0.self_attn.k_proj.weight", [4, 8]),
      ("model.layers.0.self_attn.v_proj.weight", [4, 8]), ("model.layers.0.self_attn.o_proj.weight", [8, 8]),
      ("model.layers.0.post_attention_layernorm.weight", [8]), ("model.layers.0.mlp.gate_proj.weight", [4, 8]),
      ("model.layers.0.mlp.up_proj.weight", [4, 8]), ("model.layers.0.mlp.down_proj.weight", [8, 4]),
      ("model.norm.weight", [8]), ("lm_head.weight", [4, 8]),
    ], ["tokenizer.json": tokenizer])

  /// A classifier: width 4, two heads, one layer, seven tokens, two labels.
  static let bert: HubFolderDraft = {
    let block = "bert.encoder.layer.0."
    func map(_ name: String, _ output: Int, _ input: Int) -> [(String, [Int])] {
      [("\(name).weight", [output, input]), ("\(name).bias", [output])]
    }
    func norm(_ name: String) -> [(String, [Int])] { [("\(name).weight", [4]), ("\(name).bias", [4])] }
    let embeddings: [(String, [Int])] = [
      ("bert.embeddings.word_embeddings.weight", [7, 4]), ("bert.embeddings.position_embeddings.weight", [9, 4]),
      ("bert.embeddings.token_type_embeddings.weight", [2, 4]),
    ]
    let attention = ["query", "key", "value"].flatMap { map("\(block)attention.self.\($0)", 4, 4) }
    let shapes =
      embeddings + norm("bert.embeddings.LayerNorm") + attention + map("\(block)attention.output.dense", 4, 4)
      + norm("\(block)attention.output.LayerNorm") + map("\(block)intermediate.dense", 8, 4)
      + map("\(block)output.dense", 4, 8) + norm("\(block)output.LayerNorm") + map("bert.pooler.dense", 4, 4)
      + map("classifier", 2, 4)
    return HubFolderDraft(
      """
      {"model_type": "bert", "vocab_size": 7, "max_position_embeddings": 9, "hidden_size": 4, "intermediate_size": 8,
       "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_act": "gelu",
       "id2label": {"0": "bad", "1": "good"}, "label2id": {"bad": 0, "good": 1}}
      """, shapes, ["vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n##b\n"])
  }()
}
