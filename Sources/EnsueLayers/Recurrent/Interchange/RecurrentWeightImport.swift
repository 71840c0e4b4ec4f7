// Takes the tensors of cells out of a file: all are found and checked before any is used, and everything that is wrong
// is said at once.

import EnsueFiles
import EnsueTensor

/// One import in progress.
struct RecurrentWeightImport {
  private let layout: RecurrentWeightLayoutKind
  private let options: RecurrentWeightOptions
  private let tensors: NamedTensors
  /// The tensors of the prefix, by what their names are compared by.
  private var found: [[UInt8]: (name: String, tensor: Tensor)] = [:]
  private var wanted: Set<[UInt8]> = []
  private var problems: [String] = []
  private var lacksBias = false
  private(set) var report = RecurrentWeightReport()

  init(
    _ tensors: NamedTensors, _ layout: RecurrentWeightLayoutKind, _ options: RecurrentWeightOptions
  ) throws(Failure) {
    (self.layout, self.options, self.tensors) = (layout, options, tensors)
    for (name, tensor) in tensors.elements {
      guard name.utf8.starts(with: options.prefix.utf8) else {
        report.otherCount += 1
        continue
      }
      let key = Array(layout.normalized(name).utf8)
      if let other = found.updateValue((name, tensor), forKey: key) {
        throw Failure(
          .data, at: tensors.source,
          "one tensor for each weight expected, found \(Failure.shown(other.name)) and \(Failure.shown(name))",
          advice: "Name a longer prefix, or remove the one that is not meant.")
      }
    }
    try refuseProjections()
  }

  /// PyTorch's LSTM with `proj_size` is another cell: its state is a projection.
  private func refuseProjections() throws(Failure) {
    guard layout == .pytorch else { return }
    for (name, tensor) in tensors.elements where name.utf8.starts(with: options.prefix.utf8) {
      let rest = name.utf8.dropFirst(options.prefix.utf8.count)
      guard rest.starts(with: "weight_hr".utf8) else { continue }
      throw Failure(
        .data, at: tensors.source,
        "an LSTM without projection (proj_size=0) expected, found \(Failure.shown(name)) \(tensor.shape)",
        advice: "An LSTM whose state is projected has other equations and cannot be taken.")
    }
  }

  /// The parameters of one cell; wrong ones are remembered, and the result is then empty.
  mutating func parameters(
    of cell: RecurrentCell, at place: RecurrentWeightPlace
  ) throws(Failure) -> [(name: String, tensor: Tensor)] {
    let form = try layout.form(of: cell, options)
    let slots = layout.slots(form, input: cell.inputSize, hidden: cell.hiddenSize, hasBias: options.hasBias)
    let type = cell.parameters.first?.tensor.elementType ?? .float32
    let taken = slots.compactMap { take($0, at: place, form, type) }
    guard taken.count == slots.count else { return [] }
    return layout.stacked(taken, input: cell.inputSize).parameters(form, summed: &report.summedBiasCount)
  }

  private mutating func take(
    _ slot: RecurrentWeightSlot, at place: RecurrentWeightPlace, _ form: RecurrentWeightForm, _ type: ElementType
  ) -> Tensor? {
    let name = layout.name(slot, at: place, form, options)
    let key = Array(layout.normalized(name).utf8)
    wanted.insert(key)
    guard let (actual, tensor) = found[key] else {
      problems.append("\(Failure.shown(name)) \(Shape(slot.sizes)) is missing")
      if slot.name.hasPrefix("bias") { lacksBias = true }
      return nil
    }
    report.used.append(actual)
    guard tensor.shape.sizes == slot.sizes else {
      problems.append("\(Failure.shown(actual)) is \(tensor.shape), not \(Shape(slot.sizes))")
      return nil
    }
    guard tensor.converted(to: type).isFinite else {
      problems.append("\(Failure.shown(actual)) has numbers that are not finite")
      return nil
    }
    return tensor
  }

  /// The end: what no cell asked for, and everything that was wrong.
  /// - Parameter what: what was to be filled, for the message.
  mutating func finish(_ what: String) throws(Failure) {
    for name in tensors.names where name.utf8.starts(with: options.prefix.utf8) {
      if !wanted.contains(Array(layout.normalized(name).utf8)) { report.unused.append(name) }
    }
    let hasUnused = !options.allowsUnused && !report.unused.isEmpty
    guard hasUnused || !problems.isEmpty else { return }
    let all = problems + (hasUnused ? report.unused.map { "\(Failure.shown($0)) is not used" } : [])
    let shown = all.prefix(12).joined(separator: "; ")
    let rest = all.count > 12 ? "; and \(all.count - 12) more" : ""
    throw Failure(
      .data, at: tensors.source,
      "weights of \(what) in the layout of \(layout.title) expected, found others: \(shown)\(rest)",
      advice: advice)
  }

  private var advice: String {
    if report.used.isEmpty {
      return report.otherCount > 0 ? "No tensor of this layout has the prefix \(Failure.shown(options.prefix))." : ""
    }
    if lacksBias, problems.allSatisfy({ $0.contains("bias") && $0.hasSuffix("is missing") }) {
      return "Where the cells were made without biases, say so."
    }
    return problems.isEmpty ? "Name the prefix of the recurrent layers, or allow tensors that are not used." : ""
  }
}

extension RecurrentWeightLayoutKind {
  /// How the layout holds this cell.
  func form(of cell: RecurrentCell, _ options: RecurrentWeightOptions) throws(Failure) -> RecurrentWeightForm {
    guard let kind = RecurrentCellKind(of: cell.formula) else {
      throw Failure(
        .usage, at: "weights", "a cell that \(title) can hold expected, found one with other equations",
        advice: "Documentation/Weights.md lists those it has.")
    }
    guard !cell.parameters.contains(where: { $0.name.hasPrefix("initial.") }) else {
      throw refused(kind, "it learns its first state", "Use a cell whose first state is zero.")
    }
    return try form(of: kind, options)
  }
}
