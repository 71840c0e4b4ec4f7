// Recurrent layers one above another, in one or both directions.

import EnsueTensor

/// One layer of a stack: a cell for each direction it is read in.
public struct RecurrentLayer: Module {
  public var forward: any RecurrentCell
  public var reverse: (any RecurrentCell)?

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("forward", &forward)
    if var cell = reverse {
      visitor.module("reverse", &cell)
      reverse = cell
    }
  }

  public var outputSize: Int { forward.hiddenSize + (reverse?.hiddenSize ?? 0) }

  /// The runs of each direction from zero states.
  func runs(_ input: PackedSequence) -> [RecurrentRun] {
    let batch = input.layout.batchSize
    let type = input.values.elementType
    let first = forward(input, from: forward.zeroState(batchSize: batch, type), direction: .forward)
    guard let reverse else { return [first] }
    return [first, reverse(input, from: reverse.zeroState(batchSize: batch, type), direction: .reverse)]
  }
}

/// Layers of recurrent cells; each layer reads the concatenated outputs of both directions of the one below:
/// h_i = [→h_i ; ←h_i] (Schuster and Paliwal 1997). Dropout stands between layers, not within the recurrence
/// (Zaremba et al. 2014).
public struct RecurrentStack: Module {
  public var layers: [RecurrentLayer]
  public let dropout: Dropout

  public init(
    _ kind: RecurrentCellKind, _ configuration: RecurrentCellConfiguration, layerCount: Int, isBidirectional: Bool,
    dropout: Double, key: RandomKey
  ) {
    precondition(layerCount > 0, "a stack has at least one layer")
    self.dropout = Dropout(rate: dropout)
    var layers: [RecurrentLayer] = []
    var below = configuration
    for index in 0..<layerCount {
      let layerKey = key.derived(index)
      let layer = RecurrentLayer(
        forward: kind.makeCell(below, key: layerKey.derived("forward")),
        reverse: isBidirectional ? kind.makeCell(below, key: layerKey.derived("reverse")) : nil)
      below.inputSize = layer.outputSize
      layers.append(layer)
    }
    self.layers = layers
  }

  public var outputSize: Int { layers.last?.outputSize ?? 0 }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in layers.indices { visitor.module("layers.\(index)", &layers[index]) }
  }

  /// The outputs of the last layer at every step, and its final states by direction.
  public func callAsFunction(_ input: PackedSequence, _ phase: Phase) -> RecurrentEncoding {
    var below = input
    var runs: [RecurrentRun] = []
    for (index, layer) in layers.enumerated() {
      if index > 0 { below = below.replacingValues(dropout(below.values, phase.derived(index))) }
      runs = layer.runs(below)
      let outputs = runs.map(\.output.values)
      below = below.replacingValues(outputs.count == 1 ? outputs[0] : concatenated(outputs))
    }
    return RecurrentEncoding(output: below, runs: runs)
  }
}

/// What a stack makes of a batch.
public struct RecurrentEncoding: Sendable {
  /// [rows, outputSize]
  public let output: PackedSequence
  /// The last layer's runs, one for each direction.
  let runs: [RecurrentRun]

  /// h at both directions' true ends, concatenated: [batch, outputSize], longest first.
  public var finalHidden: Tensor {
    let ends = runs.map { $0.finalState.tensors[0] }
    return ends.count == 1 ? ends[0] : concatenated(ends)
  }
}
