// The sizes of a tensor's axes.

/// The sizes of a tensor's axes, outermost first: `[32, 128]`. At most six; `[]` is a scalar.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public static let rankLimit = 6

  public let sizes: [Int]

  public init(_ sizes: [Int]) {
    precondition(sizes.count <= Shape.rankLimit, "a tensor has at most \(Shape.rankLimit) axes, not \(sizes.count)")
    precondition(sizes.allSatisfy { $0 >= 0 }, "negative size in the shape \(sizes)")
    self.sizes = sizes
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  public var rank: Int { sizes.count }

  /// The number of elements: the product of all sizes.
  public var count: Int { sizes.reduce(1, *) }

  /// The size of an axis; negative axes count from the last.
  public subscript(axis: Int) -> Int { sizes[index(of: axis)] }

  /// The size of the last axis; 1 for a scalar.
  package var columns: Int { sizes.last ?? 1 }

  /// The number of rows when all axes but the last are taken as one.
  package var rows: Int { sizes.dropLast().reduce(1, *) }

  /// A possibly negative axis as an index from the front.
  package func index(of axis: Int) -> Int {
    let index = axis < 0 ? axis + rank : axis
    precondition(sizes.indices.contains(index), "the shape \(self) has no axis \(axis)")
    return index
  }

  package func replacing(axis: Int, with size: Int) -> Shape {
    var changed = sizes
    changed[index(of: axis)] = size
    return Shape(changed)
  }

  package func removing(axis: Int) -> Shape {
    var changed = sizes
    changed.remove(at: index(of: axis))
    return Shape(changed)
  }

  public var description: String { Shape.text(sizes) }

  /// Sizes as a shape is printed, of any rank.
  package static func text(_ sizes: [Int]) -> String { "[\(sizes.map(String.init).joined(separator: ", "))]" }
}
