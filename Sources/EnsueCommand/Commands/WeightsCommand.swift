// ensue weights export, ensue weights import: to and from other programs.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor

extension ProgramCommand {
  static let weightsExport = ProgramCommand(
    Command(
      "weights export", group: "Cells", "the recurrent weights of a run as another library has them",
      discussion: "Writes a safetensors file. Which cells each library has: Documentation/Weights.md.",
      examples: [
        CommandExample("for torch.nn.LSTM", "ensue weights export runs/first --layout pytorch --out lstm.safetensors")
      ],
      positionals: [Positional("RUN", .path, .one, "a run folder or a bundle")],
      options: [
        .value(
          "layout", .choice(RecurrentWeightLayoutKind.allCases.map(\.rawValue)), isRequired: true,
          "whose names and order"),
        .value("prefix", .text, default: "''", "before every name"),
        .value("out", .path, placeholder: "FILE", isRequired: true, "receives the tensors"),
      ])
  ) { arguments, output in
    let stack = try recurrentStack(of: arguments.positional("RUN") ?? "")
    guard let layout = arguments.text("layout").flatMap({ RecurrentWeightLayoutKind(rawValue: $0) }) else { return }
    let tensors = try stack.exportWeights(
      layout: layout, RecurrentWeightOptions(prefix: arguments.text("prefix") ?? ""))
    try SafetensorsWriter.write(tensors.elements, to: arguments.text("out") ?? "")
    for (name, tensor) in tensors.elements { try output.writeLine("\(name) \(tensor.shape)") }
  }

  static let weightsImport = ProgramCommand(
    Command(
      "weights import", group: "Cells", "a checkpoint of another program as a model of ours",
      discussion: ForeignCheckpointKind.allCases.map { "\($0.rawValue): \($0.summary)." }.joined(separator: " "),
      examples: [
        CommandExample("a model of ml5", "ensue weights import charrnn charRNN/shakespeare --out shakespeare"),
        CommandExample("and what it writes", "ensue generate shakespeare --prompt KING"),
        CommandExample(
          "a Llama of llama2.c", "ensue weights import llama2c stories260K.bin --vocabulary tok512.bin --out stories"),
        CommandExample("a translator of CTranslate2", "ensue weights import ctranslate2 aren --out names"),
      ],
      positionals: [
        Positional("KIND", .choice(ForeignCheckpointKind.allCases.map(\.rawValue)), .one, "which program's"),
        Positional("PATH", .path, .one, "the checkpoint: a file; of charrnn, ctranslate2 and hub a folder"),
      ],
      options: [
        .value("vocabulary", .path, placeholder: "FILE", "the symbols, where they are in a file of their own"),
        .repeated("symbol", .text, placeholder: "ID=CHARACTER", "corrects a character of a charRNN's vocabulary"),
        .value(
          "heads", .integer(1...1024), placeholder: "N", default: "8",
          "heads of attention of a CTranslate2 model, which its file does not say"),
        .value("out", .path, placeholder: "FOLDER", isRequired: true, "receives the bundle"),
      ])
  ) { arguments, _ in
    guard let kind = arguments.positional("KIND").flatMap({ ForeignCheckpointKind(rawValue: $0) }) else { return }
    let (path, corrections) = (arguments.positional("PATH") ?? "", arguments.texts("symbol"))
    let vocabulary = try vocabularyFile(arguments, of: kind)
    guard corrections.isEmpty || kind == .charRNN else {
      throw Failure(.usage, at: "--symbol", "only for \(ForeignCheckpointKind.charRNN.rawValue)")
    }
    guard arguments.integer("heads") == nil || kind == .ctranslate2 else {
      throw Failure(.usage, at: "--heads", "only for \(ForeignCheckpointKind.ctranslate2.rawValue)")
    }
    let out = arguments.text("out") ?? ""
    switch kind {
    case .charRNN: try LanguageModelBundle(charRNN(path, corrections)).write(to: out)
    case .llama2c: try LanguageModelBundle(llama2c: path, vocabulary: vocabulary).write(to: out)
    case .minGPT: try LanguageModelBundle(minGPT: path).write(to: out)
    case .wordLSTM: try LanguageModelBundle(wordLSTM: path, vocabulary: vocabulary).write(to: out)
    case .dateTranslator: try TranslationBundle(dateTranslator: path, pairs: vocabulary).write(to: out)
    case .ctranslate2:
      let heads = arguments.integer("heads")
      try TranslationBundle(ctranslate2: path, headCount: heads ?? CTranslate2Checkpoint.usualHeadCount).write(to: out)
      if heads == nil {
        StandardError.writeLine(
          "read with \(CTranslate2Checkpoint.usualHeadCount) heads of attention; the file does not say how many: --heads"
        )
      }
    case .hub: try PretrainedFolder(ModelPlace.folder(path)).languageModelBundle().write(to: out)
    }
  }

  /// The file of the symbols; empty where the kind has none.
  private static func vocabularyFile(
    _ arguments: ParsedArguments, of kind: ForeignCheckpointKind
  ) throws(Failure) -> String {
    switch (kind.hasVocabularyFile, arguments.text("vocabulary")) {
    case (true, let path?): return path
    case (false, nil): return ""
    case (true, nil):
      throw Failure(.usage, at: "--vocabulary", "a file with the symbols of \(kind.rawValue) expected, found nothing")
    case (false, _?):
      throw Failure(.usage, at: "--vocabulary", "no file expected: \(kind.rawValue) has its symbols in the checkpoint")
    }
  }

  /// A folder of ml5 with the characters corrected; those that are none are said.
  private static func charRNN(_ folder: String, _ corrections: [String]) throws -> CharRNNCheckpoint {
    var checkpoint = try CharRNNCheckpoint(folder)
    for correction in corrections {
      let parts = correction.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let id = Int(parts[0]), checkpoint.symbols.indices.contains(id),
        parts[1].unicodeScalars.count == 1
      else {
        throw Failure(
          .usage, at: "--symbol",
          "a number below \(checkpoint.symbols.count), = and a character expected, found \(Failure.shown(correction))")
      }
      checkpoint.replaceSymbol(id, with: String(parts[1]))
    }
    for id in checkpoint.irregularIDs {
      StandardError.writeLine("number \(id) of the vocabulary is no character, and is left out; --symbol corrects it")
    }
    return checkpoint
  }

  /// The recurrent layers of a language model or a classifier.
  private static func recurrentStack(of path: String) throws -> RecurrentStack {
    if BundleTaskKind(at: path) == .language {
      let bundle = try LanguageModelBundle(contentsOf: path)
      guard case .recurrent(let model) = bundle.model else {
        throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.title)")
      }
      return model.encoder
    }
    let bundle = try ClassifierBundle(contentsOf: path)
    guard let classifier = bundle.model as? RecurrentClassifier else {
      throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.kind.title)")
    }
    return classifier.encoder
  }
}
