// A codec in the file of a bundle: all but a tokenizer, which has a file of its own.

import EnsueFiles

extension TokenCodec {
  /// `{"level": "characters", "alphabet": "…"}`, `{"level": "words", "words": […]}`, or the level alone.
  public var json: JSONValue {
    var object: JSONObject = ["level": .string(level.rawValue)]
    switch self {
    case .bytes, .subwords: break
    case .characters(let alphabet):
      var letters = String.UnicodeScalarView()
      letters.append(contentsOf: alphabet.scalars)
      object["alphabet"] = .string(String(letters))
    case .words(let list): object["words"] = .array(list.words.map(JSONValue.string))
    }
    return .object(object)
  }

  /// Reads what `json` gives.
  /// - Parameters:
  ///   - place: the file, for messages.
  ///   - tokenizer: reads the tokenizer of a level that has one.
  /// - Throws: `Failure` of kind `data` for anything that `json` does not write.
  public init(json: JSONValue, place: String, tokenizer: () throws -> SubwordTokenizer) throws {
    guard let object = json.objectValue, let level = object["level"]?.stringValue.flatMap(TokenLevelKind.init) else {
      let names = TokenLevelKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.data, at: place, "codec: an object with a level (\(names)) expected")
    }
    var keys = ["level"]
    switch level {
    case .bytes: self = .bytes
    case .subwords: self = .subwords(try tokenizer())
    case .characters:
      keys.append("alphabet")
      self = .characters(try TokenCodec.alphabet(object["alphabet"], place))
    case .words:
      keys.append("words")
      let words = object["words"]?.arrayValue ?? []
      guard let list = WordList(words: words.compactMap(\.stringValue)), list.idCount == words.count + 1 else {
        throw Failure(.data, at: place, "words: words, <eos> first and each once, expected")
      }
      self = .words(list)
    }
    if let other = object.keys.first(where: { key in !keys.contains { $0.utf8.elementsEqual(key.utf8) } }) {
      throw Failure(
        .data, at: place, "codec: \(keys.joined(separator: " and ")) expected, found \(Failure.shown(other))")
    }
  }

  private static func alphabet(_ value: JSONValue?, _ place: String) throws -> CharacterAlphabet {
    let text = value?.stringValue ?? ""
    let alphabet = CharacterAlphabet(text.unicodeScalars)
    guard text.unicodeScalars.elementsEqual(alphabet.scalars), !alphabet.scalars.isEmpty else {
      throw Failure(.data, at: place, "alphabet: characters in rising order, each once, expected")
    }
    return alphabet
  }
}
