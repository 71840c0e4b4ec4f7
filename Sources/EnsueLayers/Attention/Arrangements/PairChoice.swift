// The draw of hard attention.

import EnsueTensor

/// One pair for each query row.
struct PairChoice: Sendable {
  /// For each query row, which of the pairs; 0 where none is chosen.
  private(set) var pairs: [Int32] = []
  /// For each query row, the packed row of the chosen key; 0 where none is chosen.
  private(set) var keyRows: [Int32] = []
  /// For each query row, the chosen step; nil where all weights are 0.
  private(set) var steps: [Int?] = []
  var isMade: [Bool] { steps.map { $0 != nil } }

  init(_ weights: [Double], _ layout: PairLayout, _ phase: Phase) {
    layout.forEachQuery { query in
      let place: Int?
      switch phase {
      case .inference: place = PairChoice.likeliest(weights[query.pairs])
      case .training(let key):
        place = PairChoice.drawn(weights[query.pairs], key.derived(query.sequence).bits(at: query.step))
      }
      steps.append(place)
      pairs.append(Int32(place.map { query.pairs.lowerBound + $0 } ?? 0))
      keyRows.append(Int32(place.map { layout.keyRow(step: $0, position: query.position) } ?? 0))
    }
  }

  private static func likeliest(_ weights: ArraySlice<Double>) -> Int? {
    var best: Int?
    for index in weights.indices where weights[index] > (best.map { weights[$0] } ?? 0) { best = index }
    return best.map { $0 - weights.startIndex }
  }

  /// The first place where the running sum of the weights passes a number drawn from 0 ..< sum.
  private static func drawn(_ weights: ArraySlice<Double>, _ bits: UInt64) -> Int? {
    let wanted = Double(bits >> 11) * 0x1p-53 * weights.reduce(0, +)
    var (sum, last) = (0.0, Int?.none)
    for index in weights.indices where weights[index] > 0 {
      sum += weights[index]
      last = index
      if wanted < sum { break }
    }
    return last.map { $0 - weights.startIndex }
  }
}
