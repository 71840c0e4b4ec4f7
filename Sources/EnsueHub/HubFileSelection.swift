// Which files of a repository are pulled.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A choice among a repository's files.
public enum HubFileSelection: Sendable {
  /// What a model needs to run: configuration, tokenizer, one format of weights, README.
  case usual
  /// Those that match one of the patterns of a shell; `*` matches `/` too.
  case matching([String])

  /// Names, and patterns of a shell.
  private static let usualPatterns = [
    "config.json", "generation_config.json", "README.md", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", "spiece.model",
    "sentencepiece.bpe.model", "tokenizer.model", "source.spm", "target.spm", "chat_template.jinja", "modules.json",
    "sentence_bert_config.json", "config_sentence_transformers.json",
    // The modules of a sentence encoder; its Transformer may lie in a folder of its own.
    "[0-9]_*/*.json", "[0-9]_*/*.txt", "[0-9]_*/*.model", "[0-9]_*/*.safetensors",
  ]

  /// Files that transformers asks for, so that a cache should say of them that they do not exist.
  static let askedFor = [
    "adapter_config.json", "added_tokens.json", "chat_template.jinja", "config.json", "generation_config.json",
    "merges.txt", "model.safetensors", "model.safetensors.index.json", "special_tokens_map.json", "tokenizer.json",
    "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt",
  ]

  /// Indexes of weights in several files, which they name.
  static let indexes = ["model.safetensors.index.json", "pytorch_model.bin.index.json"]

  /// Formats of weights; the first that is there is taken, and no other.
  private static let weights = ["model.safetensors", indexes[0], "pytorch_model.bin", indexes[1]]

  /// Whether a file of a snapshot, or a part that an index names, belongs to the choice; to the usual one they all do.
  func takes(_ name: String) -> Bool {
    switch self {
    case .usual: true
    case .matching(let globs): globs.contains { fnmatch($0, name, 0) == 0 }
    }
  }

  /// The chosen of `names`, sorted; of weights in several files the index.
  package func chosen(among names: [String]) -> [String] { chosen(among: names) { $0 } }

  /// The chosen of `files`, sorted by name.
  func chosen<File>(among files: [File], name: (File) -> String) -> [File] {
    let patterns: [String]
    switch self {
    case .usual:
      let format = HubFileSelection.weights.first { format in
        files.contains { name($0).utf8.elementsEqual(format.utf8) }
      }
      patterns = HubFileSelection.usualPatterns + [format].compactMap(\.self)
    case .matching(let globs): patterns = globs
    }
    // Of the usual patterns none may reach into a folder that it does not name.
    let flags: Int32 =
      switch self {
      case .usual: FNM_PATHNAME
      case .matching: 0
      }
    return files.filter { file in patterns.contains { fnmatch($0, name(file), flags) == 0 } }
      .sorted { name($0).utf8.lexicographicallyPrecedes(name($1).utf8) }
  }
}
