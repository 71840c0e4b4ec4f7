// How the tensors of a file become the parameters of a model: names, joint matrices, matrices that lie the other way.

import EnsueTensor

/// The parameter, or the share of a tensor that is one.
public struct WeightPlace: Sendable, Equatable {
  /// The parameter's name.
  public let name: String
  /// Which of the tensor's equal parts it is, counted along the first axis (after transposing).
  public let part: Int
  public let partCount: Int
  /// Whether a matrix lies in the file as [input, output].
  public let isTransposed: Bool

  public init(_ name: String, part: Int = 0, of partCount: Int = 1, isTransposed: Bool = false) {
    (self.name, self.part, self.partCount, self.isTransposed) = (name, part, partCount, isTransposed)
  }

  /// The shape of a tensor that holds a parameter of these sizes here.
  func sizes(holding own: [Int]) -> [Int] {
    guard let first = own.first else { return own }
    let whole = [first * partCount] + own.dropFirst()
    return isTransposed && whole.count == 2 ? whole.reversed() : whole
  }

  /// The parameter in its tensor.
  func part(of tensor: Tensor) -> Tensor {
    let upright = isTransposed && tensor.shape.rank == 2 ? tensor.transposed() : tensor
    guard partCount > 1 else { return upright }
    let rows = upright.shape[0] / partCount
    return upright.sliced(part * rows..<(part + 1) * rows, axis: 0)
  }
}

/// What a file's names mean.
public struct WeightNaming {
  /// The parameters that a tensor of the file holds; none for a tensor that has no place.
  public var places: (String) -> [WeightPlace]
  /// Tensors of the file that are no part of the model and are not spoken of.
  public var isIgnored: (String) -> Bool = { _ in false }
  /// Parameters that may be missing.
  public var isOptional: (String) -> Bool = { _ in false }
  /// A parameter's name in such files, for messages; nil where it has its own.
  public var theirs: (String) -> String? = { _ in nil }
  /// Whether a tensor without a place is refused, and not only told of.
  public var refusesUnused = false

  public init(_ places: @escaping (String) -> [WeightPlace]) { self.places = places }
}

/// What was missing and what was left over when a model took its weights.
public struct WeightReport: Sendable, Equatable, CustomStringConvertible {
  /// Parameters that keep their first values, by their own names.
  public let missing: [String]
  /// Tensors of the file that the model has no place for.
  public let unused: [String]

  public init(missing: [String] = [], unused: [String] = []) { (self.missing, self.unused) = (missing, unused) }

  public var isEmpty: Bool { missing.isEmpty && unused.isEmpty }

  /// One line; empty where there is nothing to say.
  public var description: String { text() }

  /// The line.
  /// - Parameter theirs: a parameter's name in such files; nil where it has its own.
  public func text(_ theirs: (String) -> String? = { _ in nil }) -> String {
    [
      missing.isEmpty ? nil : "begin anew: \(WeightProblems.list(missing.map { theirs($0) ?? $0 }))",
      unused.isEmpty ? nil : "not used: \(WeightProblems.list(unused))",
    ].compactMap { $0 }.joined(separator: "; ")
  }
}
