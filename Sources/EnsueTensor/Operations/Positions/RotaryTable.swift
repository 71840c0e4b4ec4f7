// Cosines and sines of rotary positions (Su, Lu, Pan, Murtadha, Wen and Liu, RoFormer: enhanced Transformer with rotary
// position embedding, 2021).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// cos(p θ_i) and sin(p θ_i), θ_i = base^(−2i/d), for a range of places p and the pairs i = 0 ..< d/2 of a head.
public struct RotaryTable: Sendable {
  public let layout: RotaryLayoutKind
  public let places: Range<Int>
  /// d
  public let headSize: Int
  /// [places, d], a number of each feature.
  let cosines: Tensor
  /// [places, d], negative for the first of a pair.
  let sines: Tensor

  /// θ_i = base^(−2i/d) of the pairs of a head.
  /// - Parameters:
  ///   - headSize: d, even.
  ///   - base: the longest wave is nearly this times 2π.
  public static func frequencies(headSize: Int, base: Double = 10_000) -> [Double] {
    precondition(
      headSize > 0 && headSize.isMultiple(of: 2) && base > 0,
      "rotary positions: a head of \(headSize) features, base \(base)")
    return (0..<headSize / 2).map { pow(base, -2 * Double($0) / Double(headSize)) }
  }

  /// - Parameters:
  ///   - headSize: d, even.
  ///   - base: of the frequencies.
  public init(
    places: Range<Int>, headSize: Int, base: Double = 10_000, layout: RotaryLayoutKind,
    _ elementType: ElementType = .float32
  ) {
    self.init(
      places: places, frequencies: RotaryTable.frequencies(headSize: headSize, base: base), layout: layout, elementType)
  }

  /// Computed in 64 bits: at a thousand places the angle alone would be wrong in the fourth place in 32.
  /// - Parameter frequencies: θ_i, one of each pair.
  public init(
    places: Range<Int>, frequencies: [Double], layout: RotaryLayoutKind, _ elementType: ElementType = .float32
  ) {
    precondition(
      !frequencies.isEmpty && places.lowerBound >= 0,
      "rotary positions: \(frequencies.count) frequencies, places \(places)")
    let headSize = 2 * frequencies.count
    let pairs = (0..<headSize).map { layout.pair(of: $0, size: headSize) }
    var (cosines, sines) = ([Double](), [Double]())
    cosines.reserveCapacity(places.count * headSize)
    sines.reserveCapacity(places.count * headSize)
    for place in places {
      let turns = frequencies.map { (cosine: cos(Double(place) * $0), sine: sin(Double(place) * $0)) }
      for pair in pairs {
        cosines.append(turns[pair.index].cosine)
        sines.append(pair.isFirst ? -turns[pair.index].sine : turns[pair.index].sine)
      }
    }
    (self.layout, self.places, self.headSize) = (layout, places, headSize)
    self.cosines = Tensor(cosines, shape: [places.count, headSize]).converted(to: elementType)
    self.sines = Tensor(sines, shape: [places.count, headSize]).converted(to: elementType)
  }
}
