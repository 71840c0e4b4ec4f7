// One line of the per-class table.

/// Precision, recall and F1 of one class. A quotient whose denominator is zero is 0.
public struct ClassMetrics: Sendable, Equatable {
  /// The name of the class.
  public let label: String
  /// TP / (TP + FP): how many of the examples predicted to be of this class are.
  public let precision: Double
  /// TP / (TP + FN): how many of this class's examples were found.
  public let recall: Double
  /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.
  public let f1: Double
  /// TP + FN: the number of examples whose true class this is.
  public let support: Int
  /// TP + FP: the number of examples predicted to be of this class.
  public let predicted: Int

  /// Whether the class occurs in truth or prediction; macro averages are over these classes.
  public var occurs: Bool { support > 0 || predicted > 0 }

  /// - Parameters:
  ///   - truePositives: examples of the class that were predicted to be of it (TP).
  ///   - support: examples of the class (TP + FN).
  ///   - predicted: examples predicted to be of the class (TP + FP).
  public init(label: String, truePositives: Int, support: Int, predicted: Int) {
    self.label = label
    self.support = support
    self.predicted = predicted
    precision = ClassMetrics.quotient(Double(truePositives), Double(predicted))
    recall = ClassMetrics.quotient(Double(truePositives), Double(support))
    f1 = ClassMetrics.quotient(2 * Double(truePositives), Double(support) + Double(predicted))
  }

  private static func quotient(_ numerator: Double, _ denominator: Double) -> Double {
    denominator == 0 ? 0 : numerator / denominator
  }
}
