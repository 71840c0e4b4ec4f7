// Folders of the Hub that must be refused: what is done to a good one, and what is said.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport

/// A damage and its line.
struct BadHubFolder: Sendable, CustomStringConvertible {
  let description: String
  let kind: Failure.Kind
  let words: [String]
  let draft: @Sendable () throws -> HubFolderDraft
  /// Whether a classifier is asked for, and not a language model.
  let readsClassifier: Bool

  /// - Parameters:
  ///   - words: that the line must contain.
  ///   - base: a good folder.
  init(
    _ name: String, _ kind: Failure.Kind = .data, words: [String], of base: HubFolderDraft,
    damage: @escaping @Sendable (inout HubFolderDraft) throws -> Void
  ) {
    (description, self.kind, self.words) = (name, kind, words)
    readsClassifier = base.config["hidden_act"] != nil
    draft = {
      var draft = base
      try damage(&draft)
      return draft
    }
  }

  init(
    _ name: String, _ kind: Failure.Kind = .data, _ words: String..., of base: HubFolderDraft,
    damage: @escaping @Sendable (inout HubFolderDraft) throws -> Void
  ) {
    self.init(name, kind, words: words, of: base, damage: damage)
  }
}

extension BadHubFolder {
  private static let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n"
  private static let page = "<!DOCTYPE html><html><body>404</body></html>"

  private static func gpt(
    _ name: String, _ words: String..., kind: Failure.Kind = .data,
    damage: @escaping @Sendable (inout HubFolderDraft) throws -> Void
  ) -> BadHubFolder {
    BadHubFolder(name, kind, words: words, of: .gpt2, damage: damage)
  }

  /// A member of config.json with another value.
  private static func member(
    _ key: String, _ value: String, of base: HubFolderDraft = .gpt2, _ words: String...
  ) -> BadHubFolder {
    BadHubFolder("\(key): \(value)", words: ["config.json", key] + words, of: base) { try $0.set(key, value) }
  }

  /// config.json with other content.
  private static func config(_ name: String, _ content: String, _ words: String...) -> BadHubFolder {
    BadHubFolder("config.json: \(name)", words: ["config.json"] + words, of: .gpt2) { $0.put(content, "config.json") }
  }

  static let configurations: [BadHubFolder] = [
    gpt("no config.json", "found no configuration.json", kind: .missing) { $0.remove("config.json") },
    gpt("an adapter", "an adapter", "merge it", kind: .missing) {
      $0.remove("config.json")
      $0.put("{}", "adapter_config.json")
    },
    config("empty", "", "a value expected"), config("cut", #"{"model_type": "gp"#, "the end came"),
    config("a pointer", lfs, "a Git LFS pointer"), config("a page", page, "an HTML page", "fetch the file again"),
    config("an array", "[1]", "an object expected"), config("twice", #"{"a": 1, "a": 2}"#, "'a' appears twice"),
    config("deep", String(repeating: #"{"a":"#, count: 5000), "nesting deeper than 64"),
    config("a byte order mark", "\u{FEFF}{}", "byte order mark"), config("NaN", #"{"n_embd": NaN}"#, "a JSON value"),
    config("no family", #"{"vocab_size": 4}"#, "model_type", "found nothing"),
    member("model_type", "3", "found 3"), member("model_type", #""t5""#, "gpt2", "found 't5'"),
    member("model_type", #""bert""#, "an encoder"), member("model_type", #""gpt2\u001b[2J""#, #"\u{1b}"#),
    member("vocab_size", "4.0", "a whole number"), member("vocab_size", "0", "found '0'"),
    member("vocab_size", "null", "found 'null'"), member("vocab_size", "99999999999999999999", "a whole number"),
    member("n_embd", "1000000000000", "from 1 to 65536"), member("n_layer", "1000000000", "from 1 to 1024"),
    member("n_positions", "-6", "found '-6'"), member("n_inner", "\"16\"", "a whole number"),
    member("activation_function", #""mish""#, "gelu_new", "mish"), member("activation_function", "7", "gelu_new"),
    member("layer_norm_epsilon", "0", "above 0"), member("layer_norm_epsilon", #""1e-5""#, "a number"),
    member("resid_pdrop", "1.5", "a share"), member("attn_pdrop", "true", "a share"),
    member("quantization_config", #"{"bits": 4}"#, "Quantized weights"), member("scale_attn_weights", "false", "true"),
    member("add_cross_attention", "true", "false"), member("tie_word_embeddings", #""yes""#, "true or false"),
    gpt("heads that do not divide", "headCount", "divides the width 4") { try $0.set("n_head", "3") },
    gpt("layers that are not there", "at least", "weights expected") { try $0.set("n_layer", "1000") },
    gpt("places that are not there", "at least", "weights expected") { try $0.set("n_positions", "1048576") },
    member("hidden_size", "7.5", of: .llama, "found '7.5'"), member("head_dim", "5", of: .llama, "4, the hidden_size"),
    member("rope_scaling", #"{"type": "dynamic", "factor": 2}"#, of: .llama, "dynamic", "llama3", "not built"),
    member("rope_scaling", #"{"type": "linear", "factor": "2"}"#, of: .llama, "factor: a number above 0"),
    member("rope_parameters", #"{"rope_type": "llama3", "rope_theta": 5e5}"#, of: .llama, "factor", "found nothing"),
    BadHubFolder("rope_scaling: a factor below 1", words: ["config.json", "rotary.scaling"], of: .llama) {
      try $0.set("rope_scaling", #"{"type": "linear", "factor": 0.5}"#)
    },
    BadHubFolder("rope_scaling: waves the wrong way", words: ["config.json", "low one below the high"], of: .llama) {
      try $0.set(
        "rope_scaling",
        """
        {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 1,
         "original_max_position_embeddings": 8192}
        """)
    },
    member("eos_token_id", #""</s>""#, "an id or up to 16"), member("eos_token_id", "[0, -1]", "an id or up to 16"),
    gpt("generation_config.json: no ids", "generation_config.json", "eos_token_id") {
      $0.put(#"{"eos_token_id": []}"#, "generation_config.json")
    },
    gpt("generation_config.json: an array", "generation_config.json", "an object") {
      $0.put("[1]", "generation_config.json")
    },
    member("rope_parameters", "[]", of: .llama, "an object"), member("rope_theta", "1", of: .llama, "above 1"),
    member("rms_norm_eps", "-1e-6", of: .llama, "above 0"), member("mlp_bias", "true", of: .llama, "as attention_bias"),
    member("hidden_act", #""laplace""#, of: .llama, "laplace"),
    BadHubFolder("key heads that do not divide", .data, "keyHeadCount", of: .llama) {
      try $0.set("num_key_value_heads", "3")
    },
    BadHubFolder("heads of an odd size", .data, "even number", of: .llama) {
      try $0.set("hidden_size", "6")
    },
  ]

  static let weights: [BadHubFolder] = [
    gpt("no weights", "found neither", kind: .missing) { $0.tensors = [] },
    gpt("a zip of pickles", "pytorch_model.bin", "python3 -c", "weights_only=True") {
      $0.tensors = []
      $0.files["pytorch_model.bin"] = [0x50, 0x4B, 3, 4, 0, 0, 8, 8]
    },
    gpt("a pickle", "consolidated.00.pth", "torch.load('consolidated.00.pth'") {
      $0.tensors = []
      $0.files["consolidated.00.pth"] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46]
    },
    gpt("a pickle under another name", "model.safetensors", "python3 -c") {
      $0.files["model.safetensors"] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A]
    },
    gpt("weights of llama.cpp", "a GGUF file") {
      $0.tensors = []
      $0.put("GGUF\u{3}", "tiny.Q4_0.gguf")
    },
    gpt("weights of Keras", "tf_model.h5", "an HDF5 file") {
      $0.tensors = []
      $0.files["tf_model.h5"] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A]
    },
    gpt("pickled shards", "pytorch_model-00001-of-00002.bin", "python3 -c", "glob.glob('pytorch_model-*.bin')") {
      $0.tensors = []
      $0.put("{}", "pytorch_model.bin.index.json")
      for part in 1...2 { $0.files["pytorch_model-0000\(part)-of-00002.bin"] = [0x50, 0x4B, 3, 4, 0, 0, 8, 8] }
    },
    gpt("an index of pickled shards alone", "pytorch_model.bin.index.json", kind: .missing) {
      $0.tensors = []
      $0.put("{}", "pytorch_model.bin.index.json")
    },
    gpt("an adapter's weights", "adapter_model.safetensors", "merge it", kind: .missing) {
      $0.tensors = []
      $0.put("", "adapter_model.safetensors")
    },
    gpt("empty weights", "8 bytes") { $0.put("", "model.safetensors") },
    gpt("cut weights", "cut short") { $0.files["model.safetensors"] = try $0.bytes("model.safetensors").dropLast(9) },
    gpt("bytes appended", "extra bytes") { $0.files["model.safetensors"] = try $0.bytes("model.safetensors") + [0] },
    gpt("a pointer for weights", "git lfs pull") { $0.put(lfs, "model.safetensors") },
    gpt("a page for weights", "an HTML page") { $0.put(page, "model.safetensors") },
    gpt("a header of text", "model.safetensors") { $0.put("12345678" + "{}", "model.safetensors") },
    gpt("a weight missing", "transformer.h.0.ln_1.bias is missing") {
      $0.remove(tensor: "transformer.h.0.ln_1.bias")
      $0.set(tensor: "other", [4])
    },
    gpt("an untied head missing", "found others: lm_head.weight is missing") {
      try $0.set("tie_word_embeddings", "false")
      $0.set(tensor: "filler", [100])
    },
    gpt("most weights missing", "transformer.ln_f.bias is missing", "transformer.h.0.ln_1.weight is missing") { draft in
      for name in draft.tensors.map(\.name) where name.hasSuffix(".bias") { draft.remove(tensor: name) }
      draft.remove(tensor: "transformer.h.0.ln_1.weight")
      draft.set(tensor: "filler", [100])
    },
    gpt("a weight of another shape", "transformer.wpe.weight is [7, 4], the model needs [6, 4]") {
      $0.set(tensor: "transformer.wpe.weight", [7, 4])
    },
    gpt("maps that lie the other way", "c_attn.weight is [12, 4], the model needs [4, 12]") {
      $0.set(tensor: "transformer.h.0.attn.c_attn.weight", [12, 4])
    },
    gpt("a number for a matrix", "is [], the model needs [4]") {
      $0.set(tensor: "transformer.ln_f.bias", [])
      $0.set(tensor: "filler", [100])
    },
    gpt("a layer too many", "transformer.h.1.ln_1.weight has no place") {
      $0.set(tensor: "transformer.h.1.ln_1.weight", [4])
    },
    gpt("a classifier's head", "score.weight has no place") { $0.set(tensor: "score.weight", [2, 4]) },
    gpt("a weight twice", "wte.weight both", "transformer.wte.weight") { $0.set(tensor: "wte.weight", [4, 4]) },
    gpt(
      "everything at once", "ln_f.weight is missing", "transformer.wte.weight is [5, 4]", "extra has no place"
    ) {
      $0.remove(tensor: "transformer.ln_f.weight")
      $0.set(tensor: "transformer.wte.weight", [5, 4])
      $0.set(tensor: "extra", [64])
    },
    gpt("NaN", "transformer.wpe.weight has numbers that are not finite") {
      $0.set(tensor: "transformer.wpe.weight", [6, 4], filler: .nan)
    },
    gpt("infinite", "not finite") { $0.set(tensor: "transformer.h.0.mlp.c_proj.bias", [4], filler: -.infinity) },
    gpt("whole numbers", "F32, F64, F16 or BF16 expected, found I32") { $0.retype("\"F32\"", "\"I32\"") },
    gpt("an unknown type", "unknown dtype 'F33'") { $0.retype("\"F32\"", "\"F33\"") },
    gpt("names a terminal would obey", #"\u{1b}"#) { $0.set(tensor: "\u{1B}[31mred", [4]) },
  ]
}

extension HubFolderDraft {
  /// Other words of the same length in the header of the weights.
  fileprivate mutating func retype(_ before: String, _ after: String) {
    guard let bytes = try? bytes("model.safetensors") else { return }
    let (old, new) = (Array(before.utf8), Array(after.utf8))
    var changed = bytes
    for start in changed.indices.dropLast(old.count) where Array(changed[start..<start + old.count]) == old {
      changed.replaceSubrange(start..<start + old.count, with: new)
    }
    files["model.safetensors"] = changed
  }
}
