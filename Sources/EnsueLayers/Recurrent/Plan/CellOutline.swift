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
  /// Matrix products of a step, in `phaseCount` phases.
  public let productCount: Int
  public let phaseCount: Int
  /// Elementwise instructions of a step and of its gradient.
  public let instructionCount: Int
  public let gradientInstructionCount: Int
  /// Numbers of a step that are kept for its gradient.
  public let keptCount: Int
  /// Whether the input's product is taken over all steps at once, in training too.
  public let multipliesInputAtOnce: Bool
  private let sizes: (input: Int, hidden: Int)

  public var weightCount: Int { weights.reduce(0) { $0 + $1.shape.count } }

  /// What a step does, a sentence a line.
  public var lines: [String] {
    [
      "\(weightCount) weights at input \(sizes.input), hidden \(sizes.hidden).",
      "A step: \(productCount) matrix \(productCount == 1 ? "product" : "products") and \(instructionCount) "
        + "instructions in \(phaseCount) \(phaseCount == 1 ? "phase" : "phases")"
        + (multipliesInputAtOnce ? "; the input's product is taken over all steps at once." : "."),
      "Its gradient: \(gradientInstructionCount) instructions; \(keptCount) numbers a step are kept for it.",
    ]
  }

  public init(_ formula: CellFormula, inputSize: Int, hiddenSize: Int) {
    let programs = CellPlanner.programs(for: formula, inputSize: inputSize, hiddenSize: hiddenSize)
    let (program, terms) = (programs.training, programs.terms)
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
    func instructionCount(_ phases: [CellPass.Phase]) -> Int { phases.reduce(0) { $0 + $1.instructions.count } }
    productCount = program.forward.phases.reduce(0) { $0 + $1.products.count }
    phaseCount = program.forward.phases.count
    self.instructionCount = instructionCount(program.forward.phases)
    gradientInstructionCount = instructionCount(program.backward.phases)
    keptCount = program.tapeWidth + program.joinedWidth + program.resultCount * hiddenSize
    multipliesInputAtOnce = !program.inputProducts.isEmpty
    sizes = (inputSize, hiddenSize)
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
