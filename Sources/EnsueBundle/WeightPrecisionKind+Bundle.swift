// Which models fewer bits than 32 are for.

import EnsueFiles
import EnsueTensor

extension WeightPrecisionKind {
  /// Refuses fewer bits for a model that computes with all of them.
  /// - Parameters:
  ///   - precision: nil where a model may be trained.
  ///   - model: as tables name it.
  /// - Throws: `Failure` of kind `configuration`.
  static func require(full precision: WeightPrecisionKind?, of model: String, at place: String) throws(Failure) {
    guard let precision, precision != .full else { return }
    throw Failure(
      .configuration, at: place,
      "a Transformer that writes, or a pre-trained encoder, expected for weights in \(precision.rawValue), found"
        + " \(model)", advice: "This model runs in \(WeightPrecisionKind.full.rawValue).")
  }
}
