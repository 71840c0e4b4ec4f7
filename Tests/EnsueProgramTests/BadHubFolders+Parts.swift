// Folders of the Hub that must be refused: shards, tokenizers, classifiers, sentence encoders.

import EnsueFiles
import EnsueTensor
import Foundation

extension BadHubFolder {
  private static func index(_ map: String) -> String { #"{"metadata": {"total_size": 4}, "weight_map": {\#(map)}}"# }

  /// A folder with an index in the place of its weights.
  private static func shards(
    _ name: String, _ kind: Failure.Kind = .data, _ words: String..., index content: String,
    damage: @escaping @Sendable (inout HubFolderDraft) throws -> Void = { _ in }
  ) -> BadHubFolder {
    let draft: @Sendable (inout HubFolderDraft) throws -> Void = { draft in
      let whole = try draft.bytes("model.safetensors")
      draft.files["a.safetensors"] = whole
      draft.files["b.safetensors"] = whole
      draft.tensors = []
      draft.put(content, "model.safetensors.index.json")
      try damage(&draft)
    }
    return BadHubFolder("an index: \(name)", kind, words: words, of: .gpt2, damage: draft)
  }

  /// A path that a shard must not have.
  private static func path(_ name: String) -> BadHubFolder {
    shards("the shard \(name)", .data, "in the same folder expected", index: index(#""a": "\#(name)""#))
  }

  static let indexes: [BadHubFolder] = [
    shards("empty", .data, "a value expected", index: ""), shards("without a map", .data, "weight_map", index: "{}"),
    shards("an empty map", .data, "weight_map", index: index("")),
    shards("a number for a file", .data, "'a'", "found a number", index: index(#""a": 1"#)),
    shards("a name twice", .data, "appears twice", index: index(#""a": "a.safetensors", "a": "b.safetensors""#)),
    path("../a.safetensors"), path("/etc/a.safetensors"), path("sub/a.safetensors"), path(".a.safetensors"),
    path(#"..\\a.safetensors"#), path(#"a\u0000.safetensors"#), path(#"a\n.safetensors"#), path("pytorch_model.bin"),
    path("model.safetensors.index.json"), path(""), path(String(repeating: "a", count: 300) + ".safetensors"),
    shards(
      "too many files", .data, "at most 512 files",
      index: index((0..<600).map { #""\#($0)": "\#($0).safetensors""# }.joined(separator: ","))),
    shards("a file that is missing", .missing, "gone.safetensors", index: index(#""a": "gone.safetensors""#)),
    shards("a link to itself", .missing, "loop.safetensors", index: index(#""a": "loop.safetensors""#)) {
      $0.links["loop.safetensors"] = "loop.safetensors"
    },
    shards("a folder for a file", .missing, "found a directory", index: index(#""a": "folder.safetensors""#)) {
      $0.put("", "folder.safetensors/x")
    },
    shards("a shard that is a pickle", .data, "c.safetensors", "python3 -c", index: index(#""a": "c.safetensors""#)) {
      $0.files["c.safetensors"] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]
    },
    shards(
      "a pickle whose name is a command", .data, "torch.load('pytorch_model.bin'",
      index: index(#""a": "x');evil('.safetensors""#)
    ) {
      $0.files["x');evil('.safetensors"] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]
    },
    shards("a shard that is cut", .data, "a.safetensors", "cut short", index: index(#""a": "a.safetensors""#)) {
      $0.files["a.safetensors"] = try $0.bytes("a.safetensors").dropLast(4)
    },
    shards(
      "what a shard lacks", .data, "no 'c1' in a.safetensors", "and 1 more",
      index: index((1...5).map { #""c\#($0)": "a.safetensors""# }.joined(separator: ","))),
    shards(
      "a weight in two files", .data, "in a.safetensors and in b.safetensors",
      index: index(#""transformer.ln_f.bias": "a.safetensors", "transformer.ln_f.weight": "b.safetensors""#)),
  ]

  private static func tokenizer(
    _ name: String, _ kind: Failure.Kind = .data, _ words: String..., of base: HubFolderDraft = .gpt2,
    files: [String: String?]
  ) -> BadHubFolder {
    BadHubFolder("a tokenizer: \(name)", kind, words: words, of: base) { draft in
      for (file, content) in files {
        if let content { draft.put(content, file) } else { draft.remove(file) }
      }
    }
  }

  private static let pairs = #"{"a": 0, "b": 1, "ab": 2}"#

  static let tokenizers: [BadHubFolder] = [
    tokenizer("none", .missing, "a tokenizer", "found none", files: ["tokenizer.json": nil]),
    tokenizer("a pointer", .data, "Git LFS", files: ["tokenizer.json": "version https://git-lfs.github.com/spec/v1"]),
    tokenizer("cut", .data, "tokenizer.json@", files: ["tokenizer.json": String(HubFolderDraft.tokenizer.dropLast(9))]),
    tokenizer("an unknown model", .data, "model", files: ["tokenizer.json": #"{"model": {"type": "Neural"}}"#]),
    BadHubFolder("a tokenizer: more ids than the embedding", .data, "at most the 3 tokens", "found 4", of: .gpt2) {
      try $0.set("vocab_size", "3")
      $0.set(tensor: "transformer.wte.weight", [3, 4])
    },
    tokenizer("no merges", .missing, "merges.txt", files: ["tokenizer.json": nil, "vocab.json": pairs]),
    tokenizer(
      "ids with a gap", .data, "without a gap",
      files: ["tokenizer.json": nil, "vocab.json": #"{"a": 0, "b": 7}"#, "merges.txt": ""]),
    tokenizer(
      "half a merge", .data, "merges.txt:2",
      files: ["tokenizer.json": nil, "vocab.json": pairs, "merges.txt": "a b\nab\n"]),
    tokenizer(
      "a merge into nothing", .data, "merge",
      files: ["tokenizer.json": nil, "vocab.json": pairs, "merges.txt": "b a\n"]),
    tokenizer(
      "no SentencePiece model", .data, "tokenizer.model", of: .llama,
      files: ["tokenizer.json": nil, "tokenizer.model": "pieces"]),
    tokenizer(
      "SentencePiece for a GPT-2", .data, "AutoTokenizer", files: ["tokenizer.json": nil, "tokenizer.model": "\n"]),
    tokenizer("settings as an array", .data, "an object expected", files: ["tokenizer_config.json": "[]"]),
    tokenizer(
      "no <s> for a RoBERTa", .data, "cls_token '<s>'", of: .bert,
      files: ["vocab.txt": nil, "vocab.json": pairs, "merges.txt": "a b\n", "config.json": roberta]),
    tokenizer("no unknown token", .data, "vocab.txt", "'[UNK]'", of: .bert, files: ["vocab.txt": "[CLS]\n[SEP]\na\n"]),
    tokenizer("a token twice", .data, "'a' again", of: .bert, files: ["vocab.txt": "[UNK]\na\na\n"]),
    tokenizer("not UTF-8", .data, "vocab.txt", of: .bert, files: ["vocab.txt": "\u{FFFD}"]),
    tokenizer(
      "a length in words", .data, "model_max_length", of: .bert,
      files: ["tokenizer_config.json": #"{"model_max_length": "long"}"#]),
    tokenizer(
      "a length below 1", .data, "model_max_length", of: .bert,
      files: ["tokenizer_config.json": #"{"model_max_length": -3}"#]),
    tokenizer(
      "no room for a token", .configuration, "more than the 3 tokens", of: .bert,
      files: ["tokenizer_config.json": #"{"model_max_length": 3}"#]),
    tokenizer(
      "a flag in words", .data, "do_lower_case", of: .bert,
      files: ["tokenizer_config.json": #"{"do_lower_case": "no"}"#]),
    tokenizer(
      "a special token as a number", .data, "cls_token", of: .bert,
      files: ["special_tokens_map.json": #"{"cls_token": 2}"#]),
    tokenizer(
      "a special token without content", .data, "sep_token", of: .bert,
      files: ["special_tokens_map.json": #"{"sep_token": {}}"#]),
  ]

  private static let roberta = """
    {"model_type": "roberta", "vocab_size": 7, "max_position_embeddings": 9, "hidden_size": 4, "intermediate_size": 8,
     "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_act": "gelu", "id2label": {"0": "a", "1": "b"}}
    """

  private static func labels(_ name: String, _ words: String..., json: [String: String]) -> BadHubFolder {
    BadHubFolder("labels: \(name)", .data, words: ["config.json"] + words, of: .bert) { draft in
      for (key, value) in json { try draft.set(key, value) }
    }
  }

  private static func sentences(
    _ name: String, _ kind: Failure.Kind = .data, _ words: String..., modules: String,
    files: [String: String] = ["1_Pooling/config.json": #"{"pooling_mode_mean_tokens": true}"#]
  ) -> BadHubFolder {
    BadHubFolder("sentences: \(name)", kind, words: words, of: .bert) { draft in
      draft.put(modules, "modules.json")
      for (file, content) in files { draft.put(content, file) }
    }
  }

  private static func module(_ path: String, _ type: String) -> String {
    #"{"idx": 0, "name": "0", "path": "\#(path)", "type": "sentence_transformers.models.\#(type)"}"#
  }
  private static let modules = "[\(module("", "Transformer")), \(module("1_Pooling", "Pooling"))]"

  static let classifiers: [BadHubFolder] = [
    labels("none", "id2label", "trained first", json: ["id2label": "null", "label2id": "null"]),
    labels("an array", "found an array", json: ["id2label": #"["bad", "good"]"#]),
    labels("with a gap", "without a gap", json: ["id2label": #"{"0": "bad", "2": "good"}"#]),
    labels("ids with zeros", "without a gap", "'01'", json: ["id2label": #"{"0": "bad", "01": "good"}"#]),
    labels("twice the same", "'bad' again", json: ["id2label": #"{"0": "bad", "1": "bad"}"#]),
    labels("numbers", "a string", json: ["id2label": #"{"0": 0, "1": 1}"#]),
    labels("two tables that do not agree", "label2id", json: ["label2id": #"{"bad": 1, "good": 0}"#]),
    labels("another number", "num_labels: 2", json: ["num_labels": "3"]),
    labels("no number", "num_labels", json: ["num_labels": "-1", "id2label": "null"]),
    labels("a problem", "problem_type", "'sorting'", json: ["problem_type": #""sorting""#]),
    labels("a language model", "an encoder", json: ["model_type": #""gpt2""#]),
    BadHubFolder(
      "labels: more than the head has", .data, "classifier.weight is [2, 4], the model needs [3, 4]", of: .bert
    ) {
      try $0.set("id2label", #"{"0": "bad", "1": "good", "2": "so"}"#)
      try $0.set("label2id", "null")
    },
    BadHubFolder("no head", .data, "classifier.weight is missing", "classifier.bias is missing", of: .bert) {
      $0.remove(tensor: "classifier.weight")
      $0.remove(tensor: "classifier.bias")
    },
    BadHubFolder("a tokenizer of another model", .data, "at most the 7 tokens", "found 8", of: .bert) {
      $0.put("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n##b\nc\n", "vocab.txt")
    },
    BadHubFolder(
      "a tokenizer with a type too many", .data, "tokenizer.json", "type_id from 0 to 1", "found 2", of: .bert
    ) {
      $0.remove("vocab.txt")
      let template = #"""
        {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 2}}],
         "special_tokens": {}}
        """#
      $0.put(
        HubFolderDraft.tokenizer.replacingOccurrences(
          of: #""post_processor": null"#, with: #""post_processor": \#(template)"#), "tokenizer.json")
    },
    BadHubFolder("a layer beyond the last", .data, "config.json", "num_hidden_layers: the 2", "found 1", of: .bert) {
      $0.set(tensor: "bert.encoder.layer.1.output.dense.bias", [4])
    },
    sentences("no modules", .data, "modules.json", modules: "[]"),
    sentences(
      "a map between", .data, "'sentence_transformers.models.Dense'",
      modules: "[\(module("", "Dense")), \(module("1", "Pooling"))]"),
    sentences(
      "another order", .data, "found Pooling, Transformer",
      modules: "[\(module("1_Pooling", "Pooling")), \(module("", "Transformer"))]"),
    sentences(
      "a path out", .data, "a folder beside it",
      modules: "[\(module("", "Transformer")), \(module("../1_Pooling", "Pooling"))]"),
    sentences(
      "a path from the root", .data, "a folder beside it",
      modules: "[\(module("", "Transformer")), \(module("/etc", "Pooling"))]"),
    sentences("no pooling", .missing, "1_Pooling/config.json", modules: modules, files: [:]),
    sentences(
      "a pooling that is not built", .data, "pooling_mode_cls_token", "found 'pooling_mode_sum'", modules: modules,
      files: ["1_Pooling/config.json": #"{"pooling_mode_sum": true}"#]),
    sentences(
      "two poolings that do not agree", .data, "pooling_mode 'max'", modules: modules,
      files: ["1_Pooling/config.json": #"{"pooling_mode_mean_tokens": true, "pooling_mode": "max"}"#]),
    sentences(
      "a prompt that is not there", .data, "config_sentence_transformers.json", "default_prompt_name",
      modules: modules,
      files: [
        "1_Pooling/config.json": #"{"pooling_mode_cls_token": true}"#,
        "config_sentence_transformers.json": #"{"default_prompt_name": "query", "prompts": {"passage": "p: "}}"#,
      ]),
    sentences(
      "a prompt that is left out", .data, "include_prompt: true", modules: modules,
      files: [
        "1_Pooling/config.json": #"{"pooling_mode_mean_tokens": true, "include_prompt": false}"#,
        "config_sentence_transformers.json": #"{"default_prompt_name": "query", "prompts": {"query": "q: "}}"#,
      ]),
    sentences(
      "a length below 0", .data, "max_seq_length", modules: modules,
      files: [
        "1_Pooling/config.json": #"{"pooling_mode_cls_token": true}"#,
        "sentence_bert_config.json": #"{"max_seq_length": -1}"#,
      ]),
  ]
}
