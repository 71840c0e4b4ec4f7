// The matrix of a map or the rows of a table, in the form in which it is trained or in the form in which it is run.

import EnsueTensor

/// A matrix of weights, [rows, columns].
enum WeightMatrix: Sendable {
  /// Numbers that a gradient can reach.
  case tensor(Tensor)
  /// The transpose in the panels that products read, in place of the tensor.
  case packed(PackedMatrix)

  /// The numbers; of a packed matrix a copy in its products' precision.
  var tensor: Tensor {
    switch self {
    case .tensor(let tensor): tensor
    case .packed(let matrix): matrix.transpose
    }
  }

  var rowCount: Int {
    switch self {
    case .tensor(let tensor): tensor.shape[0]
    case .packed(let matrix): matrix.columns
    }
  }

  var columnCount: Int {
    switch self {
    case .tensor(let tensor): tensor.shape[1]
    case .packed(let matrix): matrix.depth
    }
  }

  /// Of what the matrix is multiplied by.
  var elementType: ElementType {
    switch self {
    case .tensor(let tensor): tensor.elementType
    case .packed(let matrix): matrix.elementType
    }
  }

  /// The matrix laid out once, for many products without gradients; one that is laid out stays as it is.
  func packed(_ precision: WeightPrecisionKind) -> WeightMatrix {
    switch self {
    case .tensor(let tensor): .packed(PackedMatrix(tensor.detached, transposed: true, precision))
    case .packed: self
    }
  }

  /// A matrix of so many rows in this one's form, whose numbers are to come from elsewhere.
  func awaiting(rowCount: Int) -> WeightMatrix {
    switch self {
    case .tensor(let tensor): .tensor(Tensor(uninitialized: [rowCount, columnCount], tensor.elementType))
    case .packed(let matrix): .packed(PackedMatrix(like: matrix, columns: rowCount))
    }
  }

  /// x Wᵀ + b, or a function of that: [rows, columnCount] → [rows, rowCount]; the same numbers in either form, of full
  /// precision.
  func callAsFunction(_ x: Tensor, bias: Tensor? = nil, then function: UnitFunction? = nil) -> Tensor {
    if case .packed(let matrix) = self, !x.isTracked, bias?.isTracked != true {
      return matrix.multiplied(byRowsOf: x, bias: bias, then: function)
    }
    guard let function else { return linear(x, weight: tensor, bias: bias) }
    return linear(x, weight: tensor, bias: bias, then: function)
  }

  /// Rows by their numbers, without a gradient where the matrix is packed: [ids.count, columnCount].
  func gathered(_ ids: [Int32], gradientRow: Int32? = nil) -> Tensor {
    switch self {
    case .tensor(let tensor): tensor.gathered(ids, gradientRow: gradientRow)
    case .packed(let matrix): matrix.gathered(ids)
    }
  }

  /// Visits the matrix as a parameter. A packed one is shown as the numbers that it holds; where they are changed it is
  /// packed again as it was, unless a gradient is to flow.
  mutating func visit(_ visitor: inout ParameterVisitor, _ name: String, training: ParameterTraining) {
    switch consume self {
    case .tensor(var tensor):
      visitor.parameter(name, &tensor, training: training)
      self = .tensor(tensor)
    case .packed(let matrix):
      let before =
        visitor.readsNumbers
        ? matrix.transpose : Tensor(withoutNumbers: [matrix.columns, matrix.depth], matrix.elementType)
      var tensor = before
      visitor.parameter(name, &tensor, training: training)
      if tensor.isTracked {
        self = .tensor(tensor)
      } else if tensor.storage === before.storage {
        self = .packed(matrix)
      } else {
        self = .packed(PackedMatrix(tensor, transposed: true, matrix.precision))
      }
    }
  }
}
