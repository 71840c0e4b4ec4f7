// What all experiments are: settings that run to an outcome, which says what was seen.

/// An experiment with its settings.
public protocol Experiment: Sendable {
  associatedtype Outcome: ExperimentOutcome

  /// Runs everything. The same settings give the same outcome, at any number of threads.
  func run(_ progress: ExperimentProgress) throws -> Outcome
}

/// What an experiment measured.
public protocol ExperimentOutcome: Sendable {
  /// Tables, charts, and what they show in words that are made from the figures.
  var report: ExperimentReport { get }
}

/// Told of every trial that has ended; may be called from any thread, one call at a time.
public struct ExperimentProgress: Sendable {
  private let show: @Sendable (_ completed: Int, _ total: Int, _ trial: String) -> Void

  public init(_ show: @escaping @Sendable (_ completed: Int, _ total: Int, _ trial: String) -> Void) {
    self.show = show
  }

  /// Shows nothing.
  public static let silent = ExperimentProgress { _, _, _ in }

  func callAsFunction(_ completed: Int, of total: Int, _ trial: String) { show(completed, total, trial) }
}
