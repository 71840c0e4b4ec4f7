// The weights of one cell in the layouts of other libraries: PyTorch's nn.LSTMCell and its like, the cell of one Keras
// layer, one BasicLSTMCell.

import EnsueFiles
import EnsueTensor

extension RecurrentCell {
  /// Takes the weights of a cell of another library; numbers are converted to this cell's type.
  ///
  /// Names have no layer: `weight_ih`, `kernel`. Where the other library has two biases and this one has one, it is
  /// their sum, rounded once.
  /// - Throws: `Failure` of kind `data` that names every missing, mis-shaped and unused tensor, and of kind `usage` when
  ///   the library has no such cell; the cell is then unchanged.
  @discardableResult
  public mutating func importWeights(
    _ tensors: NamedTensors, layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions = .init()
  ) throws(Failure) -> RecurrentWeightReport {
    try layout.check(options, layerCount: nil)
    var work = try RecurrentWeightImport(tensors, layout, options)
    let parameters = try work.parameters(of: self, at: RecurrentWeightPlace())
    try work.finish("\(title) [\(inputSize) → \(hiddenSize)]")
    take(parameters)
    return work.report
  }

  /// The weights as another library has them.
  /// - Throws: `Failure` of kind `usage` when the library has no such cell.
  public func exportWeights(
    layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions = .init()
  ) throws(Failure) -> NamedTensors {
    try layout.check(options, layerCount: nil)
    var result = try NamedTensors()
    try export(at: RecurrentWeightPlace(), layout, options, into: &result)
    return result
  }

  /// For messages.
  var title: String { RecurrentCellKind(of: formula)?.rawValue ?? "a cell of its own equations" }

  mutating func take(_ parameters: [(name: String, tensor: Tensor)]) {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in parameters { tensors[name] = tensor }
    forEachParameter { name, tensor, _ in
      if let taken = tensors[name] { tensor = taken.converted(to: tensor.elementType) }
    }
  }

  func export(
    at place: RecurrentWeightPlace, _ layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions,
    into result: inout NamedTensors
  ) throws(Failure) {
    let form = try layout.form(of: self, options)
    guard !regularization.zonesOut else {
      throw layout.refused(
        form.kind, "with zoneout its states keep a share of their values in use too", "Train it without zoneout.")
    }
    let weights = StackedWeights(self, form)
    if !options.hasBias, !weights.biases.allSatisfy({ $0.doubles.allSatisfy { $0 == 0 } }) {
      throw layout.refused(form.kind, "its biases are not zero", "Export it with biases.")
    }
    let slots = layout.slots(form, input: inputSize, hidden: hiddenSize, hasBias: options.hasBias)
    for (slot, tensor) in zip(slots, layout.arranged(weights, hasBias: options.hasBias)) {
      try result.append(layout.name(slot, at: place, form, options), tensor)
    }
  }
}

extension RecurrentWeightLayoutKind {
  /// Options that the layout has no use for would be ignored without a word.
  func check(_ options: RecurrentWeightOptions, layerCount: Int?) throws(Failure) {
    if let names = options.layerNames {
      guard self == .keras, let layerCount else {
        throw Failure(
          .usage, at: "layerNames", "names of layers only where Keras has them expected, found \(names.count)")
      }
      guard names.count == layerCount else {
        throw Failure(.usage, at: "layerNames", "\(layerCount) names of layers expected, found \(names.count)")
      }
    }
    guard options.forgetBias.isFinite else {
      throw Failure(.usage, at: "forgetBias", "a finite number expected, found \(options.forgetBias)")
    }
  }
}
