// Rotary positions as operations (see OperationCases; numbers by Tests/Goldens/blocks.py), and what they are for.

import EnsueTensor
import EnsueTestSupport
import Testing

extension OperationCase {
  static let blocks = RotaryLayoutKind.allCases.flatMap { layout in
    [("", 6, 100.0), ("-wide", 38, 10_000.0)].map { ending, headSize, base in
      OperationCase("rotary-\(layout.rawValue)\(ending)", in: "blocks") { x, golden in
        let table = RotaryTable(places: 0..<4100, headSize: headSize, base: base, layout: layout, x[0].elementType)
        return x[0].rotated(by: table, places: try golden.integers("places"))
      }
    }
  }
}

@Suite struct RotaryRotationTests {
  private static func turned(_ x: Tensor, _ place: Int, _ layout: RotaryLayoutKind) -> Tensor {
    let table = RotaryTable(places: place..<place + 1, headSize: x.shape[1], layout: layout, x.elementType)
    return x.rotated(by: table, places: [Int](repeating: place, count: x.shape[0]))
  }

  /// The reason for turning at all (Su et al. 2021, section 3.2.1).
  @Test(arguments: RotaryLayoutKind.allCases) func aScoreDependsOnTheDistanceAlone(_ layout: RotaryLayoutKind) {
    let query = Tensor.normal([1, 10], key: RandomKey(seed: 1), .float64)
    let key = Tensor.normal([1, 10], key: RandomKey(seed: 2), .float64)
    func score(_ p: Int, _ q: Int) -> Double {
      (Self.turned(query, p, layout) * Self.turned(key, q, layout)).sum().scalar
    }
    for distance in [0, 1, 5, 900] {
      #expect(abs(score(distance, 0) - score(distance + 37, 37)) < 1e-11, "\(distance)")
    }
    #expect(abs(score(1, 0) - score(0, 1)) > 1e-3, "before and after differ")
    #expect(abs(score(1, 0) - score(2, 0)) > 1e-3)
  }

  @Test(arguments: RotaryLayoutKind.allCases) func thePlaceZeroChangesNothingAndNoPlaceTheLength(
    _ layout: RotaryLayoutKind
  ) {
    let x = Tensor.normal([3, 8], key: RandomKey(seed: 3))
    #expect(Self.turned(x, 0, layout).isIdentical(to: x))
    let lengths = (square(x).sum(axis: -1).doubles, square(Self.turned(x, 12_345, layout)).sum(axis: -1).doubles)
    #expect(Disagreement(lengths.1, lengths.0, relative: 1e-6, absolute: 0).isSmall)
  }

  /// The two layouts are one rotation of features in another order.
  @Test func theLayoutsDifferByTheOrderOfFeatures() {
    let x = Tensor.normal([4, 12], key: RandomKey(seed: 4), .float64)
    let order: [Int32] = [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    func halved(_ tensor: Tensor) -> Tensor { tensor.transposed().gathered(order).transposed() }
    let neighbours = halved(Self.turned(x, 11, .interleaved))
    #expect(Disagreement(Self.turned(halved(x), 11, .halves), neighbours, relative: 1e-14, absolute: 1e-14).isSmall)
  }

  /// A row is the same whatever range of places the table has, and whatever rows stand beside it.
  @Test(arguments: RotaryLayoutKind.allCases) func aRowsBitsDependOnItsPlaceAlone(_ layout: RotaryLayoutKind) {
    let x = Tensor.normal([5, 2 * 22], key: RandomKey(seed: 5))
    let places = [9, 2, 2, 30, 4]
    let all = x.rotated(by: RotaryTable(places: 0..<64, headSize: 22, layout: layout), places: places)
    for (row, place) in places.enumerated() {
      let table = RotaryTable(places: place..<place + 3, headSize: 22, layout: layout)
      let alone = x.sliced(row..<row + 1, axis: 0).rotated(by: table, places: [place])
      #expect(alone.isIdentical(to: all.sliced(row..<row + 1, axis: 0)), "row \(row)")
    }
  }
}
