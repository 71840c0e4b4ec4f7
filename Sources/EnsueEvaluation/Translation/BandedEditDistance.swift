// Levenshtein's distance (1966) in a band about the diagonal, as Tercom and sacreBLEU compute it: the band, and which
// of several equal ways is taken, decide which shifts are tried and so belong to the measure.

/// The distance from words to a reference that is not empty, with what is needed to say quickly how a shift would
/// change it.
struct BandedEditDistance {
  private enum Operation: UInt8 {
    case none, keep, substitute, delete, insert
  }

  private static let halfWidth = 25
  private static let unreached = Int32.max / 2

  let words: [UInt32]
  let reference: [UInt32]
  private let ratio: Double
  private let halfWidth: Int
  /// Of every row, which columns it has, where they begin, and the distances and last operations there.
  private var bands: [Range<Int>]
  private var starts: [Int]
  private var costs: [Int32]
  private var operations: [Operation]

  init(_ words: [UInt32], _ reference: [UInt32]) {
    (self.words, self.reference) = (words, reference)
    ratio = words.isEmpty ? 1 : Double(reference.count) / Double(words.count)
    let isWide = Double(Self.halfWidth) < ratio / 2
    halfWidth = isWide ? Int((ratio / 2 + Double(Self.halfWidth)).rounded(.up)) : Self.halfWidth
    bands = [0..<(reference.count + 1)]
    starts = [0]
    costs = (0...reference.count).map { Int32($0) }
    operations = [Operation](repeating: .insert, count: reference.count + 1)
    var row = Row(band: bands[0], costs: costs)
    var rowOperations: [Operation] = []
    for index in words.indices {
      row = next(row, index + 1, words[index], &rowOperations)
      bands.append(row.band)
      starts.append(costs.count)
      costs += row.costs
      operations += rowOperations
    }
  }

  /// The distance.
  var value: Int { Int(costs[costs.count - 1]) }

  /// The distance after a shift. Rows before the shift are the same; after it, once a row differs by one number from
  /// what it was, so do all that follow.
  func value(after shift: Shift) -> Int {
    let changed = shift.changed(in: words.count)
    let shifted = shift.applied(to: words)
    var row = self.row(changed.lowerBound)
    var unused: [Operation] = []
    for index in changed.lowerBound..<words.count {
      row = next(row, index + 1, shifted[index], &unused, tracing: false)
      if index + 1 >= changed.upperBound, let difference = difference(row, index + 1) { return value + difference }
    }
    return Int(row.costs[row.costs.count - 1])
  }

  /// Which words belong to which, going back through the operations.
  func alignment() -> EditAlignment {
    var trace: [Operation] = []
    var (row, column) = (words.count, reference.count)
    while row > 0 || column > 0 {
      let operation = operations[starts[row] + column - bands[row].lowerBound]
      trace.append(operation)
      switch operation {
      case .keep, .substitute: (row, column) = (row - 1, column - 1)
      case .delete: row -= 1
      case .insert: column -= 1
      case .none: preconditionFailure("the band has no way through")
      }
    }
    var alignment = EditAlignment()
    for operation in trace.reversed() {
      let isWrong = operation != .keep
      if operation != .insert { alignment.wordIsWrong.append(isWrong) }
      if operation != .delete {
        alignment.referenceIsWrong.append(isWrong)
        alignment.wordOfReference.append(alignment.wordIsWrong.count - 1)
      }
    }
    return alignment
  }

  private struct Row {
    var band: Range<Int>
    var costs: [Int32]
  }

  private func row(_ index: Int) -> Row {
    Row(band: bands[index], costs: Array(costs[starts[index]..<(starts[index] + bands[index].count)]))
  }

  private func band(_ row: Int) -> Range<Int> {
    let diagonal = Int((Double(row) * ratio).rounded(.down))
    let end = row == words.count ? reference.count + 1 : min(reference.count + 1, diagonal + halfWidth)
    return max(0, diagonal - halfWidth)..<end
  }

  /// The row after `previous`. Of equal ways the first is taken: keeping or substituting, deleting, inserting.
  private func next(
    _ previous: Row, _ index: Int, _ word: UInt32, _ operations: inout [Operation], tracing: Bool = true
  ) -> Row {
    let band = band(index)
    var row = Row(band: band, costs: [])
    row.costs.reserveCapacity(band.count)
    operations.removeAll(keepingCapacity: true)
    let shift = previous.band.lowerBound
    var left = Self.unreached
    for column in band {
      let isInside = column < previous.band.upperBound
      let above = isInside && column >= shift ? previous.costs[column - shift] : Self.unreached
      var (best, operation) = (Self.unreached, Operation.none)
      if column == 0 {
        (best, operation) = (above + 1, .delete)
      } else {
        let isInside = column > shift && column - 1 < previous.band.upperBound
        let diagonal = isInside ? previous.costs[column - 1 - shift] : Self.unreached
        let isEqual = word == reference[column - 1]
        let substituted = isEqual ? diagonal : diagonal + 1
        if best > substituted { (best, operation) = (substituted, isEqual ? .keep : .substitute) }
        if best > above + 1 { (best, operation) = (above + 1, .delete) }
        if best > left + 1 { (best, operation) = (left + 1, .insert) }
      }
      row.costs.append(best)
      if tracing { operations.append(operation) }
      left = best
    }
    return row
  }

  /// By how much a row differs from what it is without the shift; nil where not by one number.
  private func difference(_ row: Row, _ index: Int) -> Int? {
    let start = starts[index]
    var difference: Int32?
    for (offset, cost) in row.costs.enumerated() {
      let former = costs[start + offset]
      if cost == Self.unreached || former == Self.unreached {
        if cost != former { return nil }
      } else if difference ?? (cost - former) != cost - former {
        return nil
      } else {
        difference = cost - former
      }
    }
    return difference.map { Int($0) }
  }
}

/// What of a hypothesis stands for what of a reference.
struct EditAlignment {
  /// Of every word of the reference the last word of the hypothesis up to there; -1 where there is none.
  var wordOfReference: [Int] = []
  var referenceIsWrong: [Bool] = []
  var wordIsWrong: [Bool] = []
}
