// Batches for tests of attention, and their rows sequence by sequence, as the goldens and the mind have them.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport

/// Rows that stand sequence by sequence, as packed sequences and back.
struct AttentionRows {
  let layout: PackedLayout
  /// The row of each packed row.
  private let sources: [Int32]

  /// - Parameter lengths: in the caller's order.
  init(lengths: [Int]) {
    layout = PackedLayout(lengths: lengths)
    var starts = [0]
    for length in lengths { starts.append(starts[starts.count - 1] + length) }
    var sources: [Int32] = []
    for step in 0..<layout.stepCount {
      for position in 0..<layout.aliveCount(at: step) { sources.append(Int32(starts[layout.order[position]] + step)) }
    }
    self.sources = sources
  }

  func packed(_ rows: Tensor) -> PackedSequence { PackedSequence(layout: layout, values: rows.gathered(sources)) }

  func unpacked(_ packed: Tensor) -> Tensor {
    var places = [Int32](repeating: 0, count: sources.count)
    for (row, source) in sources.enumerated() { places[Int(source)] = Int32(row) }
    return packed.gathered(places)
  }

  /// The rows of one sequence, given in the caller's order, of packed values.
  func sequence(_ index: Int, of packed: Tensor) -> Tensor {
    let position = Int(layout.positions[index])
    return packed.gathered((0..<layout.lengths[position]).map { Int32(layout.row(step: $0, position: position)) })
  }
}

/// Numbers of pairs, [pairs, 1], sequence by sequence, query by query, key by key.
func pairNumbers(_ pairs: Tensor, _ layout: PairLayout) -> [Double] {
  let output = AttentionOutput(values: pairs, weights: pairs, layout: layout)
  return (0..<layout.queries.batchSize).flatMap { output.alignment(of: $0).flatMap { $0 } }
}

/// The batch of the goldens: queries and keys of unequal lengths, longest first in neither's order.
enum AttentionBatch {
  static let queries = AttentionRows(lengths: [3, 1, 2])
  static let keys = AttentionRows(lengths: [2, 5, 3])
  static let layout = PairLayout(queries: queries.layout, keys: keys.layout)

  /// The first query of the second sequence may meet nothing, others not everything.
  static func allows(_ sequence: Int, _ queryStep: Int, _ keyStep: Int) -> Bool {
    sequence != 1 && (sequence + queryStep + 2 * keyStep) % 4 != 3
  }

  static let mask = PairMask(layout, allows: allows)
}

/// Every way to make a mask, and none; of blocks and windows those of two and three steps.
enum AttentionMask: CaseIterable, Sendable {
  case everything
  /// A closure's.
  case scattered
  case causal
  case window
  case blocks
  /// An intersection.
  case causalBlocks

  /// - Parameter first: what the layout's first sequence is in the batch of the goldens.
  func mask(_ layout: PairLayout, first: Int = 0) -> PairMask? {
    switch self {
    case .everything: nil
    case .scattered: PairMask(layout) { AttentionBatch.allows(first + $0, $1, $2) }
    case .causal: .causal(layout)
    case .window: .window(layout, radius: 1)
    case .blocks: .blocks(layout, size: 2)
    case .causalBlocks: .causal(layout).intersection(.blocks(layout, size: 2))
    }
  }

  /// What the mask says of a pair.
  func allows(_ sequence: Int, _ query: Int, _ key: Int) -> Bool {
    switch self {
    case .everything: true
    case .scattered: AttentionBatch.allows(sequence, query, key)
    case .causal: key <= query
    case .window: key == query - 1 || key == query || key == query + 1
    case .blocks: key == query || key == query ^ 1
    case .causalBlocks: key == query || query % 2 == 1 && key == query - 1
    }
  }
}

/// Any module as one type.
struct AnyModule: Module {
  var base: any Module

  mutating func visit(_ visitor: inout ParameterVisitor) { base.visit(&visitor) }
}

/// A module together with its inputs, all differentiated.
struct AttentionSystem<Part: Module>: Module {
  var part: Part
  var inputs: TensorList

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("part", &part)
    visitor.module("inputs", &inputs)
  }
}

/// How many tensors a value holds, found by looking into it.
func tensorCount(in value: Any) -> Int {
  if value is Tensor { return 1 }
  return Mirror(reflecting: value).children.reduce(0) { $0 + tensorCount(in: $1.value) }
}

extension Module {
  /// The module in double precision with random numbers for all parameters.
  func randomized() -> Self {
    var copy = self
    CellFixture.randomize(&copy)
    return copy
  }

  /// The module with the parameters of a golden file.
  /// - Returns: nil where the file's parameters are others.
  func filled(from reader: borrowing SafetensorsReader, _ name: String) throws -> Self {
    var tensors: [String: Tensor] = [:]
    for parameter in parameters { tensors[parameter.name] = try reader.tensor("\(name)/parameter/\(parameter.name)") }
    var copy = self
    copy.forEachParameter { name, tensor, _ in tensor = tensors[name] ?? tensor }
    return copy
  }
}
