// Tokens that are found in a text before it is cut: special tokens and those that somebody added to a vocabulary.

import EnsueFiles

/// A token with rules of its own.
public struct AddedToken: Sendable, Equatable {
  public let content: String
  /// Found only where neither neighbour is a character of a word.
  public let isSingleWord: Bool
  /// Takes the white space before it along.
  public let stripsLeft: Bool
  /// Takes the white space behind it along.
  public let stripsRight: Bool
  /// Looked for in the normalised text, and normalised for that, instead of in the text as it is.
  public let isNormalized: Bool
  /// Left out of a decoded text when that is asked for.
  public let isSpecial: Bool

  public init(
    _ content: String, isSpecial: Bool = true, isSingleWord: Bool = false, stripsLeft: Bool = false,
    stripsRight: Bool = false, isNormalized: Bool = false
  ) {
    self.content = content
    self.isSpecial = isSpecial
    self.isSingleWord = isSingleWord
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isNormalized = isNormalized
  }
}

extension AddedToken {
  /// A token of a tokenizer.json, with its id.
  static func read(_ json: JSONValue, at place: String) throws -> (token: AddedToken, id: Int) {
    var reader = try ComponentReader(json, at: place)
    let id = try reader.count("id")
    let token = AddedToken(
      try reader.string("content"), isSpecial: try reader.boolean("special"),
      isSingleWord: try reader.boolean("single_word"), stripsLeft: try reader.boolean("lstrip"),
      stripsRight: try reader.boolean("rstrip"), isNormalized: try reader.boolean("normalized"))
    try reader.end()
    return (token, id)
  }

  func json(id: Int32) -> JSONValue {
    .object([
      "id": .number(Int(id)), "content": .string(content), "single_word": .boolean(isSingleWord),
      "lstrip": .boolean(stripsLeft), "rstrip": .boolean(stripsRight), "normalized": .boolean(isNormalized),
      "special": .boolean(isSpecial),
    ])
  }
}
