// What a text begins with, as a model reads it.

import EnsueFiles
import EnsueText

/// A prompt and its ids.
public struct LanguagePrompt: Sendable, Equatable {
  public let text: String
  /// At least one: without a prompt a text begins as a line does.
  public let ids: [Int32]
  /// Ids that the model does not know.
  public let unknownCount: Int

  /// - Parameters:
  ///   - beginning: ids before every text; not put there again where the text has them.
  ///   - contextLength: most ids that the model can look at; nil for any number.
  ///   - place: where the prompt is from, for messages.
  /// - Throws: `Failure` of kind `data` for a prompt longer than the context.
  public init(
    _ text: String, _ codec: TokenCodec, beginning: [Int32] = [], contextLength: Int?, place: String
  ) throws {
    let read = codec.encode(text)
    let found = read.starts(with: beginning) ? read : beginning + read
    if let contextLength, found.count > contextLength {
      throw Failure(
        .data, at: place,
        "a prompt of at most the model's context of \(contextLength) \(codec.level.unit)s expected, found"
          + " \(found.count)", advice: "Leave out its beginning.")
    }
    self.text = text
    ids = found.isEmpty ? LanguagePrompt.beginning(codec) : found
    unknownCount = codec.unknownID.map { unknown in read.count { $0 == unknown } } ?? 0
  }

  /// A line end, or the end of another text.
  private static func beginning(_ codec: TokenCodec) -> [Int32] {
    if let end = codec.endOfText { return [end] }
    let line = codec.encode("\n")
    return line.isEmpty ? [0] : [line[0]]
  }
}
