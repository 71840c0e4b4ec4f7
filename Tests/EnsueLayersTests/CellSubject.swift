// The cells that the laws are tried on: every built-in one, cells of no library, and rewritten ones.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

struct CellSubject: Sendable, CustomTestStringConvertible {
  let name: String
  let formula: CellFormula
  let inputSize: Int
  var testDescription: String { name }

  static let hiddenSize = 3

  static let all: [CellSubject] = builtIn + homemade + rewritten

  /// Input ≠ hidden; where the input is used as it is, also input = hidden.
  static let builtIn: [CellSubject] = RecurrentCellKind.allCases.flatMap { kind in
    let formula = kind.formula()
    let subject = CellSubject(name: kind.rawValue, formula: formula, inputSize: 5)
    return formula.usesInputBare
      ? [subject, CellSubject(name: "\(kind.rawValue), equal widths", formula: formula, inputSize: hiddenSize)]
      : [subject]
  }

  private static let rewritten: [CellSubject] = [
    made("layer-normalised GRU") { try RecurrentCellKind.gru.formula().layerNormalised() },
    made("layer-normalised MUT1") { try RecurrentCellKind.mut1.formula().layerNormalised() },
    made("leaky LSTM") { try RecurrentCellKind.lstmPeephole.formula().leaky(.learned) },
    made("leaky, layer-normalised RNN") { try RecurrentCellKind.rnn.formula().layerNormalised().leaky(.fixed(0.3)) },
    made("zoned out FGR") {
      try RecurrentCellKind.lstmFullGateRecurrence.formula().zoningOut(expectation: ["h": 0.2, "c": 0.5])
    },
  ]

  /// In no library.
  private static let homemade: [CellSubject] = [
    // The README's, which the command line trains (CellsTests).
    made("fast and slow") {
      try CellFormula(
        text: """
          state h, fast, slow
          z     = σ(W_z x + U_z h + b_z)
          g     = tanh(W_g x + U_g (h ⊙ fast) + b_g)
          fast' = z ⊙ fast + (1 − z) ⊙ g
          slow' = 0.95 ⊙ slow + 0.05 ⊙ fast'
          h'    = tanh(fast' + p_s ⊙ slow')        p_s starts at 1
          output h'
          """)
    },
    made("every function") {
      try CellFormula(
        text: """
          state a, b, s
          u  = U_u (U_v a)
          v  = softplus(W_v x + u + b_v)
          w  = exp(−v) / (1.5 + v)
          k  = log(1 + v ⊙ v) + relu(U_k b − W_k x + 0.5)
          a' = b
          b' = tanh(a + w ⊙ k) − 0.1 ⊙ s
          s' = norm(s + k + U_s (v ⊙ a)) − p_s ⊙ s       p_s starts at 0.5
          output b'
          """)
    },
    made("four phases, output no state") {
      try CellFormula(
        text: """
          state h
          q  = tanh(W_q x + U_q h)
          r  = σ(U_r q + b_r + x)
          t  = U_t (q ⊙ r) − U_w (1 − r)
          y  = relu(t + U_y tanh(t) + p_y ⊙ h + b_y)
          h' = (h + y ⊙ q) / 2
          output y
          """)
    },
    made("states that trade places") {
      try CellFormula(
        text: """
          state h, k
          h' = k
          k' = h − x ⊙ σ(p_k)
          output k'
          """)
    },
    made("a state copied, a sum as state") {
      try CellFormula(
        text: """
          state h, m, n
          m' = W_m x + U_m (h + n) + b_m
          n' = h
          g  = σ(m' ⊙ m + b_m)
          h' = g ⊙ tanh(m') + (1 − g) ⊙ n
          output h'
          """)
    },
  ]

  private static func made(_ name: String, _ formula: () throws -> CellFormula) -> CellSubject {
    do { return CellSubject(name: name, formula: try formula(), inputSize: 5) } catch {
      preconditionFailure("\(name): \(error)")
    }
  }
}

/// A subject with a batch ≠ 1, in double precision, with every parameter random.
struct CellFixture {
  let cell: RecurrentCell
  let layout = PackedLayout(lengths: [4, 6, 1, 4, 2])
  let input: PackedSequence
  let state: RecurrentState

  init(_ subject: CellSubject) {
    let key = RandomKey(seed: 42)
    let configuration = RecurrentCellConfiguration(inputSize: subject.inputSize, hiddenSize: CellSubject.hiddenSize)
    var cell = RecurrentCell(subject.formula, configuration, key: key)
    CellFixture.randomize(&cell)
    self.cell = cell
    input = PackedSequence(
      layout: layout, values: .normal([layout.rowCount, subject.inputSize], key: key.derived("x"), .float64))
    let stateShape: Shape = [layout.batchSize, CellSubject.hiddenSize]
    state = RecurrentState(
      subject.formula.states.indices.map {
        .normal(stateShape, deviation: 0.5, key: key.derived("state").derived($0), .float64)
      })
  }

  static func randomize(_ module: inout some Module) {
    var index = 0
    module.forEachParameter { _, tensor, _ in
      tensor = .normal(tensor.shape, deviation: 0.6, key: RandomKey(seed: 9).derived(index), .float64)
      index += 1
    }
  }

  /// The sequence at `position` alone, from its own state.
  func alone(_ position: Int) -> (PackedSequence, RecurrentState) {
    let rows = (0..<layout.lengths[position]).map { Int32(layout.row(step: $0, position: position)) }
    return (
      PackedSequence(layout: PackedLayout(lengths: [rows.count]), values: input.values.gathered(rows)),
      RecurrentState(state.tensors.map { $0.gathered([Int32(position)]) })
    )
  }
}

/// A cell together with its input and initial states, all differentiated.
struct CellSystem: Module {
  var cell: RecurrentCell
  var tensors: TensorList

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("cell", &cell)
    visitor.module("inputs", &tensors)
  }
}

struct SubjectAndDirection: Sendable, CustomTestStringConvertible {
  let subject: CellSubject
  let direction: Direction
  var testDescription: String { "\(subject.name) \(direction)" }
  static let all = CellSubject.all.flatMap { subject in
    Direction.allCases.map { SubjectAndDirection(subject: subject, direction: $0) }
  }
}
