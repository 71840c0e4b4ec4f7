// What a cell's author left open, beside first values: it changes the equations.

import EnsueFiles

/// What is chosen of a cell beside its name. The equations with it are those of `RecurrentCellFormulas`.
public struct RecurrentCellOptions: Sendable, Codable, Equatable {
  /// The function of the units, in the simple cells; nil for the cell's own.
  public var activation: RecurrentCellFormulas.ActivationKind?
  /// Whether gates see the memory cell, in the variants of the peephole LSTM (Greff et al. 2017).
  public var hasPeepholes = true
  /// Whether the leak is learned, one for each unit, in place of a number (`CellFormula.Leak.learned`).
  public var learnsLeak = false
  /// Zoneout of the states that are not the output, the memory cells; nil for that of the output.
  public var memoryZoneout: Double?

  public init() {}
}

extension Optional where Wrapped == RecurrentCellOptions {
  /// The choices; those of every cell as it is are not stored.
  public var chosen: RecurrentCellOptions {
    get { self ?? RecurrentCellOptions() }
    set { self = newValue == RecurrentCellOptions() ? nil : newValue }
  }
}

extension RecurrentCellKind {
  /// The equations with what is chosen of them.
  /// - Parameter forgetBias: the first value of the forget gate's bias, where there is one.
  /// - Throws: `Failure` of kind `configuration` where the cell leaves no such choice.
  public func formula(forgetBias: Double = 1, _ options: RecurrentCellOptions) throws(Failure) -> CellFormula {
    var equations = text(forgetBias: forgetBias)
    if let activation = options.activation {
      guard let chosen = text(activation: activation) else {
        throw refused(
          "with an activation to choose", RecurrentCellKind.allCases.filter { $0.text(activation: .tanh) != nil })
      }
      equations = chosen
    }
    if !options.hasPeepholes {
      guard let chosen = textWithoutPeepholes(forgetBias: forgetBias) else {
        throw refused(
          "with peepholes to leave out",
          RecurrentCellKind.allCases.filter { $0.textWithoutPeepholes(forgetBias: 1) != nil })
      }
      equations = chosen
    }
    return RecurrentCellFormulas.formula(equations, name: rawValue)
  }

  private func refused(_ choice: String, _ kinds: [RecurrentCellKind]) -> Failure {
    Failure(
      .configuration, at: "cell", "a cell \(choice) expected, found \(rawValue)",
      advice: "There are \(kinds.map(\.rawValue).joined(separator: ", ")).")
  }

  /// Nil where the cell leaves no choice.
  private func text(activation: RecurrentCellFormulas.ActivationKind) -> String? {
    switch self {
    case .rnn: RecurrentCellFormulas.rnn(activation: activation)
    case .outputFeedback: RecurrentCellFormulas.outputFeedback(activation: activation)
    case .rnnLeaky: RecurrentCellFormulas.rnnLeaky(activation: activation)
    case .rnnLayerNorm: RecurrentCellFormulas.rnnLayerNorm(activation: activation)
    case .rnnReLU, .lstm, .lstm1997, .lstmPeephole, .lstmNoInputGate, .lstmNoForgetGate, .lstmNoOutputGate,
      .lstmNoInputActivation, .lstmNoOutputActivation, .lstmNoPeepholes, .lstmCoupledGates, .lstmFullGateRecurrence,
      .lstmLayerNorm, .gru, .gruResetAfter, .gruLayerNorm, .mut1, .mut2, .mut3:
      nil
    }
  }

  /// Nil where the cell leaves no choice: without them `lstm-peephole` is `lstm`.
  private func textWithoutPeepholes(forgetBias: Double) -> String? {
    switch self {
    case .lstmNoInputGate: RecurrentCellFormulas.lstmNoInputGate(forgetBias: forgetBias, peepholes: false)
    case .lstmNoForgetGate: RecurrentCellFormulas.lstmNoForgetGate(peepholes: false)
    case .lstmNoOutputGate: RecurrentCellFormulas.lstmNoOutputGate(forgetBias: forgetBias, peepholes: false)
    case .lstmNoInputActivation: RecurrentCellFormulas.lstmNoInputActivation(forgetBias: forgetBias, peepholes: false)
    case .lstmNoOutputActivation: RecurrentCellFormulas.lstmNoOutputActivation(forgetBias: forgetBias, peepholes: false)
    case .lstmCoupledGates: RecurrentCellFormulas.lstmCoupledGates(forgetBias: forgetBias, peepholes: false)
    case .lstmFullGateRecurrence: RecurrentCellFormulas.lstmFullGateRecurrence(forgetBias: forgetBias, peepholes: false)
    case .rnn, .rnnReLU, .outputFeedback, .rnnLeaky, .rnnLayerNorm, .lstm, .lstm1997, .lstmPeephole, .lstmNoPeepholes,
      .lstmLayerNorm, .gru, .gruResetAfter, .gruLayerNorm, .mut1, .mut2, .mut3:
      nil
    }
  }
}
