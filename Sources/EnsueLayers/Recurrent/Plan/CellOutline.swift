// What a cell's plan comes to, for people: its weights, its phases and what a step costs.

import EnsueTensor

/// A cell at one size in words and numbers.
public struct CellOutline: Sendable {
  /// A learned weight.
  public struct Weight: Sendable {
    public let name: String
    public let shape: Shape
    public let meaning: String
  }

  public let weights: [Weight]
  /// What a step does, a sentence a line.
  public let lines: [String]

  public init(_ formula: CellFormula, inputSize: Int, hiddenSize: Int) {
    let (program, terms) = CellPlanner.program(
      for: formula, inputSize: inputSize, hiddenSize: hiddenSize, isForTraining: true)
    weights =
      zip(terms.matrices, terms.matrixShapes).map { name, shape in
        let isStateMap = CellParameterKind(nameOf: name) == .stateMap
        return Weight(name: name, shape: shape, meaning: isStateMap ? "maps a state or value" : "maps the input")
      }
      + terms.vectors.map { name in
        let first = formula.firstValues[name].map { ", starts at \($0.formatted)" } ?? ""
        let isBias = CellParameterKind(nameOf: name) == .bias
        return Weight(
          name: name, shape: [hiddenSize], meaning: (isBias ? "is added" : "multiplies unit by unit") + first)
      }
    let count = weights.reduce(0) { $0 + $1.shape.count }
    let phases = program.forward.phases
    let products = phases.reduce(0) { $0 + $1.products.count }
    func instructionCount(_ phases: [CellPass.Phase]) -> Int { phases.reduce(0) { $0 + $1.instructions.count } }
    let (forward, backward) = (instructionCount(phases), instructionCount(program.backward.phases))
    let kept = program.tapeWidth + program.joinedWidth + program.resultCount * hiddenSize
    lines = [
      "\(count) weights at input \(inputSize), hidden \(hiddenSize).",
      "A step: \(products) matrix \(products == 1 ? "product" : "products") and \(forward) instructions in "
        + "\(phases.count) phases"
        + (program.inputProducts.isEmpty ? "." : "; the input's product is taken over all steps at once."),
      "Its gradient: \(backward) instructions; \(kept) numbers a step are kept for it.",
    ]
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
