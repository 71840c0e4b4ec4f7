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
  /// The form at each position.
  let formOrder: [Int]
  /// The positions of the forms that each operand enters, as ranges.
  let runs: [[Range<Int>]]
  /// The positions of the forms with a bias.
  let biasRuns: [Range<Int>]

  init(_ terms: CellTerms) {
    formOrder = FormLayout.order(terms)
    var positions = [Int](repeating: 0, count: formOrder.count)
    for (position, form) in formOrder.enumerated() { positions[form] = position }
    formPositions = positions
    runs = terms.formsOfOperand.map { forms in FormLayout.ranges(forms.map { positions[$0] }) }
    biasRuns = FormLayout.ranges(
      terms.forms.indices.filter { !terms.forms[$0].biases.isEmpty }.map { positions[$0] })
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

  /// Forms with the same operands together, the group with the fewest operands first; after each group the one that
  /// shares most operands with it.
  private static func order(_ terms: CellTerms) -> [Int] {
    var groups: [(operands: [Int], forms: [Int])] = []
    var known: [[Int]: Int] = [:]
    /// For each operand the groups it enters.
    var entered = [[Int]](repeating: [], count: terms.operands.count)
    for (form, maps) in terms.forms.map(\.maps).enumerated() {
      let operands = maps.map(\.operand).sorted()
      if let group = known[operands] {
        groups[group].forms.append(form)
      } else {
        known[operands] = groups.count
        for operand in operands { entered[operand].append(groups.count) }
        groups.append((operands, [form]))
      }
    }
    let sizes = groups.map(\.operands.count)
    guard var next = sizes.indices.min(by: { sizes[$0] < sizes[$1] }) else { return [] }
    var order: [Int] = []
    var isPlaced = [Bool](repeating: false, count: groups.count)
    var firstWaiting = 0
    while true {
      order += groups[next].forms
      isPlaced[next] = true
      while firstWaiting < groups.count && isPlaced[firstWaiting] { firstWaiting += 1 }
      if firstWaiting == groups.count { return order }
      var shared: [Int: Int] = [:]
      for operand in groups[next].operands {
        for group in entered[operand] where !isPlaced[group] { shared[group, default: 0] += 1 }
      }
      // Of those that share as many, the first.
      next = shared.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? firstWaiting
    }
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
}
