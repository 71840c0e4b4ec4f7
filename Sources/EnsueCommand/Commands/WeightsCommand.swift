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
        CommandExample("for torch.nn.LSTM", "ensue weights export runs/first --layout pytorch --out lstm.safetensors"),
        CommandExample(
          "a translator's decoder",
          "ensue weights export runs/de-en --side decoder --layout keras --out gru.safetensors"),
      ],
      positionals: [Positional("RUN", .path, .one, "a run folder or a bundle")],
      options: exportOptions + layerOptions)
  ) { arguments, output in
    guard let layout = arguments.text("layout").flatMap({ RecurrentWeightLayoutKind(rawValue: $0) }) else { return }
    try refuse(ownLayouts, arguments, kind: layout.rawValue)
    let stack = try RecurrentBundle(contentsOf: arguments.positional("RUN") ?? "", side: arguments.side).stack
    let tensors = try stack.exportWeights(layout: layout, arguments.recurrentWeightOptions)
    try SafetensorsWriter.write(tensors.elements, to: arguments.text("out") ?? "")
    for (name, tensor) in tensors.elements { try output.writeLine("\(name) \(tensor.shape)") }
  }

  static let weightsImport = ProgramCommand(
    Command(
      "weights import", group: "Cells", "a checkpoint of another program as a model of ours",
      discussion: importDiscussion,
      examples: [
        CommandExample("a model of ml5", "ensue weights import charrnn charRNN/shakespeare --out shakespeare"),
        CommandExample("and what it writes", "ensue generate shakespeare --prompt KING"),
        CommandExample(
          "a Llama of llama2.c", "ensue weights import llama2c stories260K.bin --vocabulary tok512.bin --out stories"),
        CommandExample("a translator of CTranslate2", "ensue weights import ctranslate2 aren --out names"),
        CommandExample(
          "an LSTM that PyTorch has trained further",
          "ensue weights import pytorch lstm.safetensors --into runs/first --out further"),
      ],
      positionals: [
        Positional(
          "KIND", .choice(ForeignCheckpointKind.allCases.map(\.rawValue) + layouts), .one, "which program's"),
        Positional("PATH", .path, .one, "the checkpoint: a file; of charrnn, ctranslate2 and hub a folder"),
      ],
      options: importOptions + layerOptions)
  ) { arguments, output in
    let name = arguments.positional("KIND") ?? ""
    try refuse(ownKinds + ownLayouts, arguments, kind: name)
    let (path, out) = (arguments.positional("PATH") ?? "", arguments.text("out") ?? "")
    guard !InputFile.exists("\(out)/metrics.jsonl") else {
      throw Failure(.usage, at: "--out", "a folder for a bundle expected, found the run \(out)")
    }
    if let layout = RecurrentWeightLayoutKind(rawValue: name) {
      let (bundle, report) = try importLayers(layout, path, arguments)
      try bundle.write(to: out)
      if report.summedBiasCount > 0 {
        try output.writeLine("biases that are the sum of two, and one from now on: \(report.summedBiasCount)")
      }
      return
    }
    guard let kind = ForeignCheckpointKind(rawValue: name) else { return }
    let (corrections, vocabulary) = (arguments.texts("symbol"), arguments.text("vocabulary") ?? "")
    guard !kind.hasVocabularyFile || !vocabulary.utf8.isEmpty else {
      throw Failure(.usage, at: "--vocabulary", "a file with the symbols of \(name) expected, found nothing")
    }
    switch kind {
    case .charRNN: try LanguageModelBundle(charRNN(path, corrections)).write(to: out)
    case .llama2c: try LanguageModelBundle(llama2c: path, vocabulary: vocabulary).write(to: out)
    case .minGPT: try LanguageModelBundle(minGPT: path).write(to: out)
    case .wordLSTM: try LanguageModelBundle(wordLSTM: path, vocabulary: vocabulary).write(to: out)
    case .dateTranslator: try TranslationBundle(dateTranslator: path, pairs: vocabulary).write(to: out)
    case .ctranslate2:
      let heads = arguments.integer("heads")
      let bundle = try TranslationBundle(ctranslate2: path, headCount: heads)
      try bundle.write(to: out)
      if heads == nil, case .transformer(let configuration) = bundle.architecture {
        StandardError.writeLine(
          "read with \(configuration.transformer.headCount) heads of attention; where a file does not say how many: "
            + "--heads")
      }
    case .hub:
      let folder = try ModelPlace.folder(path)
      if BundleTaskKind(at: folder) == .translate {
        try TranslationBundle(contentsOf: folder).write(to: out)
      } else {
        try PretrainedFolder(folder).languageModelBundle().write(to: out)
      }
    }
  }

  private static let layouts = RecurrentWeightLayoutKind.allCases.map(\.rawValue)

  private static let importDiscussion: String = {
    let checkpoints = ForeignCheckpointKind.allCases.map { "\($0.rawValue): \($0.summary)." }.joined(separator: " ")
    return """
      \(checkpoints)

      \(layouts.joined(separator: ", ")): the recurrent layers of a safetensors file in place of those of the model \
      --into. Cells, names and shapes: Documentation/Weights.md.
      """
  }()

  private static let exportOptions: [CommandOption] = [
    .value(
      "layout", .choice(RecurrentWeightLayoutKind.allCases.map(\.rawValue)), isRequired: true,
      "whose names and order"),
    .value("out", .path, placeholder: "FILE", isRequired: true, "receives the tensors"),
  ]

  private static let importOptions: [CommandOption] = [
    .value("out", .path, placeholder: "FOLDER", isRequired: true, "receives the bundle"),
    .value("vocabulary", .path, placeholder: "FILE", "the symbols, where they are in a file of their own"),
    .repeated("symbol", .text, placeholder: "ID=CHARACTER", "corrects a character of a charRNN's vocabulary"),
    .value(
      "heads", .integer(1...1024), placeholder: "N", default: "8",
      "heads of attention of a CTranslate2 model, where its file does not say"),
    .value("into", .path, placeholder: "RUN", "a run folder or a bundle, which gives all but the recurrent weights"),
    .flag("allow-unused", "leave out tensors of the prefix that no layer has a place for"),
  ]

  /// What is said of recurrent layers, whichever way they go.
  private static let layerOptions: [CommandOption] = [
    .value(
      "side", .choice(RecurrentSideKind.allCases.map(\.rawValue)), "of a translator: the side whose layers are meant"),
    .value("prefix", .text, default: "''", "before the name of every recurrent weight"),
    .repeated("layer", .text, placeholder: "NAME", "Keras' name of a layer, the first layer first"),
    .flag("without-biases", "the layers are without biases there"),
    .value("forget-bias", .number(.all), default: "1", "what TensorFlow's cell adds to its forget gate when it runs"),
  ]

  /// The options that only some layouts have a use for.
  private static let ownLayouts: [(name: String, kinds: [String])] = [
    ("side", layouts), ("prefix", layouts), ("layer", [RecurrentWeightLayoutKind.keras.rawValue]),
    ("without-biases", layouts), ("forget-bias", [RecurrentWeightLayoutKind.tensorflow.rawValue]),
  ]

  /// The same of other checkpoints.
  private static let ownKinds: [(name: String, kinds: [String])] = [
    ("vocabulary", ForeignCheckpointKind.allCases.filter(\.hasVocabularyFile).map(\.rawValue)),
    ("symbol", [ForeignCheckpointKind.charRNN.rawValue]), ("heads", [ForeignCheckpointKind.ctranslate2.rawValue]),
    ("into", layouts), ("allow-unused", layouts),
  ]

  /// Refuses options that the kind has no use for.
  private static func refuse(
    _ options: [(name: String, kinds: [String])], _ arguments: ParsedArguments, kind: String
  ) throws(Failure) {
    for (name, kinds) in options where arguments.isGiven(name) && !kinds.contains(kind) {
      throw Failure(.usage, at: "--\(name)", "only for \(kinds.joined(separator: ", "))")
    }
  }

  /// The model `--into` with the recurrent weights of a file, and what became of these.
  private static func importLayers(
    _ layout: RecurrentWeightLayoutKind, _ path: String, _ arguments: ParsedArguments
  ) throws -> (RecurrentBundle, RecurrentWeightReport) {
    guard let into = arguments.text("into") else {
      throw Failure(.usage, at: "--into", "a run or bundle to take the recurrent weights expected, found nothing")
    }
    var options = arguments.recurrentWeightOptions
    options.allowsUnused = arguments.flag("allow-unused")
    var bundle = try RecurrentBundle(contentsOf: into, side: arguments.side)
    let reader = try SafetensorsReader(path)
    try reader.verifyDigest()
    let tensors = try NamedTensors(reader, prefix: options.prefix, path: path)
    let report = try bundle.stack.importWeights(tensors, layout: layout, options)
    if !report.unused.isEmpty {
      StandardError.writeLine("left out: \(report.unused.map { Failure.shown($0) }.joined(separator: ", "))")
    }
    return (bundle, report)
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
}

extension ParsedArguments {
  /// The side of `--side`; nil where none was given.
  fileprivate var side: RecurrentSideKind? { text("side").flatMap { RecurrentSideKind(rawValue: $0) } }

  /// What the options say of another library's layers.
  fileprivate var recurrentWeightOptions: RecurrentWeightOptions {
    let names = texts("layer")
    return RecurrentWeightOptions(
      prefix: text("prefix") ?? "", hasBias: !flag("without-biases"), layerNames: names.isEmpty ? nil : names,
      forgetBias: number("forget-bias") ?? 1)
  }
}
