// What the harness knows of a workload: rows to fill, a warm-up, blocks to measure.

/// A row of the table.
struct RowDescription: Sendable {
  let name: String
  let unit: FigureUnit
  /// Floating-point operations (a multiply-add is two) of the matrix products behind one unit of the figure, or, where
  /// the figure is a time, behind what takes that time; nil where products are not the work.
  var operationsPerUnit: Double?
  /// Another row of the workload, whose figure of Ensue stands in the peer's place.
  var comparedRow: String?
}

/// Ensue's side of a workload.
protocol Workload {
  var rows: [RowDescription] { get }
  /// What is not measured: first steps, first reading of a file.
  mutating func warmUp() throws
  /// Measures one block of about `seconds` and gives the figure of every row.
  mutating func block(seconds: Double) throws -> [Double]
  /// Runs for a profiler: one step of what the workload is about, of training or of a block that has no steps.
  mutating func profiledStep() throws
}

extension Workload {
  /// A block in no time is one step.
  mutating func profiledStep() throws { _ = try block(seconds: 0) }
}

/// Seconds since an arbitrary moment.
func now() -> Double { (ContinuousClock.now - Stopwatch.origin) / .seconds(1) }

private enum Stopwatch {
  static let origin = ContinuousClock.now
}

/// `step()`, which returns how much it did, until the time is over: the amount a second.
func repeated(seconds: Double, _ step: () throws -> Double) rethrows -> Double {
  let start = now()
  var (amount, elapsed) = (0.0, 0.0)
  repeat {
    amount += try step()
    elapsed = now() - start
  } while elapsed < seconds
  return amount / elapsed
}

/// The middle value; of an even number the mean of the two.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
