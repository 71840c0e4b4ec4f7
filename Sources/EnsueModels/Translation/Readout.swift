// What the last layer of a recurrent decoder reads.

import EnsueLayers
import EnsueTensor

/// From h, e and c to what scores are products with, as `ReadoutKind` says.
public struct Readout: Module {
  public let kind: ReadoutKind
  /// W and b; nil where there is no layer.
  public private(set) var map: Projection?
  public let outputSize: Int

  /// - Parameters:
  ///   - stateSize, vectorSize, contextSize: of h, e and c; no context has size 0.
  ///   - size: of the layer's result, where there is a layer.
  ///   - isCombined: whether h is tanh(W [c; h]) already, as Luong's decoder gives it.
  init(
    _ kind: ReadoutKind, stateSize: Int, vectorSize: Int, contextSize: Int, size: Int, isCombined: Bool,
    initializer: InitializerKind, key: RandomKey
  ) {
    self.kind = isCombined ? .state : kind
    func layer(_ output: Int, _ input: Int) -> Projection {
      Projection(weight: initializer.matrix(output: output, input: input, key: key), hasBias: true)
    }
    switch self.kind {
    case .state: (map, outputSize) = (nil, stateSize)
    case .joined: (map, outputSize) = (nil, contextSize + stateSize)
    case .attentional: (map, outputSize) = (layer(size, contextSize + stateSize), size)
    case .tanh: (map, outputSize) = (layer(size, stateSize + vectorSize + contextSize), size)
    case .maxout: (map, outputSize) = (layer(2 * size, stateSize + vectorSize + contextSize), size)
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    if var part = map {
      visitor.module("map", &part)
      map = part
    }
  }

  func prepared() -> Readout {
    var copy = self
    copy.map = map?.prepared()
    return copy
  }

  /// [rows, outputSize]
  /// - Parameter vectors: e, [rows, features].
  func callAsFunction(_ reading: DecoderReading, _ vectors: Tensor) -> Tensor {
    let context = reading.context.map { [$0] } ?? []
    switch kind {
    case .state: return reading.state
    case .joined: return concatenated(context + [reading.state])
    case .attentional: return EnsueTensor.tanh(mapped(context + [reading.state]))
    case .tanh: return EnsueTensor.tanh(mapped([reading.state, vectors] + context))
    case .maxout:
      let both = mapped([reading.state, vectors] + context)
      let (first, second) = (both.sliced(0..<outputSize), both.sliced(outputSize..<2 * outputSize))
      return first + relu(second - first)
    }
  }

  private func mapped(_ parts: [Tensor]) -> Tensor {
    let joined = concatenated(parts)
    return map?(joined) ?? joined
  }
}
