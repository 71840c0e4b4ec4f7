// The sizes of a tensor's axes.

/// The sizes of a tensor's axes, outermost first: `[32, 128]`. At most six; `[]` is a scalar.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public static let rankLimit = 6

  public let rank: Int
  // Held in place rather than in an array: every operation makes shapes, and a small model's time is made of such.
  private var (first, second, third, fourth, fifth, sixth) = (1, 1, 1, 1, 1, 1)

  public init(_ sizes: [Int]) {
    precondition(sizes.count <= Shape.rankLimit, "a tensor has at most \(Shape.rankLimit) axes, not \(sizes.count)")
    precondition(sizes.allSatisfy { $0 >= 0 }, "negative size in the shape \(sizes)")
    rank = sizes.count
    for (index, size) in sizes.enumerated() { self[at: index] = size }
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  public var sizes: [Int] { (0..<rank).map { self[at: $0] } }

  private subscript(at index: Int) -> Int {
    get {
      switch index {
      case 0: first
      case 1: second
      case 2: third
      case 3: fourth
      case 4: fifth
      default: sixth
      }
    }
    set {
      switch index {
      case 0: first = newValue
      case 1: second = newValue
      case 2: third = newValue
      case 3: fourth = newValue
      case 4: fifth = newValue
      default: sixth = newValue
      }
    }
  }

  /// The number of elements: the product of all sizes.
  public var count: Int { first * second * third * fourth * fifth * sixth }

  /// The size of an axis; negative axes count from the last.
  public subscript(axis: Int) -> Int { self[at: index(of: axis)] }

  /// The size of the last axis; 1 for a scalar.
  package var columns: Int { rank == 0 ? 1 : self[at: rank - 1] }

  /// The number of rows when all axes but the last are taken as one.
  package var rows: Int { (0..<max(0, rank - 1)).reduce(1) { $0 * self[at: $1] } }

  /// A possibly negative axis as an index from the front.
  package func index(of axis: Int) -> Int {
    let index = axis < 0 ? axis + rank : axis
    precondition((0..<rank).contains(index), "the shape \(self) has no axis \(axis)")
    return index
  }

  package func replacing(axis: Int, with size: Int) -> Shape {
    var changed = self
    changed[at: index(of: axis)] = size
    return changed
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
