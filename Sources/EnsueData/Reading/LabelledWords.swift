// Files of words with labels, in columns, as the shared tasks of CoNLL have them (Tjong Kim Sang and Buchholz 2000).

import EnsueFiles

/// A sentence in words, each with a label.
public struct LabelledWords: Sendable, Equatable {
  public private(set) var words: [String] = []
  public private(set) var labels: [String] = []

  /// Reads the sentences of a file: a word a line, in the first column, its label in the last, an empty line between
  /// sentences. Columns end at tabs, in a line without one at blanks. Lines `-DOCSTART-` are passed over.
  /// - Parameter known: the labels that there are.
  /// - Throws: `Failure` of kind `missing` or `data`, with file and line.
  public static func read(_ path: String, known: [String]) throws -> [LabelledWords] {
    let text = try SourceText(path: path)
    let labels = Set(known)
    var lines = LineReader(text, limit: DelimitedReader.defaultFieldLimit)
    var sentences: [LabelledWords] = []
    var sentence = LabelledWords()
    func end() {
      if !sentence.words.isEmpty { sentences.append(sentence) }
      sentence = LabelledWords()
    }
    while let (line, bytes) = try lines.nextOfAll() {
      let columns = columns(of: bytes)
      if columns.isEmpty || columns[0] == "-DOCSTART-" {
        end()
        continue
      }
      guard columns.count > 1, !columns[0].isEmpty, let label = columns.last else {
        throw Failure(
          .data, at: "\(path):\(line)", "a word and its label expected, found \(Failure.shown(bytes))",
          advice: "Columns end at tabs or blanks; the last is the label.")
      }
      guard labels.contains(label) else {
        throw Failure(
          .data, at: "\(path):\(line)", "a label of the model expected, found \(Failure.shown(label))",
          advice: "It has \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? ", …" : "").")
      }
      sentence.words.append(columns[0])
      sentence.labels.append(label)
    }
    end()
    guard !sentences.isEmpty else { throw Failure(.data, at: path, "words with labels expected, found none") }
    return sentences
  }

  /// Empty for a line of blanks alone.
  private static func columns(of line: ArraySlice<UInt8>) -> [String] {
    if line.allSatisfy(\.isBlank) { return [] }
    let hasTabs = line.contains(0x09)
    return line.split(omittingEmptySubsequences: !hasTabs) { hasTabs ? $0 == 0x09 : $0 == 0x20 }
      .map { String(decoding: $0.trimmed, as: UTF8.self) }
  }
}
