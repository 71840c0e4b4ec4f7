// The mean of the weights of several validations: often better than any of them (Vaswani et al. 2017, section 6.1; Izmailov
// et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018).
//
// The weights of a validation are a file beside the checkpoints, written once. Which are averaged, the run's log says; so
// a checkpoint needs to know nothing of them.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Of which validations the weights are averaged.
public enum WeightAveragingKind: String, Codable, CaseIterable, Sendable {
  case best
  case last
}

/// Weights kept in a run's folder of checkpoints.
package struct WeightAverage {
  let folder: String
  let kind: WeightAveragingKind
  /// How many validations are averaged.
  let count: Int
  let higherIsBetter: Bool
  /// All validations so far, and those that the last checkpoint knows.
  private var validations: [Validation]
  private var savedValidations: [Validation]

  /// A validation by its number and value.
  package typealias Validation = (epoch: Int, value: Double)

  /// - Parameter validations: those that a run that goes on has made.
  package init(
    folder: String, kind: WeightAveragingKind, count: Int, higherIsBetter: Bool, after validations: [Validation] = []
  ) {
    (self.folder, self.kind, self.count, self.higherIsBetter) = (folder, kind, count, higherIsBetter)
    (self.validations, savedValidations) = (validations, validations)
  }

  private static let prefix = "validation-"
  private static let suffix = ".safetensors"

  private func name(_ epoch: Int) -> String {
    let digits = String(epoch)
    let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
    return WeightAverage.prefix + zeros + digits + WeightAverage.suffix
  }

  /// The validations to average, the earliest first: of the best the earlier of equals, and none that is NaN.
  package func chosen(_ validations: [Validation]) -> [Int] {
    switch kind {
    case .last: return validations.suffix(count).map(\.epoch)
    case .best:
      let ranked = validations.filter { !$0.value.isNaN }.sorted { left, right in
        left.value == right.value
          ? left.epoch < right.epoch : (higherIsBetter ? left.value > right.value : left.value < right.value)
      }
      return ranked.prefix(count).map(\.epoch).sorted()
    }
  }

  /// Takes a validation, and keeps its weights where they are among the chosen.
  package mutating func keep(_ model: some Module, _ validation: Validation) throws {
    validations.append(validation)
    guard count > 1, chosen(validations).contains(validation.epoch) else { return }
    try OutputFile.createDirectory(folder)
    try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/\(name(validation.epoch))")
  }

  /// Removes weights that no checkpoint asks for any more: after one was written, beside which the one before is kept.
  mutating func prune() throws {
    let needed = Set((chosen(validations) + chosen(savedValidations)).map(name))
    savedValidations = validations
    guard count > 1, InputFile.isDirectory(folder) else { return }
    for file in try InputFile.names(in: folder)
    where file.hasPrefix(WeightAverage.prefix) && file.hasSuffix(WeightAverage.suffix) && !needed.contains(file) {
      try OutputFile.remove("\(folder)/\(file)")
    }
  }

  /// The mean of the chosen weights; nil where only one validation is chosen.
  /// - Throws: `Failure` where a file is missing or damaged.
  package func mean<Model: Module>(_ blank: Model) throws -> Model? {
    let epochs = chosen(validations)
    guard count > 1, epochs.count > 1 else { return nil }
    var sums: [String: Tensor] = [:]
    for epoch in epochs {
      let path = "\(folder)/\(name(epoch))"
      let reader = try SafetensorsReader(path)
      try reader.verifyDigest(isRequired: true)
      var model = blank
      try model.load(reader, path: path)
      for (name, tensor) in model.namedTensors { sums[name] = sums[name].map { $0 + tensor } ?? tensor }
    }
    var model = blank
    let share = 1 / Double(epochs.count)
    model.forEachParameter { name, tensor, _ in
      if let sum = sums[name] { tensor = (sum * share).detached }
    }
    return model
  }
}
