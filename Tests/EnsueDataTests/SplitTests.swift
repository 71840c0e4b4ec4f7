// Laws of the stratified split and of the generator behind it.

import EnsueData
import EnsueFiles
import Testing

@Suite struct SplitTests {
  /// A data set with the given number of examples of each class, the classes mixed.
  private func data(_ counts: [Int]) -> LabelledDataset {
    var left = counts
    var examples: [LabelledExample] = []
    while left.contains(where: { $0 > 0 }) {
      for label in left.indices where left[label] > 0 {
        left[label] -= 1
        examples.append(LabelledExample(text: "t\(examples.count)", label: label, line: examples.count + 1))
      }
    }
    return LabelledDataset(
      name: "d training", labels: counts.indices.map { "l\($0)" }, examples: examples, report: ReadingReport())
  }

  /// By hand: quotas V · n_c / n, floors, then the largest remainders.
  @Test(
    arguments: [
      ([5_000, 5_000], 0.2, [1_000, 1_000]), ([10, 10, 10], 0.1, [1, 1, 1]), ([3, 3, 4], 0.25, [1, 1, 1]),
      ([7, 2, 1], 0.3, [2, 1, 0]), ([1, 9], 0.5, [0, 5]), ([1, 1, 8], 0.5, [0, 0, 5]), ([2, 2], 0.01, [1, 0]),
      ([7_723, 22_195, 19_652], 0.2, [1_545, 4_439, 3_930]), ([4, 4], 0.0, [0, 0]), ([2, 2], 0.5, [1, 1]),
    ] as [([Int], Double, [Int])])
  func counts(_ classes: [Int], _ fraction: Double, _ expected: [Int]) throws {
    let data = data(classes)
    let split = try data.stratifiedSplit(fraction: fraction, seed: 3)
    #expect(split.validation.classBalance.counts == expected)
    #expect(split.training.classBalance.counts == zip(classes, expected).map { $0 - $1 })
    #expect(split.training.name == "d training" && split.validation.name == "d validation")
  }

  @Test(arguments: 0..<40) func laws(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let data = data((0..<1 + random.below(6)).map { _ in 1 + random.below(40) })
    let fraction = Double(1 + random.below(50)) / 100
    guard let split = try? data.stratifiedSplit(fraction: fraction, seed: 11) else {
      #expect(Int((fraction * Double(data.count)).rounded()) > data.count - data.labels.count || data.count < 6)
      return
    }
    let again = try data.stratifiedSplit(fraction: fraction, seed: 11)
    #expect(split.training == again.training && split.validation == again.validation)
    let parts = [split.training, split.validation].map { $0.examples.map(\.line) }
    #expect(parts.allSatisfy { $0 == $0.sorted() })
    #expect((parts[0] + parts[1]).sorted() == Array(1...data.count))
    #expect(split.training.classBalance.counts.allSatisfy { $0 >= 1 })
  }

  @Test func seedsDiffer() throws {
    let data = data([50, 50])
    let lines = try (0..<4).map { try data.stratifiedSplit(fraction: 0.2, seed: $0).validation.examples.map(\.line) }
    #expect(Set(lines).count == 4)
  }

  @Test(arguments: [-0.1, 1, 1.5, Double.nan, Double.infinity]) func wrongFractions(_ fraction: Double) throws {
    let failure = try #require(throws: Failure.self) {
      _ = try data([5, 5]).stratifiedSplit(fraction: fraction, seed: 0)
    }
    #expect(failure.kind == .configuration)
  }

  @Test func tooFew() throws {
    let failure = try #require(throws: Failure.self) { _ = try data([1, 1]).stratifiedSplit(fraction: 0.2, seed: 0) }
    #expect(failure.problem == "1 to hold out for validation expected, found 2 examples of 2 classes")
  }

  /// The sequence of seed 1234567 that implementations of SplitMix64 are compared by.
  @Test func publishedSequence() {
    var random = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    for (index, word) in expected.enumerated() {
      #expect(random.next() == word)
      #expect(SplitMix64(seed: 1_234_567).word(at: UInt64(index)) == word)
    }
  }

  /// All orders of four things are about equally frequent: χ² of 23 degrees of freedom below its 99.9 % point, 49.7.
  @Test func shuffleIsUniform() {
    var random = SplitMix64(seed: 1, stream: 2)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var order = [0, 1, 2, 3]
      random.shuffle(&order)
      counts[order, default: 0] += 1
    }
    let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 1_000) * ($1 - 1_000)) / 1_000 }
    #expect(counts.count == 24 && chiSquare < 49.7)
  }
}
