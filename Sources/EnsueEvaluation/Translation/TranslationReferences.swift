// What translations are measured against.

import EnsueFiles

/// One or more references of every line. An empty text is a reference; a reference may be missing where the line has
/// another.
public struct TranslationReferences: Sendable, Equatable {
  /// The references of each line, in order.
  public let lines: [[String]]

  /// One reference a line.
  public init(_ references: [String]) { lines = references.map { [$0] } }

  /// The references of each line.
  /// - Throws: `Failure` for a line without a reference.
  public init(lines: [[String]]) throws(Failure) {
    if let index = lines.firstIndex(where: \.isEmpty) {
      throw Failure(.data, at: "references:\(index + 1)", "a reference expected, found none")
    }
    self.lines = lines
  }

  /// Whole translations, each with one text a line, or nil where that translation has none.
  /// - Throws: `Failure` for translations of different lengths and for a line that none of them has.
  public init(translations: [[String?]]) throws(Failure) {
    let count = translations.first?.count ?? 0
    for (index, translation) in translations.enumerated() where translation.count != count {
      throw Failure(
        .data, at: "reference \(index + 1)", "\(count) lines expected, as in the first, found \(translation.count)")
    }
    try self.init(lines: (0..<count).map { line in translations.compactMap { $0[line] } })
  }

  public var count: Int { lines.count }

  /// How many references a line has; nil where the number varies.
  public var referenceCount: Int? {
    guard let first = lines.first?.count else { return nil }
    return lines.allSatisfy { $0.count == first } ? first : nil
  }
}
