// What was counted and changed while chorales were read.

/// Figures of a file of chorales.
public struct ChoralesReport: Sendable, Equatable {
  /// Steps of all chorales.
  public internal(set) var steps = 0
  /// Different notes that sound, summed over the steps.
  public internal(set) var notes = 0
  /// Steps in which nothing sounds.
  public internal(set) var silentSteps = 0
  /// Rests written as −1, which were left out.
  public internal(set) var rests = 0
  /// Notes that stood twice in a step, two voices in unison, and are one key.
  public internal(set) var unisons = 0

  public init() {}

  /// One line, such as `23,134 steps, 90,002 notes, 64 silent steps`.
  public var summary: String {
    var parts = [
      PrintedNumber.counted(steps, "step", "steps"), PrintedNumber.counted(notes, "note", "notes"),
      PrintedNumber.counted(silentSteps, "silent step", "silent steps"),
    ]
    if rests > 0 { parts.append("\(PrintedNumber.counted(rests, "rest", "rests")) left out") }
    if unisons > 0 { parts.append("\(PrintedNumber.counted(unisons, "unison", "unisons")) joined") }
    return parts.joined(separator: ", ")
  }
}
