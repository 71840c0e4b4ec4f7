// Where an attention looks, against where it should.

import EnsueData
import EnsueLayers
import EnsueTensor

/// The weights of an attention on sequences of one length whose true alignment is known.
public struct Alignment: Sendable, Equatable {
  /// The mean weight of each input step (columns) at each output step (rows).
  public let meanWeights: [[Double]]
  /// The share of output steps whose largest weight, by size, is on the right input step.
  public let agreement: Double
  /// The mean number of weights that are not zero at an output step.
  public let supportSize: Double

  /// - Parameter source: the input step that an output step needs.
  init(_ output: AttentionOutput, source: (Int) -> Int) {
    let sequences = (0..<output.layout.queries.batchSize).map { output.alignment(of: $0) }
    let (rows, columns) = (sequences[0].count, sequences[0].first?.count ?? 0)
    var sums = [[Double]](repeating: [Double](repeating: 0, count: columns), count: rows)
    var (agreeing, nonzero) = (0, 0)
    for weights in sequences {
      for (step, row) in weights.enumerated() {
        for (column, weight) in row.enumerated() { sums[step][column] += weight }
        nonzero += row.count { $0 != 0 }
        // A row of zeros looks nowhere.
        let largest = row.indices.max { abs(row[$0]) < abs(row[$1]) }
        if let largest, row[largest] != 0, largest == source(step) { agreeing += 1 }
      }
    }
    let queryCount = Double(max(1, sequences.count * rows))
    meanWeights = sums.map { $0.map { $0 / Double(sequences.count) } }
    agreement = Double(agreeing) / queryCount
    supportSize = Double(nonzero) / queryCount
  }
}
