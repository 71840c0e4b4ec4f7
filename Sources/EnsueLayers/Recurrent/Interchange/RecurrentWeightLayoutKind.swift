// The libraries whose recurrent weights can be read and written, by name.

/// How a library names its recurrent weights and lays them out. Documentation/Weights.md has the table of what each can
/// hold.
public enum RecurrentWeightLayoutKind: String, Codable, CaseIterable, Sendable {
  /// `nn.LSTM`, `nn.GRU`, `nn.RNN`: `weight_ih_l0` [gates · hidden, input], `weight_hh_l0` [gates · hidden, hidden],
  /// `bias_ih_l0` and `bias_hh_l0` [gates · hidden], with `_reverse` for the other direction; LSTM i f g o, GRU r z n.
  case pytorch
  /// `LSTM`, `GRU`, `SimpleRNN`, `Bidirectional`: `kernel` [input, gates · hidden], `recurrent_kernel`
  /// [hidden, gates · hidden], `bias` [gates · hidden], or [2, gates · hidden] for a GRU with `reset_after`; LSTM i f c o,
  /// GRU z r h.
  case keras
  /// `BasicLSTMCell` of TensorFlow 1: `kernel` [input + hidden, 4 · hidden], `bias` [4 · hidden]; i j f o. The cell adds
  /// `forget_bias` to the forget gate when it runs.
  case tensorflow

  /// Short enough for a line of a list.
  public var title: String {
    switch self {
    case .pytorch: "PyTorch"
    case .keras: "Keras"
    case .tensorflow: "TensorFlow's BasicLSTMCell"
    }
  }
}
