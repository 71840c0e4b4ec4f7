// The characters that a character model knows. A character is a Unicode scalar: what a grapheme is depends on the
// version of Unicode.

/// Unicode scalars as ids: the known ones in rising order from 1 on; 0 stands for every other.
///
/// The unknown id is never a target of training or scored: nobody can say which of all the others it was.
public struct CharacterAlphabet: Sendable, Equatable {
  public static let unknownID: Int32 = 0

  /// The known scalars; `scalars[i]` has the id i + 1.
  public let scalars: [Unicode.Scalar]
  /// By the scalars' values, up to the largest known.
  private let ids: [Int32]

  /// - Parameter scalars: in any order; the same one twice counts once.
  public init(_ scalars: some Sequence<Unicode.Scalar>) {
    self.init(values: scalars.lazy.map(\.value))
  }

  /// The scalars of a text, given by their values.
  public init(values: some Sequence<UInt32>) {
    var isKnown: [Bool] = []
    for value in values {
      if value >= isKnown.count { isKnown += repeatElement(false, count: Int(value) + 1 - isKnown.count) }
      isKnown[Int(value)] = true
    }
    var ids = [Int32](repeating: CharacterAlphabet.unknownID, count: isKnown.count)
    var scalars: [Unicode.Scalar] = []
    for (value, isKnown) in isKnown.enumerated() where isKnown {
      guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
      scalars.append(scalar)
      ids[value] = Int32(scalars.count)
    }
    (self.scalars, self.ids) = (scalars, ids)
  }

  /// The number of ids: the known scalars and the unknown id.
  public var idCount: Int { scalars.count + 1 }

  /// The id of a scalar given by its value.
  public func id(of value: UInt32) -> Int32 { value < ids.count ? ids[Int(value)] : CharacterAlphabet.unknownID }

  /// The scalar of an id; nil for the unknown id and for what is no id.
  public func scalar(of id: Int32) -> Unicode.Scalar? {
    id > 0 && id <= scalars.count ? scalars[Int(id) - 1] : nil
  }

  /// The ids of a text, given by the values of its scalars.
  public func encode(_ values: some Collection<UInt32>) -> [Int32] { values.map { id(of: $0) } }

  /// The ids of a text.
  public func encode(_ text: String) -> [Int32] { text.unicodeScalars.map { id(of: $0.value) } }
}
