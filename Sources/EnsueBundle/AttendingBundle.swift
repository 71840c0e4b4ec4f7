// What `ensue attend` shows classifiers and encoders by, however they were made.

import EnsueFiles
import EnsueLayers

/// A bundle whose attention can be looked at.
public protocol AttendingBundle: Sendable {
  /// What of the files was not used.
  var report: WeightReport { get }
  /// Whether the model was trained on pairs of texts.
  var readsPairs: Bool { get }

  /// The attention weights of a text, or of two that are read together, in inference.
  /// - Throws: `Failure` of kind `usage` where the model has no attention or reads no pairs; of kind `data` where the text
  ///   is so long that its maps would have more than `AttentionReading.weightLimit` numbers.
  func attention(in text: String, pair: String?) throws(Failure) -> AttentionReading
}

extension AttendingBundle {
  public func attention(in text: String) throws(Failure) -> AttentionReading { try attention(in: text, pair: nil) }
}

/// Finds them.
public enum AttendingFolder {
  /// The classifier in a run folder or a bundle, or the encoder in a folder as the Hub has it, with or without a head.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file; of kind `usage` where there is no attention.
  public static func bundle(at path: String) throws -> any AttendingBundle {
    if let folder = ClassifierFolder.pretrained(at: path) { return try AttendingEncoder(folder: folder) }
    let bundle = try ClassifierBundle(contentsOf: path)
    do throws(Failure) { _ = try bundle.attendingClassifier() } catch {
      throw Failure(error.kind, at: path, error.problem, advice: error.advice)
    }
    return bundle
  }
}
