// Sums as text, `16+75` to `91`: Zaremba and Sutskever, "Learning to execute", 2014.

import EnsueFiles

/// Sums of two numbers. How many digits a number has is equally likely from 1 to `digits`, then every such number.
public struct AdditionPairs: PairGenerator, Equatable {
  /// The most digits of a number that is added.
  public let digits: Int

  /// - Throws: `Failure` of kind `configuration` when the digits are not in 1...15.
  public init(digits: Int = 3) throws {
    try SequenceTaskSetting.check(digits, in: 1...15, "the digits of addition")
    self.digits = digits
  }

  public var kind: ParallelDatasetKind { .addition }
  public var summary: String { "two numbers of up to \(PrintedNumber.counted(digits, "digit", "digits")) added" }

  package func pair(_ random: inout SplitMix64) -> SentencePair {
    let (left, right) = (number(&random), number(&random))
    return SentencePair(source: "\(left)+\(right)", target: "\(left + right)")
  }

  private func number(_ random: inout SplitMix64) -> Int {
    let least = (0..<random.below(digits)).reduce(1) { power, _ in power * 10 }
    return least == 1 ? random.below(10) : least + random.below(9 * least)
  }
}
