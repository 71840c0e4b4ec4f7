// The names of a cell's tensors by where the cell stands, and the spellings that versions of a library differ in.

/// Where a cell stands in a stack.
struct RecurrentWeightPlace {
  /// Nil for a cell by itself, such as PyTorch's `nn.LSTMCell`.
  var layer: Int?
  var direction = Direction.forward
  var isBidirectional = false
}

extension RecurrentWeightLayoutKind {
  /// The name of a tensor, as it is written.
  func name(
    _ slot: RecurrentWeightSlot, at place: RecurrentWeightPlace, _ form: RecurrentWeightForm,
    _ options: RecurrentWeightOptions
  ) -> String {
    guard let layer = place.layer else { return options.prefix + slot.name }
    let isForward = place.direction == .forward
    switch self {
    case .pytorch: return "\(options.prefix)\(slot.name)_l\(layer)\(isForward ? "" : "_reverse")"
    case .keras:
      let number = layer == 0 ? "" : "_\(layer)"
      let wrapper = place.isBidirectional ? "bidirectional\(number)/" : ""
      var path = (options.layerNames?[layer] ?? wrapper + form.layerName + number)
        .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      if place.isBidirectional { path[path.count - 1] = (isForward ? "forward_" : "backward_") + path[path.count - 1] }
      return options.prefix + (path + ["\(form.layerName)_cell", slot.name]).joined(separator: "/")
    case .tensorflow:
      let scope = place.isBidirectional ? "bidirectional_rnn/\(isForward ? "fw" : "bw")/" : ""
      return "\(options.prefix)cell_\(layer)/\(scope)basic_lstm_cell/\(slot.name)"
    }
  }

  /// A name without what versions of a library spell differently, to compare by: Keras has the cell in a variable's
  /// path or not (`lstm/lstm_cell/kernel`, `lstm_1/lstm_cell_4/kernel:0`, `lstm/kernel`), TensorFlow up to 1.1 called
  /// kernels weights, and its `LSTMCell` without peepholes computes what `BasicLSTMCell` does.
  func normalized(_ name: String) -> String {
    switch self {
    case .pytorch: return name
    case .keras:
      var parts = RecurrentWeightLayoutKind.parts(name)
      let cells = ["lstm_cell", "gru_cell", "simple_rnn_cell"]
      if parts.count > 2, cells.contains(where: { parts[parts.count - 2].utf8.starts(with: $0.utf8) }) {
        parts.remove(at: parts.count - 2)
      }
      return parts.joined(separator: "/")
    case .tensorflow:
      var parts = RecurrentWeightLayoutKind.parts(name)
      if let last = parts.last { parts[parts.count - 1] = ["weights": "kernel", "biases": "bias"][last] ?? last }
      if parts.count > 1, parts[parts.count - 2] == "lstm_cell" { parts[parts.count - 2] = "basic_lstm_cell" }
      return parts.joined(separator: "/")
    }
  }

  /// A variable's path without the number of its output.
  private static func parts(_ name: String) -> [String] {
    (name.hasSuffix(":0") ? name.dropLast(2) : name[...])
      .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
