// The recurrent cells by name.

import EnsueFiles
import EnsueTensor

/// A recurrent cell of the literature. Its equations stand in `Cells/`.
public enum RecurrentCellKind: String, Codable, CaseIterable, Sendable {
  case rnn
  case rnnReLU = "rnn-relu"
  case outputFeedback = "output-feedback"
  case rnnLeaky = "rnn-leaky"
  case rnnLayerNorm = "rnn-layer-norm"
  case lstm
  case lstm1997 = "lstm-1997"
  case lstmPeephole = "lstm-peephole"
  case lstmNoInputGate = "lstm-nig"
  case lstmNoForgetGate = "lstm-nfg"
  case lstmNoOutputGate = "lstm-nog"
  case lstmNoInputActivation = "lstm-niaf"
  case lstmNoOutputActivation = "lstm-noaf"
  case lstmNoPeepholes = "lstm-np"
  case lstmCoupledGates = "lstm-cifg"
  case lstmFullGateRecurrence = "lstm-fgr"
  case lstmLayerNorm = "lstm-layer-norm"
  case gru
  case gruResetAfter = "gru-reset-after"
  case gruLayerNorm = "gru-layer-norm"
  case mut1
  case mut2
  case mut3

  /// The eight variants of the peephole LSTM in Greff et al. (2017).
  public static let odysseyVariants: [RecurrentCellKind] = [
    .lstmNoInputGate, .lstmNoForgetGate, .lstmNoOutputGate, .lstmNoInputActivation, .lstmNoOutputActivation,
    .lstmNoPeepholes, .lstmCoupledGates, .lstmFullGateRecurrence,
  ]

  public var card: RecurrentCellCard {
    switch self {
    case .rnn: .rnn
    case .rnnReLU: .rnnReLU
    case .outputFeedback: .outputFeedback
    case .rnnLeaky: .rnnLeaky
    case .rnnLayerNorm: .rnnLayerNorm
    case .lstm: .lstm
    case .lstm1997: .lstm1997
    case .lstmPeephole: .lstmPeephole
    case .lstmNoInputGate: .lstmNoInputGate
    case .lstmNoForgetGate: .lstmNoForgetGate
    case .lstmNoOutputGate: .lstmNoOutputGate
    case .lstmNoInputActivation: .lstmNoInputActivation
    case .lstmNoOutputActivation: .lstmNoOutputActivation
    case .lstmNoPeepholes: .lstmNoPeepholes
    case .lstmCoupledGates: .lstmCoupledGates
    case .lstmFullGateRecurrence: .lstmFullGateRecurrence
    case .lstmLayerNorm: .lstmLayerNorm
    case .gru: .gru
    case .gruResetAfter: .gruResetAfter
    case .gruLayerNorm: .gruLayerNorm
    case .mut1: .mut1
    case .mut2: .mut2
    case .mut3: .mut3
    }
  }

  public var title: String { card.title }
  public var summary: String { "\(card.summary) (\(card.paper))" }

  /// The equations as text.
  /// - Parameter forgetBias: the first value of the forget gate's bias, where there is one.
  public func text(forgetBias: Double = 1) -> String {
    switch self {
    case .rnn: RecurrentCellFormulas.rnn()
    case .rnnReLU: RecurrentCellFormulas.rnnReLU()
    case .outputFeedback: RecurrentCellFormulas.outputFeedback()
    case .rnnLeaky: RecurrentCellFormulas.rnnLeaky()
    case .rnnLayerNorm: RecurrentCellFormulas.rnnLayerNorm()
    case .lstm: RecurrentCellFormulas.lstm(forgetBias: forgetBias)
    case .lstm1997: RecurrentCellFormulas.lstm1997()
    case .lstmPeephole: RecurrentCellFormulas.lstmPeephole(forgetBias: forgetBias)
    case .lstmNoInputGate: RecurrentCellFormulas.lstmNoInputGate(forgetBias: forgetBias)
    case .lstmNoForgetGate: RecurrentCellFormulas.lstmNoForgetGate()
    case .lstmNoOutputGate: RecurrentCellFormulas.lstmNoOutputGate(forgetBias: forgetBias)
    case .lstmNoInputActivation: RecurrentCellFormulas.lstmNoInputActivation(forgetBias: forgetBias)
    case .lstmNoOutputActivation: RecurrentCellFormulas.lstmNoOutputActivation(forgetBias: forgetBias)
    case .lstmNoPeepholes: RecurrentCellFormulas.lstmNoPeepholes(forgetBias: forgetBias)
    case .lstmCoupledGates: RecurrentCellFormulas.lstmCoupledGates(forgetBias: forgetBias)
    case .lstmFullGateRecurrence: RecurrentCellFormulas.lstmFullGateRecurrence(forgetBias: forgetBias)
    case .lstmLayerNorm: RecurrentCellFormulas.lstmLayerNorm(forgetBias: forgetBias)
    case .gru: RecurrentCellFormulas.gru()
    case .gruResetAfter: RecurrentCellFormulas.gruResetAfter()
    case .gruLayerNorm: RecurrentCellFormulas.gruLayerNorm()
    case .mut1: RecurrentCellFormulas.mut1()
    case .mut2: RecurrentCellFormulas.mut2()
    case .mut3: RecurrentCellFormulas.mut3()
    }
  }

  /// Whether the equations have a forget gate whose bias can be chosen.
  public var hasForgetBias: Bool { text(forgetBias: 0) != text(forgetBias: 1) }

  /// The equations.
  /// - Parameter forgetBias: the first value of the forget gate's bias, where there is one.
  public func formula(forgetBias: Double = 1) -> CellFormula {
    RecurrentCellFormulas.formula(text(forgetBias: forgetBias), name: rawValue)
  }

  /// A new cell.
  public func makeCell(
    _ configuration: RecurrentCellConfiguration, forgetBias: Double = 1, key: RandomKey
  ) -> RecurrentCell {
    RecurrentCell(formula(forgetBias: forgetBias), configuration, key: key)
  }
}

extension RecurrentCellFormulas {
  /// The equations of one of the texts here.
  public static func formula(_ text: String, name: String) -> CellFormula {
    do {
      return try CellFormula(text: text, name: name)
    } catch {
      preconditionFailure("a built-in cell's formula does not parse: \(error)")
    }
  }
}
