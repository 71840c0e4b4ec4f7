// Subword tokenizers as pipelines: normalise, find added tokens, cut into words, words to tokens, special tokens
// around; and back. The file format and its meaning are those of the Hugging Face tokenizers library.

import EnsueFiles

/// Text to the ids of subwords and back, exactly as a tokenizer.json says.
///
/// Immutable; encoding uses no state but its own, so any number of threads may encode at once.
public struct SubwordTokenizer: Sendable, Equatable {
  public let model: SubwordModel
  public let normalizer: SubwordNormalizer?
  public let preTokenizer: SubwordPreTokenizer?
  public let postProcessor: SubwordPostProcessor?
  public let decoder: SubwordDecoder?
  public let addedTokens: [AddedToken]
  /// `truncation` and `padding` of the file: kept for whoever reads the file next, not applied.
  let batchSettings: BatchSettings

  let addedIDs: [Int32]
  let plainFinder: AddedTokenFinder
  let normalizedFinder: AddedTokenFinder
  let wholeWords: WholeWords
  private let addedIndices: [Int32: Int]
  /// Added tokens as they are decoded: normalised where they are looked for so.
  private let addedTexts: [[UInt8]]

  /// What a tokenizer.json says about batches.
  struct BatchSettings: Sendable, Equatable {
    var truncation = JSONValue.null
    var padding = JSONValue.null
  }

  /// A pipeline from its parts.
  ///
  /// An added token that the model knows has its id there; the others are numbered on from the model's.
  /// - Throws: `Failure` of kind `data` where there is no token at all, for an added token that is empty or comes twice
  ///   and a post-processor that adds ids there are not.
  public init(
    model: SubwordModel, normalizer: SubwordNormalizer? = nil, preTokenizer: SubwordPreTokenizer? = nil,
    postProcessor: SubwordPostProcessor? = nil, decoder: SubwordDecoder? = nil, addedTokens: [AddedToken] = []
  ) throws {
    try self.init(
      model: model, normalizer: normalizer, preTokenizer: preTokenizer, postProcessor: postProcessor,
      decoder: decoder, addedTokens: addedTokens, batchSettings: BatchSettings(), at: "tokenizer")
  }

  init(
    model: SubwordModel, normalizer: SubwordNormalizer?, preTokenizer: SubwordPreTokenizer?,
    postProcessor: SubwordPostProcessor?, decoder: SubwordDecoder?, addedTokens: [AddedToken],
    batchSettings: BatchSettings, at place: String
  ) throws {
    self.model = model
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.postProcessor = postProcessor
    self.decoder = decoder
    self.addedTokens = addedTokens
    self.batchSettings = batchSettings
    addedIDs = try SubwordTokenizer.number(addedTokens, model, at: "\(place), added_tokens")
    let entries = zip(addedTokens, addedIDs).map { token, id in
      var text = Array(token.content.utf8)
      if token.isNormalized { normalizer?.apply(to: &text) }
      return (text: text, token: token, id: id)
    }
    plainFinder = AddedTokenFinder(entries.filter { !$0.token.isNormalized })
    normalizedFinder = AddedTokenFinder(entries.filter(\.token.isNormalized))
    addedTexts = entries.map(\.text)
    addedIndices = Dictionary(zip(addedIDs, addedTokens.indices)) { first, _ in first }
    wholeWords = WholeWords(model)
    guard vocabularySize > 0 else { throw Failure(.data, at: "\(place), model", "a token expected, found none") }
    for id in postProcessor?.tokenIDs ?? [] where !(0..<Int32(vocabularySize)).contains(id) {
      throw Failure(
        .data, at: "\(place), post_processor", "ids below \(vocabularySize) expected, found \(id)")
    }
  }

  /// The ids of added tokens.
  private static func number(_ tokens: [AddedToken], _ model: SubwordModel, at place: String) throws -> [Int32] {
    var ids: [Int32] = []
    var known = ByteTable()
    var next = Int32(model.tokenCount)
    for (index, token) in tokens.enumerated() {
      guard !token.content.isEmpty else {
        throw Failure(.data, at: "\(place)[\(index)]", "a token expected, found an empty string")
      }
      guard known.insert(Array(token.content.utf8)).isNew else {
        throw Failure(
          .data, at: "\(place)[\(index)]", "each added token once expected, found \(Failure.shown(token.content)) again"
        )
      }
      if let id = model.tokens.id(of: token.content) {
        ids.append(id)
      } else {
        ids.append(next)
        next += 1
      }
    }
    return ids
  }

  /// The number of ids; they are 0, 1, 2 and so on, added tokens among them.
  public var vocabularySize: Int {
    max(model.tokenCount, addedIDs.max().map { Int($0) + 1 } ?? 0)
  }

  /// The normaliser and the pre-tokeniser.
  public var words: SubwordWords { SubwordWords(normalizer: normalizer, preTokenizer: preTokenizer) }

  /// The id of a token, in the file's spelling.
  public func id(of token: String) -> Int32? {
    for (added, id) in zip(addedTokens, addedIDs) where added.content.utf8.elementsEqual(token.utf8) { return id }
    return model.tokens.id(of: token)
  }

  /// The token of an id, in the file's spelling; nil for what is no id.
  public func token(of id: Int32) -> String? {
    if let index = addedIndices[id] { return addedTokens[index].content }
    return tokenBytes(id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What decoders get for an id.
  func tokenBytes(_ id: Int32) -> [UInt8]? {
    if let index = addedIndices[id] { return addedTexts[index] }
    return id >= 0 && id < model.tokenCount ? model.tokens[Int(id)] : nil
  }

  /// Whether an id is of a special token.
  public func isSpecial(_ id: Int32) -> Bool { addedIndices[id].map { addedTokens[$0].isSpecial } ?? false }

  /// Two tokenizers are equal when their parts are.
  public static func == (left: SubwordTokenizer, right: SubwordTokenizer) -> Bool {
    left.model == right.model && left.normalizer == right.normalizer && left.preTokenizer == right.preTokenizer
      && left.postProcessor == right.postProcessor && left.decoder == right.decoder
      && left.addedTokens == right.addedTokens && left.batchSettings == right.batchSettings
  }
}
