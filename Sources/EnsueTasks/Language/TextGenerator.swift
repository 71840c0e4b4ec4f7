// Text from a language model while it is made: ids drawn, decoded, and held back where a stop string may begin.

import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueText

/// How text is written.
public struct GenerationOptions: Sendable, Equatable {
  public var sampling = SamplingOptions()
  /// Tokens at most.
  public var length = 200
  /// Texts that end a text; they are not part of it.
  public var stops: [String] = []
  /// Tokens that end a text; nil for the codec's own.
  public var endIDs: [Int32]?

  public init() {}
}

/// A piece of a text being written.
public struct GeneratedPiece: Sendable, Equatable {
  /// The number of the prompt that it continues.
  public let sequence: Int
  /// What is final now; may be empty.
  public let text: String
  /// The token behind it; nil for what was held back and comes at the end.
  public let id: Int32?
  public let logProbability: Double?
}

/// Texts being written, one for each prompt; those that end leave the others alone.
public struct TextGenerator: Sendable {
  private var generator: TokenGenerator<AnyLanguageModel>
  private var decoders: [TokenStreamDecoder]
  private var stops: [StopStrings]
  private var isFinished: [Bool]

  /// - Throws: `Failure` for options that make no rule, and prompts that the model cannot read.
  public init(
    _ model: AnyLanguageModel, _ codec: TokenCodec, prompts: [LanguagePrompt], _ options: GenerationOptions
  ) throws(Failure) {
    var sampling = options.sampling
    sampling.excludedIDs.formUnion(codec.unwrittenIDs(of: model))
    generator = try TokenGenerator(
      model.prepared(), prompts: prompts.map(\.ids), options: sampling, endIDs: Set(options.endIDs ?? codec.endIDs),
      limit: options.length)
    // What a prompt ends with decides whether a space comes first.
    decoders = prompts.map { prompt in
      var decoder = codec.makeStreamDecoder()
      for id in prompt.text.utf8.isEmpty ? [] : prompt.ids { _ = decoder.append(id) }
      return decoder
    }
    stops = prompts.map { _ in StopStrings(options.stops) }
    isFinished = prompts.map { _ in false }
  }

  /// The next pieces; nil when all texts have ended.
  /// - Throws: `Failure` where the model's scores are not finite.
  public mutating func next() throws(Failure) -> [GeneratedPiece]? {
    let tokens = try generator.next()
    var pieces: [GeneratedPiece] = []
    for token in tokens {
      let sequence = token.sequence
      let text = token.isEnd ? "" : stops[sequence].append(decoders[sequence].append(token.id))
      pieces.append(
        GeneratedPiece(sequence: sequence, text: text, id: token.id, logProbability: token.logProbability))
      if stops[sequence].isStopped {
        generator.end(sequence)
        isFinished[sequence] = true
      } else if token.isEnd {
        pieces.append(finish(sequence))
      }
    }
    guard tokens.isEmpty else { return pieces }
    let rest = isFinished.indices.filter { !isFinished[$0] }.map { finish($0) }
    return rest.isEmpty ? nil : rest
  }

  private mutating func finish(_ sequence: Int) -> GeneratedPiece {
    isFinished[sequence] = true
    let text = stops[sequence].append(decoders[sequence].finish()) + stops[sequence].finish()
    return GeneratedPiece(sequence: sequence, text: text, id: nil, logProbability: nil)
  }
}

extension TokenCodec {
  /// The ids that a model never writes: the unknown one, and those of a table longer than the vocabulary.
  public func unwrittenIDs(of model: AnyLanguageModel) -> Set<Int32> {
    let count = Int32(vocabularySize)
    return Set(count..<max(count, Int32(model.vocabularySize))).union(unknownID.map { [$0] } ?? [])
  }
}
