// A few sentences of everything: to see in a minute whether a training would run.

extension DataSplits {
  /// At most `count` examples of each part, the share of every class as it was, in the order of the files.
  /// - Parameter seed: decides which; independent of any other use of the same number.
  public func sampled(_ count: Int, seed: UInt64) -> DataSplits {
    DataSplits(
      training: training.sampled(count, seed: seed), validation: validation.sampled(count, seed: seed),
      test: test?.sampled(count, seed: seed))
  }
}

extension LabelledDataset {
  /// At most so many examples, the share of every class as it was, in the order of the files.
  public func sampled(_ wanted: Int, seed: UInt64) -> LabelledDataset {
    guard count > wanted else { return self }
    var members = [[Int]](repeating: [], count: labels.count)
    for (index, example) in examples.enumerated() { members[example.label].append(index) }
    // No seats where a class would be used up: the part is hardly larger than the sample.
    let seats = StratifiedSeats.seats(members.map(\.count), wanted: wanted)
    guard let seats else { return selecting(Array(examples.indices.prefix(wanted)), name: name) }
    var chosen: [Int] = []
    for (label, indices) in members.enumerated() {
      var random = SplitMix64(seed: seed, stream: 0x5EED_0002 &+ UInt64(label) << 32)
      var order = indices
      random.shuffle(&order)
      chosen += order.prefix(seats[label])
    }
    return selecting(chosen.sorted(), name: name)
  }
}
