// planning: from a cell's text to weights laid out for the machine, with everything that is planned once: parsing and
// checking the formula, deriving and planning the forward and backward programs, packing the matrices. No peer.

import Ensue

struct PlanningWorkload: Workload {
  let rows: [RowDescription]
  private let cells: [(text: String, cell: RecurrentCell)]

  /// A cell as a user may write it, and those of the literature with the most states and maps and the most values.
  private static let kinds: [RecurrentCellKind] = [.lstmPeephole, .lstmFullGateRecurrence, .lstmLayerNorm]
  private static let size = 128

  init(name: String) {
    let key = RandomKey(seed: 1)
    let configuration = RecurrentCellConfiguration(inputSize: Self.size, hiddenSize: Self.size)
    cells = Self.kinds.map { ($0.text(), $0.makeCell(configuration, key: key)) }
    rows = Self.kinds.map { RowDescription(name: "\(name)-\($0.rawValue)", unit: .milliseconds) }
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.2) }

  mutating func block(seconds: Double) throws -> [Double] {
    try cells.map { text, cell in
      1e3
        / (try repeated(seconds: seconds / Double(cells.count)) {
          let formula = try CellFormula(text: text)
          guard formula == cell.formula else {
            throw Failure(.internal, at: "planning", "the cell's own formula expected of its text, found another")
          }
          // Planned anew for the same weights: drawing weights is no part of planning.
          _ = try cell.exposing([]).prepared()
          return 1
        })
    }
  }
}
