// A learned weight as a formula declares it, by using it.

/// A learned weight of a cell.
public struct CellParameter: Sendable, Equatable, Hashable {
  public let name: String
  public let kind: CellParameterKind
  /// What every element of a vector begins with; 0 unless the formula says otherwise. Maps begin as the initialiser
  /// says, and this is 0.
  public let firstValue: Double

  public init(name: String, kind: CellParameterKind, firstValue: Double) {
    self.name = name
    self.kind = kind
    self.firstValue = firstValue
  }
}
