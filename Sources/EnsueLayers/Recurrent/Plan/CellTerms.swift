// From a cell's equations to the values of one step: which matrices are applied to what, which of those products add
// up before anything else happens to them (a form), and in which phase of the step each value can be known.

import EnsueTensor

/// The values of a step.
struct CellTerms {
  typealias ID = ValueGraph.ID

  /// A vector that matrices are applied to.
  struct Operand {
    /// nil: x, of the input's width.
    let node: ID?
    /// The phase after whose instructions it is known.
    let phase: Int
  }

  /// Σ maps + biases: the sum before activation.
  struct Form {
    var maps: [(matrix: Int, operand: Int)]
    var biases: [Int]
  }

  private(set) var graph = ValueGraph()
  private(set) var operands: [Operand] = [Operand(node: nil, phase: 0)]
  private(set) var forms: [Form] = []
  /// For each operand the forms it enters, in order.
  private(set) var formsOfOperand: [[Int]] = [[]]
  private(set) var matrices: [String] = []
  private(set) var matrixShapes: [Shape] = []
  private(set) var vectors: [String] = []
  private(set) var masks: [String] = []
  private(set) var noises: [String] = []
  /// The normalised values by number.
  private(set) var normalizationCount = 0
  /// The phase of each node: the number of products that must have run before.
  private var phases: [Int] = []
  private var values: [String: ID] = [:]
  private let biasNames: Set<String>
  private let stateNumbers: [String: Int]
  private var matrixNumbers: [String: Int] = [:]
  private var vectorNumbers: [String: Int] = [:]
  private var operandNumbers: [ID: Int] = [:]
  /// The map of a bare x whose width is not that of the units; one for all its uses.
  private var bareInputMatrix: Int?

  let formula: CellFormula
  let inputSize: Int
  let hiddenSize: Int
  let forced: Set<String>

  /// The node of the number x in operands.
  static let inputOperand = 0

  init(_ formula: CellFormula, inputSize: Int, hiddenSize: Int, forced: Set<String>) {
    (self.formula, self.inputSize, self.hiddenSize, self.forced) = (formula, inputSize, hiddenSize, forced)
    biasNames = Set(formula.parameters.lazy.filter { $0.kind == .bias }.map(\.name))
    stateNumbers = Dictionary(zip(formula.states, formula.states.indices)) { first, _ in first }
    for parameter in formula.parameters {
      switch parameter.kind {
      case .inputMap: addMatrix(parameter.name, [hiddenSize, inputSize])
      case .stateMap: addMatrix(parameter.name, [hiddenSize, hiddenSize])
      case .diagonal, .bias:
        vectorNumbers[parameter.name] = vectors.count
        vectors.append(parameter.name)
      }
    }
    for equation in formula.orderedEquations { values[equation.name] = node(equation.term) }
  }

  private mutating func addMatrix(_ name: String, _ shape: Shape) {
    matrixNumbers[name] = matrices.count
    matrices.append(name)
    matrixShapes.append(shape)
  }

  /// The value of a name: a state after the step (`h'`) or a value of the step.
  func value(_ name: String) -> ID? { values[name] }

  /// The operand that is a value.
  func operandNumber(_ id: ID) -> Int? { operandNumbers[id] }

  mutating func withGraph<Result>(_ body: (inout ValueGraph) -> Result) -> Result { body(&graph) }

  /// The phase in which a node of the forward pass can be computed.
  func phase(_ id: ID) -> Int { phases[id] }

  private mutating func noted(_ id: ID, phase: Int) -> ID {
    if id == phases.count { phases.append(phase) }
    return id
  }

  private mutating func leaf(_ leaf: ValueGraph.Leaf) -> ID { noted(graph.leaf(leaf), phase: 0) }

  private mutating func combined(_ a: ID, _ b: ID, _ make: (inout ValueGraph, ID, ID) -> ID) -> ID {
    let phase = max(phases[a], phases[b])
    let result = make(&graph, a, b)
    while phases.count < graph.nodes.count {
      phases.append(graph.constant(phases.count) == nil ? phase : 0)
    }
    return result
  }

  private mutating func node(_ term: Term) -> ID {
    switch term {
    case .input: inputSize == hiddenSize ? leaf(.input) : sum([(false, term)])
    case .state(let name):
      leaf(forced.contains(name) ? .forced(stateNumber(name)) : .before(stateNumber(name)))
    case .value(let name): values[name] ?? leaf(.constant(0))
    case .parameter(let name): leaf(.vector(vectorNumbers[name] ?? 0))
    case .constant(let value): leaf(.constant(value))
    case .mask(let name): leaf(.mask(CellTerms.number(of: name, in: &masks)))
    case .noise(let name): leaf(.noise(CellTerms.number(of: name, in: &noises)))
    case .map, .operation(.add, _, _), .operation(.subtract, _, _): sum(CellTerms.addends(of: term))
    case .operation(.multiply, let a, let b): combined(node(a), node(b)) { $0.product($1, $2) }
    case .operation(.divide, let a, let b): combined(node(a), node(b)) { $0.quotient($1, $2) }
    case .function(let function, let argument): apply(function, node(argument))
    }
  }

  private func stateNumber(_ name: String) -> Int { stateNumbers[name] ?? 0 }

  private static func number(of name: String, in names: inout [String]) -> Int {
    if let known = names.firstIndex(of: name) { return known }
    names.append(name)
    return names.count - 1
  }

  private mutating func apply(_ function: CellFunction, _ argument: ID) -> ID {
    let phase = phases[argument]
    let node: ValueGraph.Node
    switch function {
    case .sigmoid: node = .apply(.sigmoid, [argument])
    case .tanh: node = .apply(.tanh, [argument])
    case .relu: node = .apply(.relu, [argument])
    case .softplus: node = .apply(.softplus, [argument])
    case .exp: node = .apply(.exponential, [argument])
    case .log: node = .apply(.logarithm, [argument])
    case .norm:
      node = .normalize(normalizationCount, argument)
      normalizationCount += 1
    }
    return noted(graph.add(node), phase: phase)
  }

  /// The terms of nested sums with their signs.
  private static func addends(of term: Term) -> [(isNegative: Bool, term: Term)] {
    var found: [(isNegative: Bool, term: Term)] = []
    func collect(_ term: Term, isNegative: Bool) {
      switch term {
      case .operation(.add, let a, let b):
        collect(a, isNegative: isNegative)
        collect(b, isNegative: isNegative)
      case .operation(.subtract, let a, let b):
        collect(a, isNegative: isNegative)
        collect(b, isNegative: !isNegative)
      default: found.append((isNegative, term))
      }
    }
    collect(term, isNegative: false)
    return found
  }

  /// Maps and biases of a sum become one form; the other terms are added to it unit by unit.
  private mutating func sum(_ addends: [(isNegative: Bool, term: Term)]) -> ID {
    var form = Form(maps: [], biases: [])
    // A form takes one product of each operand.
    var taken: Set<Int> = []
    var rest: [(isNegative: Bool, term: Term)] = []
    let hasMaps = addends.contains { !$0.isNegative && isMap($0.term) }
    for addend in addends {
      switch addend.term {
      case .map(let name, let argument) where !addend.isNegative:
        let operand = operand(argument)
        if taken.insert(operand).inserted {
          form.maps.append((matrixNumbers[name] ?? 0, operand))
        } else {
          rest.append(addend)
        }
      case .input where !addend.isNegative && inputSize != hiddenSize:
        if taken.insert(CellTerms.inputOperand).inserted {
          form.maps.append((matrixOfBareInput(), CellTerms.inputOperand))
        } else {
          rest.append(addend)
        }
      case .parameter(let name) where hasMaps && !addend.isNegative && biasNames.contains(name):
        form.biases.append(vectorNumbers[name] ?? 0)
      default: rest.append(addend)
      }
    }
    var total = form.maps.isEmpty ? nil : Optional(leafOfForm(form))
    for addend in rest {
      let value: ID
      if case .map = addend.term { value = sum([(false, addend.term)]) } else { value = node(addend.term) }
      if let sum = total {
        total = combined(sum, value) { addend.isNegative ? $0.difference($1, $2) : $0.sum($1, $2) }
      } else {
        total = addend.isNegative ? combined(value, value) { graph, a, _ in graph.negated(a) } : value
      }
    }
    return total ?? leaf(.constant(0))
  }

  private func isMap(_ term: Term) -> Bool {
    switch term {
    case .map: true
    case .input: inputSize != hiddenSize
    default: false
    }
  }

  private mutating func leafOfForm(_ form: Form) -> ID {
    for map in form.maps { formsOfOperand[map.operand].append(forms.count) }
    forms.append(form)
    let phase = 1 + (form.maps.map { operands[$0.operand].phase }.max() ?? 0)
    return noted(graph.leaf(.form(forms.count - 1)), phase: phase)
  }

  private mutating func operand(_ argument: Term) -> Int {
    if argument == .input { return CellTerms.inputOperand }
    let id = node(argument)
    if let known = operandNumbers[id] { return known }
    operandNumbers[id] = operands.count
    operands.append(Operand(node: id, phase: phases[id]))
    formsOfOperand.append([])
    return operands.count - 1
  }

  private mutating func matrixOfBareInput() -> Int {
    if let known = bareInputMatrix { return known }
    let new = matrices.count
    addMatrix(CellTerms.bareInputName(for: formula), [hiddenSize, inputSize])
    bareInputMatrix = new
    return new
  }

  /// `W_x`, unless the equations use that name: then one that they do not use.
  static func bareInputName(for formula: CellFormula) -> String {
    formula.parameters.contains { $0.name == "W_x" } ? formula.unusedName("W_input") : "W_x"
  }
}
