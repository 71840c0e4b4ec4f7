// Holding out validation data: a share of every class, chosen by a seed of its own, so that runs with different
// training seeds stop by the same sentences.

import EnsueFiles

extension LabelledDataset {
  /// Splits off about `fraction` of the examples, the same share of every class.
  ///
  /// Of n examples V = round(fraction · n) are held out, at least one when `fraction` is above 0. Class c with n_c
  /// examples gives ⌊V · n_c / n⌋; the seats left go to the largest remainders, the earlier class first among equals.
  /// Every class keeps at least one example for training. Within a class all choices are equally likely; both parts
  /// keep the order of the files.
  /// - Parameters:
  ///   - fraction: in 0..<1; 0 holds out nothing.
  ///   - seed: decides which; independent of any other use of the same number.
  /// - Throws: `Failure` of kind `configuration` for a fraction out of range, of kind `data` when there are too few
  ///   examples to hold one out.
  public func stratifiedSplit(fraction: Double, seed: UInt64) throws
    -> (training: LabelledDataset, validation: LabelledDataset)
  {
    guard fraction >= 0, fraction < 1 else {
      throw Failure(
        .configuration, at: "the validation fraction", "a number from 0 to below 1 expected, found \(fraction)")
    }
    var members = [[Int]](repeating: [], count: labels.count)
    for (index, example) in examples.enumerated() { members[example.label].append(index) }
    let wanted = fraction == 0 ? 0 : max(1, Int((fraction * Double(count)).rounded()))
    guard let seats = StratifiedSeats.seats(members.map(\.count), wanted: wanted) else {
      let rows = PrintedNumber.counted(count, "example", "examples")
      throw Failure(
        .data, at: name, "\(wanted) to hold out for validation expected, found \(rows) of \(labels.count) classes",
        advice: "Use a smaller fraction, or give validation data.")
    }
    var isHeldOut = [Bool](repeating: false, count: count)
    for (label, indices) in members.enumerated() {
      var random = SplitMix64(seed: seed, stream: 0x5EED_0001 &+ UInt64(label) << 32)
      var order = indices
      random.shuffle(&order)
      for index in order.prefix(seats[label]) { isHeldOut[index] = true }
    }
    return (
      selecting(examples.indices.filter { !isHeldOut[$0] }, name: name),
      selecting(examples.indices.filter { isHeldOut[$0] }, name: "\(baseName) validation")
    )
  }

  /// The name without ` training` at its end.
  private var baseName: String {
    name.utf8.reversed().starts(with: " training".utf8.reversed()) ? String(name.dropLast(9)) : name
  }
}
