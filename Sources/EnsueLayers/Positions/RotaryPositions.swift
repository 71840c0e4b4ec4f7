// Rotary positions: what attention does to queries and keys instead of adding vectors of places to its input (Su et al.,
// RoFormer, 2021).

import EnsueFiles
import EnsueTensor

/// q_p = R_p W^Q x_p, k_p = R_p W^K x_p, where R_p turns the pairs of a head's features by the angles p θ_i,
/// θ_i = base^(−2i/d), or what a scaling makes of them. The score of a query and a key then depends on their places
/// through the difference alone.
///
/// Has no weights and no longest sequence.
public struct RotaryPositions: Sendable, Codable, Equatable {
  /// Which features make a pair.
  public var layout: RotaryLayoutKind
  /// The base of the frequencies; larger ones reach further (10,000 in the paper).
  public var base: Double
  /// For sequences longer than those of the first training; nil for the frequencies as they are.
  public var scaling: RotaryScaling?

  public init(layout: RotaryLayoutKind = .halves, base: Double = 10_000, scaling: RotaryScaling? = nil) {
    (self.layout, self.base, self.scaling) = (layout, base, scaling)
  }

  /// θ_i of the pairs of a head of d features.
  func frequencies(headSize: Int) -> [Double] {
    let frequencies = RotaryTable.frequencies(headSize: headSize, base: base)
    return scaling.map { scaling in frequencies.map { scaling.scaled($0) } } ?? frequencies
  }

  /// Turns every head by its row's place, the row's step.
  /// - Parameters:
  ///   - x: [rows, heads · d], d even.
  ///   - starts: steps before the first, in the caller's order; nil for none.
  public func callAsFunction(_ x: PackedSequence, headCount: Int, from starts: [Int]? = nil) -> PackedSequence {
    let places = x.layout.places(from: starts)
    let table = RotaryTable(
      places: (places.min() ?? 0)..<(places.max() ?? 0) + 1,
      frequencies: frequencies(headSize: x.featureCount / headCount), layout: layout, x.values.elementType)
    return x.replacingValues(x.values.rotated(by: table, places: places))
  }

  /// Refuses what cannot be turned.
  /// - Parameter section: written before the names in messages.
  /// - Throws: `Failure` of kind `configuration`.
  func check(headSize: Int, section: String) throws(Failure) {
    guard headSize.isMultiple(of: 2) else {
      throw Failure(
        .configuration, at: "\(section)headCount",
        "heads of an even number of features expected by rotary positions, found \(headSize)")
    }
    guard base > 1, base.isFinite else {
      throw Failure(.configuration, at: "\(section)rotary.base", "a number above 1 expected, found \(base)")
    }
    try scaling?.check(section: section)
  }
}
