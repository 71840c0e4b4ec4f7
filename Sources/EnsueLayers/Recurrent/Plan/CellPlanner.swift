// From a cell's equations to the program of its step. The choices:
// - maps of vectors known in the same phase are one product where the same forms take them (all of LSTM's are). The
//   input's product is taken over all steps at once; in training, where many rows share each step, it is part of the
//   steps' product while the weights stay in the second-level cache: sums are then begun once, and stay in registers;
// - everything between products is one run of instructions over tiles;
// - kept for the backward pass: the results, the vectors that matrices were applied to, and the results of σ, tanh,
//   ReLU, softplus, exp, log and norm, in place of the sums they came from where nothing else reads those. Sums and
//   products are computed again;
// - weight gradients are products over all steps, after the last.

import EnsueTensor

/// Plans a cell's step.
struct CellPlanner {
  typealias ID = ValueGraph.ID

  private var terms: CellTerms
  private let layout: FormLayout
  private let gradient: CellGradient
  private let results: [ID]
  private let stateCount: Int
  private let forced: Set<Int>
  private let hidden: Int
  private let forwardCount: Int
  private var constants: [Double] = []
  private var constantNumbers: [Double: Int] = [:]

  /// Values kept on the tape beside the forms.
  private var saved: [ID: Int] = [:]
  /// Values kept where a form was.
  private var replaced: [ID: Int] = [:]

  /// - Parameters:
  ///   - names: of the results after the states: values of the step to be seen from outside.
  ///   - forced: states that are given at every step.
  /// - Returns: `inference` for few sequences, `training` for large batches.
  static func programs(
    for formula: CellFormula, inputSize: Int, hiddenSize: Int, results names: [String] = [],
    forced: Set<String> = []
  ) -> (inference: CellProgram, training: CellProgram, terms: CellTerms) {
    var planner = CellPlanner(formula, inputSize, hiddenSize, names, forced)
    let program = planner.planned()
    return (program, planner.foldingInput(program), planner.terms)
  }

  private init(_ formula: CellFormula, _ inputSize: Int, _ hiddenSize: Int, _ names: [String], _ forced: Set<String>) {
    var terms = CellTerms(formula, inputSize: inputSize, hiddenSize: hiddenSize, forced: forced)
    let all = formula.states.map { $0 + "'" } + names
    results = all.map { terms.value($0) ?? 0 }
    stateCount = formula.states.count
    self.forced = Set(formula.states.indices.filter { forced.contains(formula.states[$0]) })
    hidden = hiddenSize
    forwardCount = terms.graph.nodes.count
    layout = FormLayout(terms)
    gradient = CellGradient(&terms, results: results, stateCount: stateCount, forced: self.forced)
    self.terms = terms
  }

  private mutating func planned() -> CellProgram {
    choosePlaces()
    var program = CellProgram(inputSize: terms.inputSize, hiddenSize: hidden)
    program.stateCount = stateCount
    program.resultCount = results.count
    program.tapeWidth = (terms.forms.count + saved.count) * hidden + terms.normalizationCount
    program.joinedWidth = layout.joinedWidth
    program.matrixShapes = terms.matrixShapes
    program.vectorCount = terms.vectors.count
    program.maskCount = terms.masks.count
    program.noiseCount = terms.noises.count
    program.forcedStates = forced.sorted()
    program.normalizes = terms.normalizationCount > 0
    var products = ForwardProducts(terms, layout, foldsInput: false)
    program.inputProducts = products.inputProducts
    program.forward = forwardPass(&products)
    var backward = BackwardPlan(gradient, terms, layout, stateCount: stateCount, forced: forced)
    program.backward = backwardPass(&backward)
    program.gradientWidth = backward.gradientWidth
    program.pendingCount = backward.pendingCount
    program.vectorGradients = products.summedBiases + backward.vectorColumns
    program.bareInputGradient = backward.inputColumn
    program.weightGradients = products.weightGradients
    program.inputGradients = products.inputGradients
    program.constants = constants
    return program
  }

  /// The same program with the input's product as part of the steps' where its weights are few.
  private func foldingInput(_ program: CellProgram) -> CellProgram {
    var products = ForwardProducts(terms, layout, foldsInput: true)
    var folded = program
    folded.inputProducts = products.inputProducts
    folded.forward = CellPass(
      phases: program.forward.phases.enumerated().map { phase, apart in
        CellPass.Phase(instructions: apart.instructions, products: products.take(phase: phase))
      })
    return folded
  }

  // MARK: What is kept, and where

  private var operandIDs: [ID] { terms.operands.compactMap(\.node) }

  private mutating func choosePlaces() {
    let graph = terms.graph
    let stored = Set(results + operandIDs)
    var needed = Set<ID>()
    var stack = gradient.roots
    var seen = Set<ID>()
    while let id = stack.popLast() {
      guard seen.insert(id).inserted else { continue }
      if id < forwardCount {
        if isExpensive(id) && !stored.contains(id) { needed.insert(id) }
        if case .leaf(.form) = graph.nodes[id] { needed.insert(id) }
        if stored.contains(id) || isExpensive(id) { continue }
      }
      stack += graph.arguments(id)
    }
    let users = liveUsers()
    let phases = demandPhases(users, stored)
    for id in 0..<forwardCount where isExpensive(id) && !stored.contains(id) && users[id] != nil {
      if needed.contains(id) || phases[id].count > 1 {
        let argument = graph.arguments(id)[0]
        if let form = formBefore(id), !needed.contains(argument), !stored.contains(argument),
          users[argument]?.count == 1
        {
          replaced[id] = form
        } else {
          saved[id] = saved.count
        }
      }
    }
  }

  private func isExpensive(_ id: ID) -> Bool {
    switch terms.graph.nodes[id] {
    case .leaf: false
    case .normalize: true
    case .apply(let code, _): !code.isCheap
    }
  }

  private func formBefore(_ id: ID) -> Int? {
    if case .leaf(.form(let form)) = terms.graph.nodes[terms.graph.arguments(id)[0]] { form } else { nil }
  }

  /// The values of the step that use a value, of those that lead to a result or an operand.
  private func liveUsers() -> [ID: [ID]] {
    var users: [ID: [ID]] = [:]
    var stack = results + operandIDs
    for root in stack { users[root] = [] }
    var seen = Set<ID>()
    while let id = stack.popLast() {
      guard seen.insert(id).inserted else { continue }
      for argument in terms.graph.arguments(id) {
        users[argument, default: []].append(id)
        stack.append(argument)
      }
    }
    return users
  }

  /// The phases in which each value is read, two at most: those of its users, and of theirs where they are computed
  /// where needed. Users have larger numbers: from the last value on, theirs are known.
  private func demandPhases(_ users: [ID: [ID]], _ stored: Set<ID>) -> [Set<Int>] {
    var known = [Set<Int>](repeating: [], count: forwardCount)
    for id in (0..<forwardCount).reversed() {
      var phases = Set<Int>()
      for user in users[id] ?? [] where phases.count < 2 {
        if stored.contains(user) || isExpensive(user) {
          phases.insert(terms.phase(user))
        } else {
          phases.formUnion(known[user])
        }
      }
      known[id] = phases
    }
    return known
  }

  /// Where each value of the forward pass is kept.
  private func keptPlaces() -> [ID: [CellOperand]] {
    var places: [ID: [CellOperand]] = [:]
    for (number, result) in results.enumerated() { places[result, default: []].append(CellOperand(.output(number))) }
    for (number, operand) in terms.operands.enumerated() {
      guard let id = operand.node else { continue }
      places[id, default: []].append(CellOperand(.joined, layout.operandColumns[number]))
    }
    for (id, form) in replaced {
      places[id, default: []].append(CellOperand(.tape, layout.formPositions[form] * hidden))
    }
    for (id, slot) in saved {
      places[id, default: []].append(CellOperand(.tape, (terms.forms.count + slot) * hidden))
    }
    return places
  }

  private mutating func place(of leaf: ValueGraph.Leaf, pending: [Int: Int] = [:]) -> CellOperand {
    switch leaf {
    case .input: CellOperand(.input)
    case .before(let state): CellOperand(.before(state))
    case .forced(let state): CellOperand(.forced(state))
    case .vector(let vector): CellOperand(.vector(vector))
    case .mask(let mask): CellOperand(.mask(mask))
    case .noise(let noise): CellOperand(.noise(noise))
    case .form(let form): CellOperand(.tape, layout.formPositions[form] * hidden)
    case .scale(let number): CellOperand(.tape, (terms.forms.count + saved.count) * hidden + number)
    case .arriving(let result): CellOperand(.arriving(result))
    case .carry(let state): CellOperand(.carry(state))
    case .operandGradient(let operand): CellOperand(.pending(pending[operand] ?? 0))
    case .constant(let value): CellOperand(.constant(number(of: value)))
    }
  }

  private mutating func number(of constant: Double) -> Int {
    if let known = constantNumbers[constant] { return known }
    constantNumbers[constant] = constants.count
    constants.append(constant)
    return constants.count - 1
  }

  /// The place of every leaf, worked out once.
  private mutating func leafPlaces(pending: [Int: Int] = [:]) -> (ValueGraph.Leaf) -> CellOperand {
    var places: [ValueGraph.Leaf: CellOperand] = [:]
    for case .leaf(let leaf) in terms.graph.nodes { places[leaf] = place(of: leaf, pending: pending) }
    for number in 0..<terms.normalizationCount { places[.scale(number)] = place(of: .scale(number)) }
    return { places[$0] ?? CellOperand(.input) }
  }

  // MARK: Forward

  private mutating func forwardPass(_ products: inout ForwardProducts) -> CellPass {
    var emitter = ProgramEmitter(
      terms.graph, kept: keptPlaces(), homes: [:], roots: results + operandIDs, leafPlace: leafPlaces())
    let last = (results + operandIDs).map(terms.phase).max() ?? 0
    let wanted = Dictionary(grouping: operandIDs + results, by: terms.phase)
    return CellPass(
      phases: (0...last).map { phase in
        for id in wanted[phase] ?? [] { emitter.require(id) }
        return CellPass.Phase(instructions: emitter.endPhase(), products: products.take(phase: phase))
      })
  }

  // MARK: Backward

  private mutating func backwardPass(_ plan: inout BackwardPlan) -> CellPass {
    let graph = plan.graph
    let allPending = plan.pendingNumbers
    terms.withGraph { $0 = graph }
    var homes: [ID: CellOperand] = [:]
    for (id, places) in keptPlaces() {
      if case .leaf = terms.graph.nodes[id] { continue }
      homes[id] = places[0]
    }
    var emitter = ProgramEmitter(
      terms.graph, kept: plan.kept, homes: homes, roots: plan.roots, leafPlace: leafPlaces(pending: allPending))
    return CellPass(
      phases: (0..<plan.stageCount).map { stage in
        for id in plan.required(at: stage) { emitter.require(id) }
        emitter.finish(overwriting: plan.carries(at: stage))
        return CellPass.Phase(instructions: emitter.endPhase(), products: plan.products(after: stage))
      })
  }
}

extension CellGradient {
  /// Everything that is to be computed.
  var roots: [ID] { (forms + vectors + states + [input]).compactMap { $0 } }
}
