// The recurrent cells by name.

import EnsueTensor

/// What a new cell needs to be told.
public struct RecurrentCellConfiguration: Sendable {
  public var inputSize: Int
  public var hiddenSize: Int
  public var inputInitializer: InitializerKind
  public var recurrentInitializer: InitializerKind
  /// The first value of the LSTM's forget-gate bias (Gers et al. 2000; Jozefowicz et al. 2015).
  public var forgetBias: Double

  public init(
    inputSize: Int, hiddenSize: Int, inputInitializer: InitializerKind = .glorot,
    recurrentInitializer: InitializerKind = .orthogonal, forgetBias: Double = 1
  ) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.inputInitializer = inputInitializer
    self.recurrentInitializer = recurrentInitializer
    self.forgetBias = forgetBias
  }
}

/// A recurrent cell of Ensue.
public enum RecurrentCellKind: String, Codable, CaseIterable, Sendable {
  case rnn
  case rnnReLU = "rnn-relu"
  case lstm
  case gru
  case gruResetAfter = "gru-reset-after"

  public var title: String {
    switch self {
    case .rnn: "RNN"
    case .rnnReLU: "RNN (ReLU)"
    case .lstm: "LSTM"
    case .gru: "GRU"
    case .gruResetAfter: "GRU (reset after)"
    }
  }

  public var summary: String {
    switch self {
    case .rnn: "h' = tanh(W x + U h + b) (Elman 1990)"
    case .rnnReLU: "h' = max(0, W x + U h + b) (Le et al. 2015)"
    case .lstm: "gated memory cell (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000)"
    case .gru: "two gates, reset before the product (Cho et al. 2014)"
    case .gruResetAfter: "two gates, reset after the product, as in cuDNN and PyTorch"
    }
  }

  /// Blocks of units in the weights: one for each gate and candidate.
  public var gateCount: Int {
    switch self {
    case .rnn, .rnnReLU: 1
    case .lstm: 4
    case .gru, .gruResetAfter: 3
    }
  }

  public func makeCell(_ configuration: RecurrentCellConfiguration, key: RandomKey) -> any RecurrentCell {
    switch self {
    case .rnn: ElmanCell(configuration, activation: .tanh, key: key)
    case .rnnReLU: ElmanCell(configuration, activation: .relu, key: key)
    case .lstm: LSTMCell(configuration, key: key)
    case .gru: GRUCell(configuration, key: key)
    case .gruResetAfter: GRUResetAfterCell(configuration, key: key)
    }
  }
}
