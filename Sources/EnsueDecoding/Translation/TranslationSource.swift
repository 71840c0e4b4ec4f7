// What is to be translated, checked.

import EnsueFiles
import EnsueModels

/// A source, and how its translation must begin.
struct TranslationSource: Sendable {
  let ids: [Int32]
  let prefix: [Int32]

  /// - Parameter number: of the source, from 0, for messages.
  /// - Throws: `Failure` of kind `data` where the model has no such symbols, or not so many places.
  init<Model: TranslationModel>(
    _ ids: [Int32], prefix: [Int32] = [], number: Int, for model: Model, _ marks: TranslationMarks
  ) throws(Failure) {
    (self.ids, self.prefix) = (ids, prefix)
    try Self.check(ids, below: model.sourceVocabularySize, "source \(number + 1)")
    try Self.check(prefix, below: model.vocabularySize, "prefix \(number + 1)")
    try Self.check(ids, limit: model.sourceLength, "source \(number + 1)")
    try Self.check(prefix, limit: model.contextLength, "prefix \(number + 1)")
    if let end = marks.end, prefix.contains(end) {
      throw Failure(.data, at: "prefix \(number + 1)", "no end expected, found the symbol \(end)")
    }
  }

  /// Refuses symbols that a model does not have.
  static func check(_ ids: [Int32], below size: Int, _ place: String) throws(Failure) {
    if let id = ids.first(where: { $0 < 0 || Int($0) >= size }) {
      throw Failure(.data, at: place, "symbols below \(size) expected, found \(id)")
    }
  }

  private static func check(_ ids: [Int32], limit: Int?, _ place: String) throws(Failure) {
    if let limit, ids.count > limit {
      throw Failure(
        .data, at: place, "at most \(limit) symbols expected, the model's places, found \(ids.count)",
        advice: "Divide it.")
    }
  }
}

/// The symbols between which a target stands.
struct TranslationMarks: Sendable, Equatable {
  let begin: Int32
  /// nil where a target ends at its limit alone.
  let end: Int32?

  /// - Throws: `Failure` of kind `configuration` where the model has no such symbols.
  func check(_ vocabularySize: Int) throws(Failure) {
    for (name, id) in [("begin", begin), ("end", end ?? begin)] where id < 0 || Int(id) >= vocabularySize {
      throw Failure(.configuration, at: name, "a symbol below \(vocabularySize) expected, found \(id)")
    }
  }
}
