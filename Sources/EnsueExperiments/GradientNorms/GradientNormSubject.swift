// Whose gradients are looked at.

import EnsueLayers
import EnsueModels
import EnsueTensor

/// A network of the vanishing-gradient experiment.
public enum GradientNormSubject: String, Codable, CaseIterable, Sendable {
  case rnn
  /// The RNN with its recurrent weights multiplied: gradients explode.
  case rnnLarge = "rnn-large"
  case lstm
  case gru

  public var title: String {
    switch self {
    case .rnn: "RNN"
    case .rnnLarge: "RNN, large"
    case .lstm: "LSTM"
    case .gru: "GRU"
    }
  }

  var cell: RecurrentCellKind {
    switch self {
    case .rnn, .rnnLarge: .rnn
    case .lstm: .lstm
    case .gru: .gru
    }
  }
}

extension SequenceModel {
  /// The same model with the maps of its states multiplied.
  func scalingRecurrentWeights(by factor: Double) -> SequenceModel {
    var copy = self
    copy.encoder.forEachParameter { name, tensor, _ in
      guard name.split(separator: ".").last?.hasPrefix("U_") == true else { return }
      tensor = (tensor * factor).detached
    }
    return copy
  }
}
