// What ensue generate is asked for.

import EnsueText
import EnsueModels
import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueTasks

/// The options of `ensue generate`, checked.
struct GenerateArguments {
  let prompts: [LanguagePrompt]
  /// Texts of each prompt.
  let sampleCount: Int
  let generation: GenerationOptions
  let beamWidth: Int?
  let lengthPenalty: Double
  let showsProbabilities: Bool
  let isJSON: Bool

  /// Whether there is one text, to be printed while it is made.
  var isStreamed: Bool { prompts.count * sampleCount == 1 && !isJSON && !showsProbabilities }

  static let options: [CommandOption] = [
    .repeated("prompt", .text, "what a text begins with; without it, as a line begins"),
    .value("prompts", .path, placeholder: "FILE", "a prompt a line"),
    .value("length", .integer(0...1_000_000_000), placeholder: "N", default: "200", "tokens to write"),
    .value("samples", .integer(1...10_000), placeholder: "N", default: "1", "texts for each prompt"),
    .value(
      "temperature", .number(NumberRange(0...100)), default: "1",
      "1 draws as the model says, less is likelier, 0 always the likeliest"),
    .value("top-k", .integer(1...(1 << 24)), placeholder: "N", default: "none", "draw from the N likeliest tokens"),
    .value(
      "top-p", .number(.above(0, through: 1)), default: "none",
      "draw from the likeliest tokens that together have this probability"),
    .value(
      "min-p", .number(NumberRange(0...1)), default: "none",
      "draw from tokens at least this share as likely as the likeliest"),
    .value(
      "repetition-penalty", .number(.above(0, through: 100)), default: "1",
      "above 1: tokens that were there are less likely"),
    .value("beam", .integer(1...1000), placeholder: "N", "look for the likeliest text among N at once, without draws"),
    .value(
      "length-penalty", .number(NumberRange(-10...10)), default: "0", "above 0: a beam prefers longer texts"),
    .repeated("stop", .text, "a text that ends the text; \\n is a line end"),
    .value("seed", .integer(0...Int.max), placeholder: "N", default: "1", "seed of the draws"),
    .flag("log-probabilities", "each token with its log-probability, a line each"),
    .flag("json", "a JSON object a text, a line each"), .precision, .threads,
  ]

  /// What a beam, which does not draw, has no use for.
  private static let drawingNames = ["temperature", "top-k", "top-p", "min-p", "repetition-penalty", "seed"]

  private static func refuseIdle(_ arguments: ParsedArguments) throws {
    if arguments.isGiven("beam") {
      guard let name = drawingNames.first(where: { arguments.isGiven($0) }) else { return }
      throw Failure(.usage, at: "--\(name)", "tokens that are drawn expected, found --beam")
    }
    if arguments.isGiven("length-penalty") {
      throw Failure(.usage, at: "--length-penalty", "a --beam beside it expected, found none")
    }
  }

  init(_ arguments: ParsedArguments, _ bundle: LanguageModelBundle) throws {
    try GenerateArguments.refuseIdle(arguments)
    var generation = GenerationOptions()
    generation.length = arguments.integer("length") ?? 200
    generation.endIDs = bundle.endIDs
    generation.stops = arguments.texts("stop").map(GenerateArguments.withLineEnds)
    generation.sampling.temperature = arguments.number("temperature") ?? 1
    generation.sampling.topK = arguments.integer("top-k")
    generation.sampling.topP = arguments.number("top-p")
    generation.sampling.minP = arguments.number("min-p")
    generation.sampling.repetitionPenalty = arguments.number("repetition-penalty") ?? 1
    generation.sampling.seed = UInt64(arguments.integer("seed") ?? 1)
    self.generation = generation
    prompts = try GenerateArguments.prompts(arguments, bundle)
    sampleCount = arguments.integer("samples") ?? 1
    beamWidth = arguments.integer("beam")
    lengthPenalty = arguments.number("length-penalty") ?? 0
    (showsProbabilities, isJSON) = (arguments.flag("log-probabilities"), arguments.flag("json"))
    guard prompts.count * sampleCount <= 1 << 16 else {
      throw Failure(.usage, "at most \(1 << 16) texts at once expected, found \(prompts.count * sampleCount)")
    }
  }

  private static func prompts(_ arguments: ParsedArguments, _ bundle: LanguageModelBundle) throws -> [LanguagePrompt] {
    let given = arguments.texts("prompt")
    var texts = given.map { (text: $0, place: "--prompt") }
    if let file = arguments.text("prompts") {
      guard given.isEmpty else { throw Failure(.usage, "--prompt or --prompts expected, found both") }
      // Bytes, because a line end after a carriage return is one character with it.
      let lines = try InputFile.contents(of: file).split(separator: 0x0A, omittingEmptySubsequences: false)
      texts = try lines.enumerated().map { index, line in
        guard let text = String(validating: line, as: UTF8.self) else {
          throw Failure(
            .data, at: "\(file):\(index + 1)", "UTF-8 text expected, found other bytes",
            advice: "Convert the file first.")
        }
        return (text, "\(file):\(index + 1)")
      }
      if texts.last?.text.utf8.isEmpty == true { texts.removeLast() }
      guard !texts.isEmpty else { throw Failure(.data, at: file, "a prompt a line expected, found an empty file") }
    }
    if texts.isEmpty { texts = [("", "--prompt")] }
    let context = bundle.model.contextLength
    return try texts.map {
      try LanguagePrompt(
        $0.text, bundle.codec, beginning: bundle.beginning, contextLength: context, place: $0.place)
    }
  }

  /// A shell passes \n as it is typed.
  private static func withLineEnds(_ text: String) -> String {
    var (bytes, isEscaped): ([UInt8], Bool) = ([], false)
    for byte in text.utf8 {
      if isEscaped {
        switch byte {
        case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "\\"): bytes.append(byte)
        default: bytes += [UInt8(ascii: "\\"), byte]
        }
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: isEscaped ? bytes + [UInt8(ascii: "\\")] : bytes, as: UTF8.self)
  }
}
