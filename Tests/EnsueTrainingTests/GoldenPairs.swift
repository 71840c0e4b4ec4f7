// The batch of pairs of a golden of translation models.

import EnsueTensor

/// Sources, targets as they are read, and the symbols that follow: `NAME/sources` and so on (translation-training.py).
struct GoldenPairs {
  let sources: PackedTokens
  let inputs: PackedTokens
  let targets: [Int]
  /// The golden's row of every packed row.
  let rows: [Int]

  init(_ name: String, _ reader: borrowing SafetensorsReader) throws {
    sources = try GoldenPairs.tokens("\(name)/sources", "\(name)/sourceLengths", reader)
    inputs = try GoldenPairs.tokens("\(name)/inputs", "\(name)/lengths", reader)
    let lengths = try reader.integers("\(name)/lengths").map { Int($0) }
    let starts = lengths.indices.map { lengths[..<$0].reduce(0, +) }
    let layout = inputs.layout
    let rows = (0..<layout.stepCount).flatMap { step in
      (0..<layout.aliveCount(at: step)).map { starts[layout.order[$0]] + step }
    }
    let targets = try reader.integers("\(name)/targets").map { Int($0) }
    (self.rows, self.targets) = (rows, rows.map { targets[$0] })
  }

  private static func tokens(
    _ name: String, _ lengthsName: String, _ reader: borrowing SafetensorsReader
  ) throws -> PackedTokens {
    let ids = try reader.integers(name)
    let lengths = try reader.integers(lengthsName).map { Int($0) }
    let width = ids.count / lengths.count
    return PackedTokens(lengths.enumerated().map { row, length in (0..<length).map { Int32(ids[row * width + $0]) } })
  }
}
