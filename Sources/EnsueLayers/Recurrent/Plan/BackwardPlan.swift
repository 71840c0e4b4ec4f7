// When each part of a step's gradient is computed and where it goes. A stage is a run of instructions and the products
// after it; the gradient of a vector that a matrix was applied to is there in the stage after those of its forms.

import EnsueTensor

/// The stages of a step's gradient.
struct BackwardPlan {
  typealias ID = ValueGraph.ID

  private let gradient: CellGradient
  private let terms: CellTerms
  private let layout: FormLayout
  private let hidden: Int
  private(set) var graph: ValueGraph
  /// The states' gradients, as they are stored; nil where the product stores them.
  private var carried: [Int: ID] = [:]
  /// The operands whose product goes straight to the state's gradient.
  private var direct: [Int: Int] = [:]
  /// The number of the buffer of each other operand's gradient.
  private(set) var pendingNumbers: [Int: Int] = [:]
  /// Values that a later stage reads, by the number of their buffer.
  private var spilled: [ID: Int] = [:]
  private var stages: [ID: Int] = [:]
  private(set) var vectorColumns: [(vector: Int, column: Int)] = []
  private(set) var inputColumn: Int?
  private(set) var gradientWidth: Int
  /// Where each value of the gradient is kept, but for the states' own.
  private(set) var kept: [ID: [CellOperand]] = [:]
  private var keptOfStage: [Int: [ID]] = [:]
  /// The operands whose product runs after a stage.
  private var operandsOfStage: [Int: [Int]] = [:]

  var pendingCount: Int { pendingNumbers.count + spilled.count }

  init(
    _ gradient: CellGradient, _ terms: CellTerms, _ layout: FormLayout, stateCount: Int, forced: Set<Int>
  ) {
    (self.gradient, self.terms, self.layout, hidden) = (gradient, terms, layout, terms.hiddenSize)
    graph = terms.graph
    gradientWidth = terms.forms.count * terms.hiddenSize
    // In the order of their numbers, arguments come first: each is a step from known ones, however long the chain.
    for id in graph.nodes.indices { _ = noteStage(id) }
    for operand in terms.operands.indices where isReached(operand) { _ = stageOfForms(operand) }
    for state in 0..<stateCount where !forced.contains(state) { chooseCarry(state) }
    for operand in terms.operands.indices.dropFirst() where isReached(operand) && direct[operand] == nil {
      pendingNumbers[operand] = pendingNumbers.count
    }
    for (vector, id) in gradient.vectors.enumerated() where id != nil {
      vectorColumns.append((vector, gradientWidth))
      gradientWidth += hidden
    }
    if gradient.input != nil {
      inputColumn = gradientWidth
      gradientWidth += hidden
    }
    chooseSpills()
    kept = keptPlaces()
    keptOfStage = Dictionary(grouping: kept.keys.sorted()) { stages[$0] ?? 0 }
    operandsOfStage = Dictionary(grouping: terms.operands.indices.dropFirst().filter(isReached)) { formStage($0) }
  }

  private func isReached(_ operand: Int) -> Bool {
    terms.formsOfOperand[operand].contains { gradient.forms[$0] != nil }
  }

  /// The stage after which the product that gives an operand's gradient can run.
  private mutating func stageOfForms(_ operand: Int) -> Int {
    terms.formsOfOperand[operand].compactMap { gradient.forms[$0] }.map { noteStage($0) }.max() ?? 0
  }

  /// The first stage in which a value can be computed.
  private mutating func noteStage(_ id: ID) -> Int {
    if let known = stages[id] { return known }
    let stage: Int
    if case .leaf(.operandGradient(let operand)) = graph.nodes[id] {
      stage = 1 + stageOfForms(operand)
    } else if case .leaf = graph.nodes[id] {
      stage = 0
    } else {
      stage = graph.arguments(id).map { noteStage($0) }.max() ?? 0
    }
    stages[id] = stage
    return stage
  }

  private mutating func chooseCarry(_ state: Int) {
    let value = gradient.states[state]
    guard let operand = gradient.stateOperands[state] else {
      let id = value ?? graph.leaf(.constant(0))
      _ = noteStage(id)
      carried[state] = id
      return
    }
    if (value.map { noteStage($0) } ?? 0) <= stageOfForms(operand) {
      direct[operand] = state
      carried[state] = value
    } else {
      let product = graph.leaf(.operandGradient(operand))
      let total = value.map { graph.sum($0, product) } ?? product
      _ = noteStage(total)
      carried[state] = total
    }
  }

  private var stored: [ID] {
    (gradient.forms + gradient.vectors + [gradient.input]).compactMap { $0 }
      + carried.keys.sorted().compactMap { carried[$0] }
  }

  /// For each value whether it depends on what arrives; others can be computed again from what is kept.
  private var gradientValues: [Bool] {
    var known: [Bool] = []
    for id in graph.nodes.indices {
      let answer: Bool
      if case .leaf(let leaf) = graph.nodes[id] {
        switch leaf {
        case .arriving, .carry, .operandGradient: answer = true
        case .input, .before, .forced, .vector, .constant, .mask, .noise, .form, .scale: answer = false
        }
      } else {
        answer = graph.arguments(id).contains { known[$0] }
      }
      known.append(answer)
    }
    return known
  }

  private mutating func chooseSpills() {
    let isGradient = gradientValues
    var stack = stored
    var seen = Set<ID>()
    while let id = stack.popLast() {
      guard seen.insert(id).inserted else { continue }
      let stage = stages[id] ?? 0
      for argument in graph.arguments(id) {
        stack.append(argument)
        if case .leaf = graph.nodes[argument] { continue }
        if isGradient[argument], (stages[argument] ?? 0) < stage, spilled[argument] == nil {
          spilled[argument] = spilled.count
        }
      }
    }
  }

  var roots: [ID] { stored }

  var stageCount: Int {
    let operands = terms.operands.indices.dropFirst().filter(isReached)
    return 1 + max(stored.compactMap { stages[$0] }.max() ?? 0, operands.isEmpty ? 0 : lastProductStage)
  }

  private var lastProductStage: Int { gradient.forms.compactMap { $0.flatMap { stages[$0] } }.max() ?? 0 }

  private func keptPlaces() -> [ID: [CellOperand]] {
    var places: [ID: [CellOperand]] = [:]
    for (form, id) in gradient.forms.enumerated() {
      if let id { places[id, default: []].append(CellOperand(.gradient, layout.formPositions[form] * hidden)) }
    }
    for (vector, column) in vectorColumns {
      if let id = gradient.vectors[vector] { places[id, default: []].append(CellOperand(.gradient, column)) }
    }
    if let id = gradient.input, let inputColumn {
      places[id, default: []].append(CellOperand(.gradient, inputColumn))
    }
    for (id, number) in spilled {
      places[id, default: []].append(CellOperand(.pending(pendingNumbers.count + number)))
    }
    return places
  }

  func required(at stage: Int) -> [ID] { keptOfStage[stage] ?? [] }

  func carries(at stage: Int) -> [(id: ID, target: CellOperand)] {
    carried.keys.sorted().compactMap { state in
      guard let id = carried[state], stages[id] == stage else { return nil }
      return (id, CellOperand(.carry(state)))
    }
  }

  func products(after stage: Int) -> [CellProduct] {
    (operandsOfStage[stage] ?? []).flatMap { operand in
      let state = direct[operand]
      let target = CellOperand(state.map { .carry($0) } ?? .pending(pendingNumbers[operand] ?? 0))
      let isBegun = state.map { carried[$0] != nil } ?? false
      return layout.runs[operand].enumerated().map { index, run in
        backwardProduct(of: operand, run, terms, layout, target: target, accumulates: isBegun || index > 0)
      }
    }
  }

  private func formStage(_ operand: Int) -> Int {
    terms.formsOfOperand[operand].compactMap { gradient.forms[$0].flatMap { stages[$0] } }.max() ?? 0
  }
}
