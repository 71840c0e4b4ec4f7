// The matrix products of a step, of the input over all steps, and of the weights' gradients.

import EnsueTensor

/// Products grouped so that neighbours in the wide buffers are multiplied at once.
struct ForwardProducts {
  /// Operands side by side in `joined` that enter the same forms. A nil operand is the column of ones.
  private struct Group {
    var operands: [Int?]
    let runs: [Range<Int>]
  }

  private let terms: CellTerms
  private let layout: FormLayout
  private let hidden: Int
  private let foldsInput: Bool
  private var written = Set<Int>()
  /// The operands of each phase in order.
  private let operandsOfPhase: [Int: [Int]]
  /// Of the input over all steps; empty where it is part of each step.
  private(set) var inputProducts: [CellProduct] = []

  /// Packed weights up to this many bytes stay in the second-level cache over the steps of a sequence.
  private static let cachedWeightBytes = 1 << 19

  /// - Parameter foldsInput: whether the input's product may be part of each step.
  init(_ terms: CellTerms, _ layout: FormLayout, foldsInput mayFold: Bool) {
    (self.terms, self.layout, hidden) = (terms, layout, terms.hiddenSize)
    operandsOfPhase = Dictionary(grouping: layout.operandOrder) { terms.operands[$0].phase }
    let maps = terms.forms.flatMap(\.maps).filter { terms.operands[$0.operand].phase == 0 }
    let weights = maps.reduce(0) { $0 + terms.matrixShapes[$1.matrix].count }
    foldsInput = mayFold && weights * 4 <= ForwardProducts.cachedWeightBytes
    if !foldsInput {
      let group = Group(operands: [CellTerms.inputOperand], runs: layout.runs[CellTerms.inputOperand])
      inputProducts = products(of: [group])
    }
  }

  /// The products after the instructions of a phase.
  mutating func take(phase: Int) -> [CellProduct] {
    let operands = (operandsOfPhase[phase] ?? []).filter { foldsInput || $0 != CellTerms.inputOperand }
    return products(of: groups(of: operands))
  }

  private func groups(of operands: [Int?]) -> [Group] {
    var groups: [Group] = []
    for operand in operands {
      guard let runs = operand.map({ layout.runs[$0] }), !runs.isEmpty else { continue }
      if let last = groups.last, last.runs == runs, areNeighbours(last.operands.last ?? nil, operand) {
        groups[groups.count - 1].operands.append(operand)
      } else {
        groups.append(Group(operands: [operand], runs: runs))
      }
    }
    return groups
  }

  private func column(_ operand: Int?) -> Int { operand.map { layout.operandColumns[$0] } ?? 0 }

  private func width(_ operand: Int?) -> Int {
    guard let operand else { return 1 }
    return operand == CellTerms.inputOperand ? terms.inputSize : hidden
  }

  private func areNeighbours(_ a: Int?, _ b: Int?) -> Bool { column(a) + width(a) == column(b) }

  private mutating func products(of groups: [Group]) -> [CellProduct] {
    groups.flatMap { group in
      group.runs.flatMap { splitByWriting($0) }.map { run in
        let isFirst = !written.contains(run.lowerBound)
        written.formUnion(run)
        return product(of: group.operands, run, isFirst: isFirst)
      }
    }
  }

  /// A form is begun by its first product, and added to by the others.
  private func splitByWriting(_ run: Range<Int>) -> [Range<Int>] {
    FormLayout.ranges(run.filter { written.contains($0) }) + FormLayout.ranges(run.filter { !written.contains($0) })
  }

  private func product(of operands: [Int?], _ run: Range<Int>, isFirst: Bool) -> CellProduct {
    var blocks: [MatrixBlock] = []
    var biases: [(vector: Int, column: Int)] = []
    for position in run {
      let form = terms.forms[layout.formOrder[position]]
      let columnOffset = (position - run.lowerBound) * hidden
      for map in form.maps where operands.contains(map.operand) {
        blocks.append(
          MatrixBlock(
            matrix: map.matrix, depthOffset: column(map.operand) - column(operands[0]), columnOffset: columnOffset))
      }
      if isFirst { biases += form.biases.map { ($0, columnOffset) } }
    }
    return CellProduct(
      source: CellOperand(.joined, column(operands[0])), target: CellOperand(.tape, run.lowerBound * hidden),
      depth: operands.reduce(0) { $0 + width($1) }, columns: run.count * hidden, blocks: blocks, biases: biases,
      accumulates: !isFirst)
  }

  /// gradientᵀ · [1 | x | …], by groups.
  var weightGradients: [WeightGradientProduct] {
    gradientGroups.flatMap { group in
      group.runs.map { run in
        let start = column(group.operands[0])
        var matrices: [(matrix: Int, row: Int, column: Int)] = []
        var biases: [(vector: Int, row: Int)] = []
        for position in run {
          let form = terms.forms[layout.formOrder[position]]
          let row = (position - run.lowerBound) * hidden
          for map in form.maps where group.operands.contains(map.operand) {
            matrices.append((map.matrix, row, column(map.operand) - start))
          }
          if group.operands.contains(nil) { biases += form.biases.map { ($0, row) } }
        }
        let end = start + group.operands.reduce(0) { $0 + width($1) }
        return WeightGradientProduct(
          rows: run.lowerBound * hidden..<run.upperBound * hidden, columns: start..<end, matrices: matrices,
          biases: biases)
      }
    }
  }

  /// The biases whose gradient is not part of those products, with the columns of `gradient` to be summed.
  var summedBiases: [(vector: Int, column: Int)] {
    if gradientGroups.first?.operands.first == .some(nil) { return [] }
    return terms.forms.enumerated().flatMap { number, form in
      form.biases.map { ($0, layout.formPositions[number] * hidden) }
    }
  }

  /// The column of ones joins the first group where it enters the same forms and costs no further vector.
  private var gradientGroups: [Group] {
    var groups = groups(of: layout.operandOrder.map { Optional($0) })
    let vector = 16
    if let first = groups.first, first.runs == layout.biasRuns, areNeighbours(nil, first.operands[0]),
      !first.operands.reduce(0, { $0 + width($1) }).isMultiple(of: vector)
    {
      groups[0].operands.insert(nil, at: 0)
    }
    return groups
  }

  /// dx from the gradients of the forms x enters.
  var inputGradients: [CellProduct] {
    layout.runs[CellTerms.inputOperand].enumerated().map { index, run in
      backwardProduct(
        of: CellTerms.inputOperand, run, terms, layout, target: CellOperand(.input), accumulates: index > 0)
    }
  }
}

/// The gradient of an operand from those of a run of forms: gradient[:, run] · W.
func backwardProduct(
  of operand: Int, _ run: Range<Int>, _ terms: CellTerms, _ layout: FormLayout, target: CellOperand, accumulates: Bool
) -> CellProduct {
  let hidden = terms.hiddenSize
  let blocks = run.flatMap { position in
    terms.forms[layout.formOrder[position]].maps.filter { $0.operand == operand }.map {
      MatrixBlock(matrix: $0.matrix, depthOffset: (position - run.lowerBound) * hidden, columnOffset: 0)
    }
  }
  return CellProduct(
    source: CellOperand(.gradient, run.lowerBound * hidden), target: target, depth: run.count * hidden,
    columns: operand == CellTerms.inputOperand ? terms.inputSize : hidden, blocks: blocks, accumulates: accumulates)
}
