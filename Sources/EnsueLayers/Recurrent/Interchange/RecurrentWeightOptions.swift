// What has to be said about weights of another library that they do not say themselves.

/// How weights are named and what they leave out.
public struct RecurrentWeightOptions: Sendable {
  /// Before the name of every tensor: `lstm.` where a PyTorch module calls its `nn.LSTM` so, `rnnlm/multi_rnn_cell/`
  /// in TensorFlow. Tensors of other names are not looked at.
  public var prefix: String
  /// Whether the cells have biases: false for `bias=False` in PyTorch and `use_bias=False` in Keras. Biases are then
  /// zero here.
  public var hasBias: Bool
  /// Keras' names of the layers, first layer first. A layer in both directions is `WRAPPER/LAYER`:
  /// `bidirectional/lstm`. Nil for the names Keras gives by itself: `lstm`, `lstm_1`, …
  public var layerNames: [String]?
  /// What TensorFlow's cell adds to the forget gate when it runs.
  public var forgetBias: Double
  /// Whether tensors of this prefix that no cell asks for are only reported.
  public var allowsUnused: Bool

  public init(
    prefix: String = "", hasBias: Bool = true, layerNames: [String]? = nil, forgetBias: Double = 1,
    allowsUnused: Bool = false
  ) {
    (self.prefix, self.hasBias, self.layerNames) = (prefix, hasBias, layerNames)
    (self.forgetBias, self.allowsUnused) = (forgetBias, allowsUnused)
  }
}
