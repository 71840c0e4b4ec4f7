// What a model writes while it is trained: the same prompt and seed at every validation, so that one sees it learn.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueText

/// Writes samples into a run folder.
struct LanguageSample {
  private let options: LanguageConfiguration.Samples

  init(_ options: LanguageConfiguration.Samples) { self.options = options }

  /// Refuses a prompt that the model cannot read, before there is a run.
  func check(_ model: AnyLanguageModel, _ codec: TokenCodec) throws {
    if options.length > 0 { _ = try prompt(model, codec) }
  }

  private func prompt(_ model: AnyLanguageModel, _ codec: TokenCodec) throws -> LanguagePrompt {
    try LanguagePrompt(options.prompt, codec, contextLength: model.contextLength, place: "samples.prompt")
  }

  /// Writes `samples/NNN.txt`.
  /// - Parameters:
  ///   - number: of the validation, from 1.
  ///   - check: called for each token; what it throws ends the writing.
  /// - Returns: the text; empty where none was asked for.
  func write(
    _ model: AnyLanguageModel, _ codec: TokenCodec, number: Int, in folder: String, check: () throws -> Void
  ) throws -> String {
    guard options.length > 0 else { return "" }
    var generation = GenerationOptions()
    generation.sampling.temperature = options.temperature
    generation.length = options.length
    var generator = try TextGenerator(model, codec, prompts: [prompt(model, codec)], generation)
    var text = options.prompt
    while let pieces = try generator.next() {
      text += pieces.map(\.text).joined()
      try check()
    }
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    try OutputFile.createDirectory("\(folder)/samples")
    try OutputFile.write(text + "\n", to: "\(folder)/samples/\(name).txt")
    return text
  }
}
