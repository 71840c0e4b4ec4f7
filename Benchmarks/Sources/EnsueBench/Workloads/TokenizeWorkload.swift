// tokenize-gpt2, tokenize-bert, tokenize-unigram, as in peers/tokenize.py: a megabyte of English to ids on one thread.

import Ensue

struct TokenizeWorkload: Workload {
  let rows: [RowDescription]
  private let tokenizer: SubwordTokenizer
  private let lines: [String]
  private let bytes: Int

  /// Bytes of WikiText-2's validation text, up to the end of the line.
  private static let textSize = 1_000_000

  /// - Parameter name: the workload; its peer writes the tokenizer.json that both sides read.
  init(name: String, _ places: Places) throws {
    rows = [RowDescription(name: name, unit: .megabytesPerSecond)]
    let path = Places.tokenizer(name)
    guard InputFile.exists(path) else {
      throw Failure(
        .missing, at: path, "a tokenizer expected, found none",
        advice: "The peer writes it; it needs the Python package tokenizers.")
    }
    tokenizer = try SubwordTokenizer(contentsOf: path)
    let text = try InputFile.contents(of: "\(places.data)/wikitext-2/valid.txt")
    var taken = 0
    var lines: [String] = []
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if taken >= Self.textSize { break }
      taken += line.count + 1
      lines.append(String(decoding: line, as: UTF8.self))
    }
    (self.lines, bytes) = (lines, taken)
  }

  mutating func warmUp() throws { _ = encode() }

  mutating func block(seconds: Double) throws -> [Double] {
    var tokens = 0
    let figure = repeated(seconds: seconds) {
      tokens += encode()
      return Double(bytes) / 1e6
    }
    guard tokens > 0 else { throw Failure(.internal, at: rows[0].name, "tokens expected, found none") }
    return [figure]
  }

  private func encode() -> Int { lines.reduce(0) { $0 + tokenizer.encode($1).count } }
}
