// How often each class was taken for each. All classification metrics are computed from it.

/// Counts of (true class, predicted class) pairs over the examples of a data set.
///
/// Rows are true classes, columns are predictions, in the order of `labels`.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The names of the classes; index i is class i.
  public let labels: [String]
  /// Row-major counts, `[truth, prediction]`.
  private var cells: [Int]

  /// An empty matrix.
  /// - Precondition: there is at least one label.
  public init(labels: [String]) {
    precondition(!labels.isEmpty, "a confusion matrix needs at least one label")
    self.labels = labels
    cells = [Int](repeating: 0, count: labels.count * labels.count)
  }

  /// A matrix of given counts, `[truth][prediction]`; `nil` unless it is square over `labels`, has no negative
  /// count and a total that fits an `Int`.
  public init?(labels: [String], counts: [[Int]]) {
    guard !labels.isEmpty, counts.count == labels.count else { return nil }
    self.init(labels: labels)
    var total = 0
    for (truth, row) in counts.enumerated() {
      guard row.count == labels.count else { return nil }
      for (prediction, count) in row.enumerated() {
        let (sum, overflow) = total.addingReportingOverflow(count)
        guard count >= 0, !overflow else { return nil }
        total = sum
        cells[truth * labels.count + prediction] = count
      }
    }
  }

  /// The number of classes.
  public var classCount: Int { labels.count }

  /// Counts one example of class `truth` that was predicted to be of class `prediction`.
  /// - Precondition: both are indices of `labels`.
  public mutating func add(truth: Int, prediction: Int) {
    cells[index(truth, prediction)] += 1
  }

  /// Adds the counts of another matrix over the same labels, for example another batch's.
  /// - Precondition: the labels are the same, in the same order.
  public mutating func add(_ other: ConfusionMatrix) {
    precondition(labels == other.labels, "confusion matrices over different labels cannot be added")
    for index in cells.indices { cells[index] += other.cells[index] }
  }

  /// The number of examples of class `truth` predicted to be of class `prediction`.
  public subscript(truth truth: Int, prediction prediction: Int) -> Int { cells[index(truth, prediction)] }

  /// All counts, `[truth][prediction]`.
  public var counts: [[Int]] {
    (0..<classCount).map { Array(cells[$0 * classCount..<($0 + 1) * classCount]) }
  }

  /// The number of examples.
  public var total: Int { cells.reduce(0, +) }

  /// The number of examples predicted correctly.
  public var correct: Int { (0..<classCount).reduce(0) { $0 + cells[$1 * classCount + $1] } }

  /// The number of examples whose true class is `label` (the class's support).
  public func truthCount(of label: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + cells[index(label, $1)] }
  }

  /// The number of examples predicted to be of class `label`.
  public func predictionCount(of label: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + cells[index($1, label)] }
  }

  /// Accuracy, macro averages and the table by class.
  public var metrics: ClassificationMetrics { ClassificationMetrics(self) }

  private func index(_ truth: Int, _ prediction: Int) -> Int {
    precondition(
      labels.indices.contains(truth) && labels.indices.contains(prediction),
      "class \(truth) or \(prediction) is outside 0..<\(classCount)")
    return truth * classCount + prediction
  }
}
