// The vocabulary of texts of any size.

import EnsueFiles
import EnsueText

extension TokenCodec {
  /// A codec that knows the symbols of some files, read in parts.
  /// - Parameters:
  ///   - level: not subwords: their tokenizer has a training of its own.
  ///   - files: texts; not standard input, for they are read again to be encoded.
  ///   - form: how their bytes are text.
  ///   - minimumCount: rarer words are unknown.
  ///   - limit: the largest number of words, the line end among them; nil for no limit.
  /// - Throws: `Failure` of kind `missing`, `data`, or for subwords `usage`.
  public static func counting(
    _ files: [String], level: TokenLevelKind, form: TextForm = TextForm(), minimumCount: Int = 1, limit: Int? = nil
  ) throws -> TokenCodec {
    if level != .bytes, files.contains("-") {
      throw Failure(
        .usage, at: "-", "a file expected whose \(level.unit)s are counted before it is encoded, found standard input",
        advice: "Save it to a file first, or give --tokenizer, --codec or --level bytes.")
    }
    switch level {
    case .bytes: return .bytes
    case .characters:
      var values = Set<UInt32>()
      try forEachPiece(of: files, form, cut: .characters) { values.formUnion(CharacterText.values(of: $0)) }
      return .characters(CharacterAlphabet(values: values))
    case .words:
      return .words(try WordCounts(files, form).list(minimumCount: minimumCount, limit: limit))
    case .subwords:
      throw Failure(
        .usage, at: "--level", "bytes, characters or words expected, found subwords",
        advice: "Give the tokenizer.json with --tokenizer.")
    }
  }

  fileprivate static func forEachPiece(
    of files: [String], _ form: TextForm, cut: TextCutKind, _ body: ([UInt8]) -> Void
  ) throws {
    for path in files {
      var reader = try TextPieceReader(path, cut: cut, form: form)
      while let piece = try reader.next() { body(piece) }
    }
  }
}

/// The words of files and how often each stands there.
private struct WordCounts {
  private var words = ByteTable()
  private var counts: [Int] = []

  init(_ files: [String], _ form: TextForm) throws {
    var (words, counts) = (ByteTable(), [Int]())
    try TokenCodec.forEachPiece(of: files, form, cut: .lines) { piece in
      for word in piece.split(whereSeparator: { $0 == 0x20 || 0x09...0x0D ~= $0 }) {
        let (index, isNew) = words.insert(Array(word))
        if isNew { counts.append(1) } else { counts[index] += 1 }
      }
    }
    (self.words, self.counts) = (words, counts)
  }

  /// The frequent ones first, equally frequent ones by their bytes, after the line end.
  func list(minimumCount: Int, limit: Int?) throws -> WordList {
    let lineEnd = Array(WordList.endOfLine.utf8)
    let order = (0..<words.count).filter { counts[$0] >= minimumCount }.map { (count: counts[$0], word: words[$0]) }
      .filter { $0.word != lineEnd }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.word.lexicographicallyPrecedes($1.word) }
    let texts = order.prefix((limit ?? Int.max) - 1).map { String(decoding: $0.word, as: UTF8.self) }
    guard let list = WordList(words: [WordList.endOfLine] + texts) else {
      throw Failure(.internal, "a list of different words expected")
    }
    return list
  }
}
