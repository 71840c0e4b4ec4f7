// What an encoder reads.

import EnsueFiles
import EnsueTensor

/// Token ids and, for models that tell two texts apart, the number of the text of every packed row.
public struct EncoderInput: Sendable {
  public let tokens: PackedTokens
  /// One for each packed row; nil where all are 0. DistilBERT does not read them.
  public let types: [Int32]?

  public init(tokens: PackedTokens, types: [Int32]? = nil) {
    precondition(types.map { $0.count == tokens.ids.count } ?? true, "an encoder's input: one type a token expected")
    (self.tokens, self.types) = (tokens, types)
  }

  /// - Parameters:
  ///   - sequences: token ids with special tokens, in the caller's order, none empty.
  ///   - types: the number of the text of every token; nil where all are 0.
  public init(_ sequences: [[Int32]], types: [[Int32]]? = nil) {
    precondition(
      types.map { $0.map(\.count) == sequences.map(\.count) } ?? true, "an encoder's input: one type a token expected")
    self.init(tokens: PackedTokens(sequences), types: types.map { PackedTokens($0).ids })
  }

  /// Refuses what a model has no vectors for. Ids come from a tokenizer, and its file may not be the model's.
  /// - Throws: `Failure` of kind `data`.
  func check(_ configuration: EncoderConfiguration) throws(Failure) {
    let longest = tokens.layout.lengths[0]
    guard longest <= configuration.maximumLength else {
      throw Failure(
        .data,
        "sequences of at most \(configuration.maximumLength) tokens expected by the model's positions, "
          + "found one of \(longest)", advice: "Cut it.")
    }
    try EncoderInput.check(tokens.ids, "token ids", below: configuration.vocabularySize)
    if let types, configuration.typeCount > 0 {
      try EncoderInput.check(types, "types of tokens", below: configuration.typeCount)
    }
  }

  private static func check(_ ids: [Int32], _ what: String, below limit: Int) throws(Failure) {
    guard let id = ids.first(where: { $0 < 0 || Int($0) >= limit }) else { return }
    throw Failure(.data, "\(what) from 0 to \(limit - 1) expected by the model, found \(id)")
  }
}
