// train-bpe, as in peers/train-bpe.py: 8,000 byte-level pieces from the Penn Treebank's training text, file to merges.

import Ensue

struct TokenizerTrainingWorkload: Workload {
  let rows: [RowDescription]
  private let path: String

  private static let size = 8000

  init(name: String, _ places: Places) throws {
    rows = [RowDescription(name: name, unit: .seconds)]
    path = "\(places.data)/ptb/ptb.train.txt"
    guard InputFile.exists(path) else { throw Failure(.missing, at: path, "the Penn Treebank expected, found none") }
  }

  mutating func warmUp() throws { _ = try InputFile.digest(of: path) }

  /// One training, whatever `seconds` says.
  mutating func block(seconds: Double) throws -> [Double] {
    let start = now()
    var options = SubwordTrainingOptions(.bytePair)
    options.vocabularySize = Self.size
    var trainer = try SubwordTrainer(options)
    var pieces = try TextPieces(path)
    while let piece = try pieces.next() { trainer.add(piece) }
    let tokenizer = try trainer.train().tokenizer
    guard tokenizer.vocabularySize == Self.size else {
      throw Failure(.internal, at: rows[0].name, "\(Self.size) ids expected, found \(tokenizer.vocabularySize)")
    }
    return [now() - start]
  }
}
