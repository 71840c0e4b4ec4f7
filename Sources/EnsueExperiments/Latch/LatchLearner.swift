// What is to learn the latching task.

import EnsueLayers

/// A learner of the latching experiment.
public enum LatchLearner: String, Codable, CaseIterable, Sendable {
  case unit
  case rnn
  case lstm
  case gru

  public var title: String {
    switch self {
    case .unit: "one tanh unit"
    case .rnn: "RNN"
    case .lstm: "LSTM"
    case .gru: "GRU"
    }
  }

  /// nil for the single unit, which is no layer.
  var cell: RecurrentCellKind? {
    switch self {
    case .unit: nil
    case .rnn: .rnn
    case .lstm: .lstm
    case .gru: .gru
    }
  }
}
