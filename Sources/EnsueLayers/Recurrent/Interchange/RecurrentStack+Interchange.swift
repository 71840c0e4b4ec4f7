// The weights of a stack in the layouts of other libraries: all layers, both directions.

import EnsueFiles
import EnsueTensor

extension RecurrentStack {
  /// The layers of a decoder as a stack of one direction, to be given to other libraries or taken from them.
  /// - Precondition: there is a layer; each reads the one before.
  public init(of cells: [RecurrentCell]) {
    precondition(!cells.isEmpty, "a stack has at least one layer")
    self.init(
      layers: cells.map { RecurrentLayer(forward: $0, reverse: nil) },
      RecurrentStackConfiguration(layerCount: cells.count))
  }

  /// Takes the weights of a stack of another library; numbers are converted to this stack's type.
  ///
  /// Where the other library has two biases and this one has one, it is their sum, rounded once.
  /// - Throws: `Failure` of kind `data` that names every missing, mis-shaped and unused tensor, and of kind `usage` when
  ///   the library has no such stack; this one is then unchanged.
  @discardableResult
  public mutating func importWeights(
    _ tensors: NamedTensors, layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions = .init()
  ) throws(Failure) -> RecurrentWeightReport {
    try check(layout, options)
    var work = try RecurrentWeightImport(tensors, layout, options)
    var parameters: [[(name: String, tensor: Tensor)]] = []
    for (place, cell) in places { parameters.append(try work.parameters(of: cell, at: place)) }
    let directions = configuration.isBidirectional ? ", both directions" : ""
    try work.finish(
      "\(layers[0].forward.title) [\(layers[0].forward.inputSize) → \(layers[0].forward.hiddenSize)], "
        + "\(layers.count) layer\(layers.count == 1 ? "" : "s")\(directions)")
    for ((place, _), taken) in zip(places, parameters) {
      let layer = place.layer ?? 0
      switch place.direction {
      case .forward: layers[layer].forward.take(taken)
      case .reverse: layers[layer].reverse?.take(taken)
      }
    }
    return work.report
  }

  /// The weights as another library has them, ready for `SafetensorsWriter`.
  /// - Throws: `Failure` of kind `usage` when the library has no such stack.
  public func exportWeights(
    layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions = .init()
  ) throws(Failure) -> NamedTensors {
    try check(layout, options)
    var result = try NamedTensors()
    for (place, cell) in places { try cell.export(at: place, layout, options, into: &result) }
    return result
  }

  /// All cells and where they stand.
  private var places: [(RecurrentWeightPlace, RecurrentCell)] {
    layers.enumerated().flatMap { index, layer in
      let cells = [(Direction.forward, layer.forward)] + (layer.reverse.map { [(.reverse, $0)] } ?? [])
      return cells.map { direction, cell in
        (RecurrentWeightPlace(layer: index, direction: direction, isBidirectional: layer.reverse != nil), cell)
      }
    }
  }

  private func check(_ layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions) throws(Failure) {
    try layout.check(options, layerCount: layers.count)
    switch layout {
    case .pytorch:
      guard configuration.connection == .plain else {
        throw Failure(
          .usage, at: "weights",
          "layers that each read the one below expected, as in PyTorch, found \(configuration.connection.rawValue) "
            + "connections", advice: "Take the cells one by one.")
      }
      let sizes = places.map(\.1.hiddenSize)
      guard let first = sizes.first, sizes.allSatisfy({ $0 == first }) else {
        throw Failure(.usage, at: "weights", "layers of one size expected, as in PyTorch, found the sizes \(sizes)")
      }
    // There each layer is an object of its own, and the program around them connects them.
    case .keras, .tensorflow: break
    }
  }
}
