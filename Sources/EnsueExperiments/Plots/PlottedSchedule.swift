// One curve of a plot of schedules: a name, and constants of its own after it.

import EnsueFiles
import EnsueTasks
import EnsueTraining

/// A schedule as a command line writes it: `noam`, `noam:512:4000`, `cosine:exponential:500`.
public struct PlottedSchedule: Sendable {
  /// As it was written: the name in the legend.
  public let text: String
  public let kind: ScheduleKind
  /// Options and their values.
  private let constants: [(option: String, value: String)]

  /// - Throws: `Failure` of kind `usage` for an unknown name and for more constants than the schedule takes.
  public init(_ text: String) throws(Failure) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let kind = ScheduleKind(rawValue: parts[0]) else {
      let names = ScheduleKind.allCases.map(\.rawValue)
      throw Failure(
        .usage, at: "NAME", "one of \(names.joined(separator: ", ")) expected, found \(Failure.shown(parts[0]))",
        advice: Failure.nearest(to: parts[0], among: names).map { "Perhaps '\($0)' was meant." } ?? "")
    }
    let options = PlottedSchedule.options(of: kind)
    guard parts.count <= options.count + 1 else {
      let form = ([kind.rawValue] + options.map { $0.uppercased() }).joined(separator: ":")
      throw Failure(.usage, at: "NAME", "\(form) expected, found \(Failure.shown(text))")
    }
    (self.text, self.kind) = (text, kind)
    constants = zip(options, parts.dropFirst()).map { (option: $0, value: $1) }
  }

  /// What may stand after a name, in this order.
  private static func options(of kind: ScheduleKind) -> [String] {
    if kind == .noam { return ["schedule-width", "warmup-steps"] }
    if kind.takesWarmUpShape { return ["warmup", "warmup-steps"] }
    return kind.takesWarmUp ? ["warmup-steps"] : []
  }

  /// A plot's constants with this schedule's name and constants.
  /// - Throws: `Failure` of kind `usage` for a value that the option does not take.
  func configured(_ plot: SchedulePlot) throws(Failure) -> SchedulePlot {
    var plot = plot
    plot.schedule.kind = kind
    for (option, value) in constants { try SchedulePlot.settings.apply(option: option, value: value, to: &plot) }
    return plot
  }

  /// The settings of a plot that are not as by default and change nothing of this curve: the schedule does not read
  /// them, or has values of its own.
  func unread(in plot: SchedulePlot) throws(Failure) -> [String] {
    let settings = SchedulePlot.settings
    let own = constants.compactMap { settings.setting(ofOption: $0.option) }
      .filter { $0.get(plot) != $0.get(settings.defaults) }
    let unread = try settings.unread(configured(plot))
    return (unread + own).map(\.path)
  }
}
