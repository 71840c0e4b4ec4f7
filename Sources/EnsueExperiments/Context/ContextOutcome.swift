// What the experiment with contexts measured, in figures; `ContextOutcome+Report` says them.

import EnsueEvaluation

/// Losses by size and by position.
public struct ContextOutcome: ExperimentOutcome {
  public let experiment: ContextExperiment
  /// What the text was.
  let note: String
  public let trials: [ContextTrial]

  /// Consecutive positions, counted from 0, whose losses are shown as one.
  struct Bin: Sendable, Equatable {
    let positions: Range<Int>
    /// Where it is drawn: the geometric mean of the symbols that were read.
    var readCount: Double { (Double(positions.lowerBound + 1) * Double(positions.upperBound)).squareRoot() }
  }

  /// Bins that grow by half and by a third in turn: 1, 2, 3, 4–5, 6–7, 8–11, 12–15, …
  static func bins(_ contextLength: Int) -> [Bin] {
    var bins: [Bin] = []
    var (start, width) = (0, 1)
    while start < contextLength {
      // Positions from 1 on: a new power of two doubles the width of its two bins.
      width = max(1, (start + 1).leadingPowerOfTwo / 2)
      let end = min(start + width, contextLength)
      bins.append(Bin(positions: start..<end))
      start = end
    }
    return bins
  }

  func trials(_ family: ContextFamily, width: Int? = nil) -> [ContextTrial] {
    trials.filter { $0.family == family && (width == nil || $0.width == width) }
  }

  /// The validation loss of a size, over seeds.
  public func loss(_ family: ContextFamily, width: Int) -> Spread? {
    Spread(trials(family, width: width).map(\.loss))
  }

  /// The loss at some positions of a size, over seeds.
  public func loss(_ family: ContextFamily, width: Int, at positions: Range<Int>) -> Spread? {
    Spread(trials(family, width: width).map { $0.loss(at: positions) })
  }

  /// The inner parameters of a size.
  func innerParameterCount(_ family: ContextFamily, width: Int) -> Int? {
    trials(family, width: width).first?.innerParameterCount
  }

  /// The trials of each seed: the sorting of `trials` keeps seeds in order within a size.
  private func bySeed(_ family: ContextFamily) -> [[ContextTrial]] {
    let sizes = experiment.widths.map { trials(family, width: $0) }
    let count = sizes.map(\.count).min() ?? 0
    return (0..<count).map { seed in sizes.map { $0[seed] } }
  }

  /// α of L(N) = (N_c / N)^α over the sizes, fitted for each seed.
  public func sizeExponent(_ family: ContextFamily) -> Spread? {
    Spread(
      bySeed(family).compactMap { trials in
        PowerLaw(trials.map { (Double($0.innerParameterCount), $0.loss) })?.exponent
      })
  }

  /// The fewest symbols read that the exponents over positions take into account.
  static let firstFitted = 4

  /// The exponent of the fall of the loss with the symbols read, from `firstFitted` on, fitted for each seed.
  public func positionExponent(_ family: ContextFamily, width: Int) -> Spread? {
    let bins = ContextOutcome.bins(experiment.contextLength).filter {
      $0.positions.lowerBound + 1 >= ContextOutcome.firstFitted
    }
    return Spread(
      trials(family, width: width).compactMap { trial in
        PowerLaw(bins.map { ($0.readCount, trial.loss(at: $0.positions)) })?.exponent
      })
  }
}

extension Int {
  /// The largest power of two that is not larger.
  fileprivate var leadingPowerOfTwo: Int { 1 << (Int.bitWidth - 1 - leadingZeroBitCount) }
}
