// Sines and cosines in place of positions (Vaswani et al., Attention is all you need, 2017).

import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed vector for every position: waves of lengths from 2π to 10000 · 2π.
///
/// PE(pos, 2i) = sin(pos / 10000^(2i / d)), PE(pos, 2i + 1) = cos(pos / 10000^(2i / d)). Where d is even, the dot product
/// of two positions depends on their distance alone: Σ_i cos((p - q) / 10000^(2i / d)), and a position's with itself is
/// d / 2.
public enum SinusoidalPositions {
  /// The longest wave is this times 2π.
  private static let base = 10_000.0

  /// The vectors of the positions 0, 1, …: [length, width], in 32 bits. An odd width ends with a sine.
  public static func table(length: Int, width: Int) -> Tensor {
    precondition(length >= 0 && width > 0, "SinusoidalPositions: \(length) positions of \(width) features")
    return vectors(of: 0..<length, width: width).converted(to: .float32)
  }

  /// The vectors of some positions: [positions, width], in 64 bits. At a thousand positions the angle alone would be
  /// wrong in the fourth place in 32.
  public static func vectors(of positions: Range<Int>, width: Int) -> Tensor {
    let frequencies = (0..<(width + 1) / 2).map { pow(base, -2 * Double($0) / Double(width)) }
    var values: [Double] = []
    values.reserveCapacity(positions.count * width)
    for position in positions {
      for feature in 0..<width {
        let angle = Double(position) * frequencies[feature / 2]
        values.append(feature.isMultiple(of: 2) ? sin(angle) : cos(angle))
      }
    }
    return Tensor(values, shape: [positions.count, width])
  }
}
