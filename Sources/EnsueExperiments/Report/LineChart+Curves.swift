// Learning curves over seeds.

import EnsueReport

extension LineChart {
  /// The mean of several curves at the steps that all of them have.
  static func means(
    of curves: [[SequenceCurvePoint]], _ value: (SequenceCurvePoint) -> Double
  ) -> [Point] {
    guard let shortest = curves.map(\.count).min() else { return [] }
    return (0..<shortest).map { index in
      let values = curves.map { value($0[index]) }
      return Point(x: Double(curves[0][index].step), y: values.reduce(0, +) / Double(values.count))
    }
  }
}
