// What an import did.

/// Which tensors an import took, and which it left.
public struct RecurrentWeightReport: Sendable, Equatable {
  /// As the file names them, in the order of the cells.
  public var used: [String] = []
  /// Tensors of the prefix that no cell asked for; empty unless that was allowed.
  public var unused: [String] = []
  /// The number of tensors of other prefixes.
  public var otherCount = 0
  /// The number of biases that are the sum of two of the file: the same function, but the two are one from now on.
  public var summedBiasCount = 0
}
