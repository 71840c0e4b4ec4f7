// The sinusoidal table: its formula, and what it is good for.

import EnsueLayers
import EnsueTensor
import Foundation
import Testing

@Suite struct SinusoidalPositionsTests {
  @Test(arguments: [(1, 1), (7, 5), (50, 16), (3, 512), (0, 4)]) func theFormula(_ length: Int, _ width: Int) {
    let table = SinusoidalPositions.table(length: length, width: width)
    #expect(table.shape == [length, width])
    let values = table.floats
    for position in 0..<length {
      for feature in 0..<width {
        let pair = feature / 2
        let angle = Double(position) / pow(10_000, Double(2 * pair) / Double(width))
        let expected = feature % 2 == 0 ? sin(angle) : cos(angle)
        #expect(abs(Double(values[position * width + feature]) - expected) < 1e-6, "\(position), \(feature)")
      }
    }
  }

  @Test func dotProductsDependOnTheDistanceAlone() {
    let table = SinusoidalPositions.table(length: 40, width: 64).converted(to: .float64)
    let products = matmul(table, table, transposingRight: true).doubles
    for row in 0..<39 {
      for column in 0..<39 {
        #expect(abs(products[row * 40 + column] - products[(row + 1) * 40 + column + 1]) < 1e-4)
      }
      #expect(abs(products[row * 41] - 32) < 1e-4)
    }
  }

  @Test func farPositionsKeepTheirPrecision() {
    let last = SinusoidalPositions.table(length: 20_001, width: 2).sliced(20_000..<20_001, axis: 0).floats
    #expect(abs(Double(last[0]) - sin(20_000)) < 1e-7 && abs(Double(last[1]) - cos(20_000)) < 1e-7)
  }
}
