// Parameters after gradients: one pass over each parameter, its gradient and its moments.

import EnsueLayers
import EnsueTensor

/// An optimiser and its moments.
///
/// A table whose gradient has rows is updated by rows. Without weight decay a row that never had a gradient has zero
/// moments and stays as it is, so leaving it out is exact; where moments do not move without a gradient either
/// (Adagrad), every row that has none is left out.
public struct Optimizer: Sendable {
  public let configuration: OptimizerConfiguration
  /// Factors of the learning rate by parameter. Part of what is asked for, not of the state: no checkpoint holds them.
  public let rates: ParameterRates
  /// Updates done so far.
  public private(set) var stepCount = 0
  private var slots: [String: [Tensor]] = [:]
  /// Rows that have had a gradient, of parameters updated by rows.
  private var touchedRows: [String: RowSet] = [:]

  public init(_ configuration: OptimizerConfiguration, rates: ParameterRates = .equal) {
    (self.configuration, self.rates) = (configuration, rates)
  }

  /// Changes the trained parameters of a model.
  /// - Parameters:
  ///   - scale: multiplies every gradient (clipping).
  ///   - rateFactor: multiplies the learning rate of this step (a schedule).
  public mutating func update(
    _ model: inout some Module, _ gradients: Gradients, scale: Double = 1, rateFactor: Double = 1
  ) {
    stepCount += 1
    let rate = configuration.learningRate * rateFactor
    model.forEachParameter { name, tensor, training in
      guard let gradient = gradients[name] else { return }
      let isDecayed = tensor.shape.rank > 1 || configuration.decaysVectors
      let step = updateStep(
        scale: scale, rate: rate * rates[name], decay: isDecayed ? configuration.weightDecay : 0)
      var moments =
        slots.removeValue(forKey: name) ?? configuration.slotNames.map { _ in .zeros(tensor.shape, tensor.elementType) }
      switch (gradient, training) {
      case (.rows(let rows), .all):
        tensor.update(step, gradient: rows, rows: moved(by: step, rows, name), slots: &moments)
      case (.rows(let rows), .rows(let trained)):
        tensor.update(step, gradient: rows, rows: RowSet(rowCount: rows.rowCount, trained), slots: &moments)
      default:
        tensor.update(step, gradient: gradient.dense, slots: &moments)
      }
      if !moments.isEmpty { slots[name] = moments }
    }
  }

  private func updateStep(scale: Double, rate: Double, decay: Double) -> UpdateStep {
    let c = configuration
    switch c.kind {
    case .sgd:
      return .descent(scale: scale, rate: rate, momentum: 0, decay: decay)
    case .momentum:
      return .descent(scale: scale, rate: rate, momentum: c.momentum, decay: decay)
    case .nesterov:
      return .nesterov(scale: scale, rate: rate, momentum: c.momentum, decay: decay)
    case .rmsprop:
      return .rootMeanSquare(
        scale: scale, rate: rate, alpha: c.squareDecay, epsilon: c.epsilon, momentum: c.normalizedMomentum, decay: decay
      )
    case .adagrad:
      return .adagrad(scale: scale, rate: rate, epsilon: c.epsilon, decay: decay)
    case .adam, .adamw:
      let isDecoupled = c.kind == .adamw
      return .adam(
        scale: scale, rate: rate, beta1: c.beta1, beta2: c.beta2, epsilon: c.epsilon, stepCount: stepCount,
        coupledDecay: isDecoupled ? 0 : decay, decoupledDecay: isDecoupled ? decay : 0)
    case .radam:
      return .rectifiedAdam(
        scale: scale, rate: rate, beta1: c.beta1, beta2: c.beta2, epsilon: c.epsilon, stepCount: stepCount, decay: decay
      )
    }
  }

  /// The rows of a table that a step changes.
  private mutating func moved(by step: UpdateStep, _ gradient: RowGradient, _ name: String) -> RowSet {
    if !step.leavesRestAlone { return RowSet(allOf: gradient.rowCount) }
    let ids = gradient.ids.lazy.map { Int($0) }
    if configuration.kind.restsWithoutGradient { return RowSet(rowCount: gradient.rowCount, ids) }
    var touched = touchedRows.removeValue(forKey: name) ?? RowSet(rowCount: gradient.rowCount)
    for id in ids { touched.insert(id) }
    touchedRows[name] = touched
    return touched
  }

  // MARK: State

  /// The moments by name, for checkpoints: `parameter/slot`.
  public var tensors: [(name: String, tensor: Tensor)] {
    slots.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { name in
      zip(configuration.slotNames, slots[name] ?? []).map { ("\(name)/\($0)", $1) }
    }
  }

  /// Takes up the state of a checkpoint.
  /// - Parameter tensor: a moment by its name in `tensors`; nil when the checkpoint has none.
  public mutating func restore(
    stepCount: Int, for model: some Module, _ tensor: (String) throws -> Tensor?
  ) throws {
    self.stepCount = stepCount
    slots = [:]
    touchedRows = [:]
    for parameter in model.parameters where parameter.training != .none {
      let moments = try configuration.slotNames.compactMap { try tensor("\(parameter.name)/\($0)") }
      guard !moments.isEmpty, moments.count == configuration.slotNames.count else { continue }
      slots[parameter.name] = moments
      if parameter.tensor.shape.rank == 2, parameter.training == .all {
        touchedRows[parameter.name] = Optimizer.rowsNotZero(moments, rowCount: parameter.tensor.shape[0])
      }
    }
  }

  /// Rows with a moment that is not zero: all others rest.
  private static func rowsNotZero(_ moments: [Tensor], rowCount: Int) -> RowSet {
    let values = moments.map(\.floats)
    let columns = moments.first?.shape.columns ?? 0
    return RowSet(
      rowCount: rowCount,
      (0..<rowCount).lazy.filter { row in
        values.contains { $0[row * columns..<(row + 1) * columns].contains { $0 != 0 } }
      })
  }
}
