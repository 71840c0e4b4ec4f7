// From an encoder's last states to a decoder's first.

import EnsueLayers
import EnsueTensor

/// The first states of a decoder, as `BridgeKind` says.
///
/// s joins both directions of an encoder's layer: of the layer as far from the top as the decoder's, or of the lowest
/// where there are not as many. Bahdanau et al. (2015) take s of the reverse direction alone, which is W with zeros.
public struct Bridge: Module {
  public let kind: BridgeKind
  /// W and b, [hidden, encoder width], for each layer and state; empty but for `tanh`.
  public private(set) var maps: [[Projection]]
  private let stateNames: [String]
  private let layerCount: Int
  private let output: Int

  /// - Parameter formula: of the decoder's cells, and of the encoder's.
  init(
    _ kind: BridgeKind, _ formula: CellFormula, encoderSize: Int, hiddenSize: Int, layerCount: Int,
    initializer: InitializerKind, key: RandomKey
  ) {
    (self.kind, self.layerCount, stateNames) = (kind, layerCount, formula.states)
    output = formula.states.firstIndex { "\($0)'" == formula.output } ?? 0
    switch kind {
    case .states, .output, .zeros: maps = []
    case .tanh:
      maps = (0..<layerCount).map { layer in
        formula.states.map { state in
          Projection(
            weight: initializer.matrix(
              output: hiddenSize, input: encoderSize, key: key.derived(layer).derived(state)), hasBias: true)
        }
      }
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for layer in maps.indices {
      for state in maps[layer].indices {
        visitor.module("layers.\(layer).\(stateNames[state])", &maps[layer][state])
      }
    }
  }

  /// - Parameter rows: of the sequences wanted, in their order, among those that stand longest source first.
  /// - Returns: for each layer and its one direction; nil for the cells' own.
  func callAsFunction(_ encoding: RecurrentEncoding, rows: [Int32]) -> [[RecurrentState]]? {
    switch kind {
    case .zeros: return nil
    case .states: return layers(encoding, rows) { _, _, ends in ends }
    case .output: return layers(encoding, rows) { [output] _, state, ends in state == output ? ends : ends.zeros }
    case .tanh:
      return layers(encoding, rows) { [maps] layer, state, ends in EnsueTensor.tanh(maps[layer][state](ends)) }
    }
  }

  private func layers(
    _ encoding: RecurrentEncoding, _ rows: [Int32], _ made: (_ layer: Int, _ state: Int, _ ends: Tensor) -> Tensor
  ) -> [[RecurrentState]] {
    let below = encoding.finalStates
    return (0..<layerCount).map { layer in
      let directions = below[max(0, below.count - layerCount + layer)]
      let tensors = stateNames.indices.map { state in
        let ends = directions.map { $0.tensors[state] }
        let joined = ends.count == 1 ? ends[0] : concatenated(ends)
        return made(layer, state, joined.gathered(rows))
      }
      return [RecurrentState(tensors)]
    }
  }
}

extension Tensor {
  fileprivate var zeros: Tensor { .zeros(shape, elementType) }
}
