// What users are told of a model beside its results.

import EnsueLayers
import EnsueReport

extension StandardError {
  /// Says which weights of a model's files were not used.
  /// - Parameter name: what the user calls the model.
  static func note(_ report: WeightReport, of name: String) {
    if !report.isEmpty { writeLine("\(name): \(report)") }
  }

  /// Says how many sentences were longer than a model reads.
  static func note(cutCount: Int) {
    guard cutCount > 0 else { return }
    writeLine("longer than the model reads, and cut: \(Format.count(cutCount, "sentence"))")
  }
}
