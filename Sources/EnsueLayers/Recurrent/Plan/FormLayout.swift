// Where forms and operands stand side by side, so that products are few and wide: forms that the same operands enter
// are neighbours, and operands that enter the same forms are neighbours too.

/// The order of forms and operands in the wide buffers.
struct FormLayout {
  typealias Operand = CellTerms.Operand

  /// The position of each form.
  let formPositions: [Int]
  /// The operands in order; the input first.
  let operandOrder: [Int]
  /// The column of `joined` where each operand begins; column 0 is one.
  let operandColumns: [Int]
  let joinedWidth: Int
  private let forms: [CellTerms.Form]

  init(_ terms: CellTerms) {
    forms = terms.forms
    formPositions = FormLayout.positions(of: terms.forms.map(\.operands))
    operandOrder = terms.operands.indices.sorted {
      (terms.operands[$0].phase, $0) < (terms.operands[$1].phase, $1)
    }
    var columns = [Int](repeating: 0, count: terms.operands.count)
    var column = 1
    for operand in operandOrder {
      columns[operand] = column
      column += operand == CellTerms.inputOperand ? terms.inputSize : terms.hiddenSize
    }
    (operandColumns, joinedWidth) = (columns, column)
  }

  /// Forms with the same operands together; after each group the one that shares most operands with it.
  private static func positions(of sets: [Set<Int>]) -> [Int] {
    var groups: [(set: Set<Int>, forms: [Int])] = []
    for (form, set) in sets.enumerated() {
      if let known = groups.firstIndex(where: { $0.set == set }) {
        groups[known].forms.append(form)
      } else {
        groups.append((set, [form]))
      }
    }
    var order: [Int] = []
    var last: Set<Int>?
    while !groups.isEmpty {
      let next =
        groups.indices.min { a, b in
          rank(groups[a].set, after: last) < rank(groups[b].set, after: last)
        } ?? 0
      last = groups[next].set
      order += groups.remove(at: next).forms
    }
    var positions = [Int](repeating: 0, count: sets.count)
    for (position, form) in order.enumerated() { positions[form] = position }
    return positions
  }

  /// Begins with the smallest set; afterwards the greatest overlap comes first.
  private static func rank(_ set: Set<Int>, after last: Set<Int>?) -> Int {
    last.map { -set.intersection($0).count } ?? set.count
  }

  /// The positions of the forms that an operand enters, as ranges.
  func runs(of operand: Int) -> [Range<Int>] {
    FormLayout.ranges(forms.indices.filter { forms[$0].operands.contains(operand) }.map { formPositions[$0] })
  }

  /// The positions of the forms with a bias.
  var biasRuns: [Range<Int>] {
    FormLayout.ranges(forms.indices.filter { !forms[$0].biases.isEmpty }.map { formPositions[$0] })
  }

  static func ranges(_ numbers: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for number in numbers.sorted() {
      if let last = ranges.last, last.upperBound == number {
        ranges[ranges.count - 1] = last.lowerBound..<number + 1
      } else {
        ranges.append(number..<number + 1)
      }
    }
    return ranges
  }

  /// The form at a position.
  func form(at position: Int) -> Int { formPositions.firstIndex(of: position) ?? 0 }
}
