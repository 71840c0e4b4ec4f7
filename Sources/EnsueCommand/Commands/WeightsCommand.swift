// ensue weights export, ensue weights import-charrnn: to and from other libraries.

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

  static let weightsImportCharRNN = ProgramCommand(
    Command(
      "weights import-charrnn", group: "Cells", "a charRNN checkpoint as a character model",
      examples: [
        CommandExample(
          "a model of ml5", "ensue weights import-charrnn charRNN/shakespeare --out shakespeare"),
        CommandExample("and what it writes", "ensue generate shakespeare --prompt KING"),
      ],
      positionals: [Positional("FOLDER", .path, .one, "manifest.json, vocab.json and the tensors' files")],
      options: [
        .repeated("symbol", .text, placeholder: "ID=CHARACTER", "corrects a character of the vocabulary"),
        .value("out", .path, placeholder: "FOLDER", isRequired: true, "receives the bundle"),
      ])
  ) { arguments, _ in
    var checkpoint = try CharRNNCheckpoint(arguments.positional("FOLDER") ?? "")
    for correction in arguments.texts("symbol") {
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
    try LanguageModelBundle(checkpoint).write(to: arguments.text("out") ?? "")
  }

  /// The recurrent layers of a character model or a classifier.
  private static func recurrentStack(of path: String) throws -> RecurrentStack {
    if let bundle = try? LanguageModelBundle(contentsOf: path) { return bundle.model.encoder }
    let bundle = try ClassifierBundle(contentsOf: path)
    guard let classifier = bundle.model as? RecurrentClassifier else {
      throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.kind.title)")
    }
    return classifier.encoder
  }
}
