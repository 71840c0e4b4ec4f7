// From values that are wanted to the instructions that compute them, each once, into registers or to where they
// are kept.

import EnsueTensor

/// Writes the instructions of one pass, phase by phase.
struct ProgramEmitter {
  typealias ID = ValueGraph.ID

  private let graph: ValueGraph
  private let leafPlace: (ValueGraph.Leaf) -> CellOperand
  /// Where a value must be kept, until it is there.
  private var pending: [ID: [CellOperand]]
  /// Where values are that later phases find.
  private var homes: [ID: CellOperand]
  private let useCounts: [ID: Int]

  private var locals: [ID: CellOperand] = [:]
  private var instructions: [CellPass.Instruction] = []
  private var registerCount = 0

  /// - Parameters:
  ///   - kept: the places each value must reach; the first is where it is read from.
  ///   - homes: values that are there before the pass.
  ///   - roots: all the values that will be asked for.
  init(
    _ graph: ValueGraph, kept: [ID: [CellOperand]], homes: [ID: CellOperand], roots: [ID],
    leafPlace: @escaping (ValueGraph.Leaf) -> CellOperand
  ) {
    (self.graph, self.leafPlace, pending, self.homes) = (graph, leafPlace, kept, homes)
    var counts: [ID: Int] = [:]
    var stack = roots
    var seen = Set<ID>()
    while let id = stack.popLast() {
      guard seen.insert(id).inserted, homes[id] == nil else { continue }
      for argument in graph.arguments(id) {
        counts[argument, default: 0] += 1
        stack.append(argument)
      }
    }
    useCounts = counts
  }

  /// Computes a value, if it is not there yet, and brings it to its places.
  mutating func require(_ id: ID) {
    _ = place(of: id)
    // Values that need no instruction, or were computed before anyone asked for them.
    if let places = pending.removeValue(forKey: id) { spread(id, to: places[...]) }
  }

  /// Values stored over what the others still read: last, and all of them before any is overwritten.
  mutating func finish(overwriting stores: [(id: ID, target: CellOperand)]) {
    for store in stores { for argument in graph.arguments(store.id) { _ = place(of: argument) } }
    let targets = Set(stores.map(\.target))
    let isSafe = stores.allSatisfy { store in
      let read = isThere(store.id) ? [place(of: store.id)] : graph.arguments(store.id).map { place(of: $0) }
      return read.allSatisfy { $0 == store.target || !targets.contains($0) }
    }
    var copies: [CellPass.Instruction] = []
    for store in stores {
      if isThere(store.id) {
        var source = place(of: store.id)
        if source == store.target { continue }
        if !isSafe && targets.contains(source) {
          let register = newRegister()
          instructions.append(.init(.copy, target: register, a: source))
          source = register
        }
        copies.append(.init(.copy, target: store.target, a: source))
      } else if isSafe {
        compute(store.id, into: store.target)
      } else {
        copies.append(.init(.copy, target: store.target, a: place(of: store.id)))
      }
    }
    instructions += copies
  }

  /// The instructions since the last phase; registers do not outlive a phase.
  mutating func endPhase() -> [CellPass.Instruction] {
    defer {
      instructions = []
      locals = [:]
      registerCount = 0
    }
    return RegisterAllocation.applied(to: instructions)
  }

  private func isThere(_ id: ID) -> Bool {
    if case .leaf = graph.nodes[id] { return true }
    return homes[id] != nil || locals[id] != nil
  }

  private mutating func newRegister() -> CellOperand {
    registerCount += 1
    return CellOperand(.scratch(registerCount - 1))
  }

  /// What a value is made of first, by a list in place of calls within calls: a formula may be thousands deep.
  private mutating func place(of id: ID) -> CellOperand {
    var waiting = isThere(id) ? [] : [id]
    while let next = waiting.last {
      if let needed = needs(next).first(where: { !isThere($0) }) {
        waiting.append(needed)
      } else {
        waiting.removeLast()
        if !waiting.isEmpty { _ = placeOfNext(next) }
      }
    }
    return placeOfNext(id)
  }

  /// What must have a place before a value is computed, in the order in which it is asked for.
  private func needs(_ id: ID) -> [ID] {
    let arguments = graph.arguments(id)
    guard let fused = arguments.first(where: { isFused($0, in: id) }) else { return arguments }
    let rest = [arguments[0] == fused ? arguments[1] : arguments[0]]
    return pending[id] == nil ? rest + graph.arguments(fused) : graph.arguments(fused) + rest
  }

  /// A place of a value of which all that it needs has one.
  private mutating func placeOfNext(_ id: ID) -> CellOperand {
    if case .leaf(let leaf) = graph.nodes[id] { return leafPlace(leaf) }
    if let known = homes[id] ?? locals[id] { return known }
    if let places = pending.removeValue(forKey: id) {
      compute(id, into: places[0])
      homes[id] = places[0]
      spread(id, to: places.dropFirst())
      return places[0]
    }
    // Arguments first, so that the register's life begins as late as it can.
    for argument in graph.arguments(id) where !isFused(argument, in: id) { _ = place(of: argument) }
    let register = newRegister()
    compute(id, into: register)
    locals[id] = register
    return register
  }

  private mutating func spread(_ id: ID, to places: ArraySlice<CellOperand>) {
    let source = place(of: id)
    for target in places where target != source { instructions.append(.init(.copy, target: target, a: source)) }
  }

  private mutating func compute(_ id: ID, into target: CellOperand) {
    switch graph.nodes[id] {
    case .leaf: break
    case .normalize(let number, let argument):
      instructions.append(
        .init(.normalize, target: target, a: place(of: argument), b: leafPlace(.scale(number))))
    case .apply(.add, let arguments):
      if let fused = arguments.first(where: { isFused($0, in: id) }) {
        let factors = graph.arguments(fused).map { place(of: $0) }
        let rest = place(of: arguments[0] == fused ? arguments[1] : arguments[0])
        instructions.append(.init(.multiplyAdd, target: target, a: factors[0], b: factors[1], c: rest))
      } else {
        emit(.add, arguments, target)
      }
    case .apply(let code, let arguments): emit(code, arguments, target)
    }
  }

  private mutating func emit(_ code: CellCode, _ arguments: [ID], _ target: CellOperand) {
    let places = arguments.map { place(of: $0) }
    instructions.append(
      .init(
        code, target: target, a: places[0], b: places.count > 1 ? places[1] : nil,
        c: places.count > 2 ? places[2] : nil))
  }

  /// Whether a product goes into the sum without a place of its own: the first of a sum's arguments that can.
  private func isFused(_ argument: ID, in sum: ID) -> Bool {
    guard case .apply(.add, let terms) = graph.nodes[sum] else { return false }
    func canFuse(_ id: ID) -> Bool {
      guard case .apply(.multiply, _) = graph.nodes[id] else { return false }
      return useCounts[id] == 1 && pending[id] == nil && homes[id] == nil && locals[id] == nil
    }
    return terms.first(where: canFuse) == argument
  }
}

/// Registers that are used again after the last reading of what was in them.
private enum RegisterAllocation {
  static func applied(to instructions: [CellPass.Instruction]) -> [CellPass.Instruction] {
    var lastUse: [CellBuffer: Int] = [:]
    for (index, instruction) in instructions.enumerated() {
      for operand in [instruction.a, instruction.b, instruction.c, instruction.target].compactMap({ $0 }) {
        lastUse[operand.buffer] = index
      }
    }
    var assigned: [CellBuffer: CellOperand] = [:]
    var free: [Int] = []
    var count = 0
    func renamed(_ operand: CellOperand) -> CellOperand { assigned[operand.buffer] ?? operand }
    return instructions.enumerated().map { index, instruction in
      var result = instruction
      result.a = renamed(instruction.a)
      result.b = instruction.b.map(renamed)
      result.c = instruction.c.map(renamed)
      for case let (old?, new?) in [
        (instruction.a, result.a), (instruction.b, result.b), (instruction.c, result.c),
      ] as [(CellOperand?, CellOperand?)] {
        if case .scratch(let register) = new.buffer, lastUse[old.buffer] == index, !free.contains(register) {
          free.append(register)
        }
      }
      if case .scratch = instruction.target.buffer, assigned[instruction.target.buffer] == nil {
        let register = free.popLast() ?? count
        count = max(count, register + 1)
        assigned[instruction.target.buffer] = CellOperand(.scratch(register))
      }
      result.target = renamed(instruction.target)
      return result
    }
  }
}
