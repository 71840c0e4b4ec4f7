// Schedules of the learning rate side by side, as a chart and as a table.

import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueTraining

/// What is drawn: schedules with one set of constants, of which each takes those that it has, and with their own.
public struct SchedulePlot: OptimizedTraining {
  /// In the order of the legend.
  public var schedules: [PlottedSchedule] = []
  /// The steps of training.
  public var steps = 10_000
  /// Its learning rate and β₂ are used.
  public var optimizer = SchedulePlot.unitRate
  public var schedule = ScheduleConfiguration()
  /// Whether every curve is divided by its highest value, so that Noam's can stand beside others.
  public var isRelative = false
  /// The width of the picture in user units.
  public var pictureWidth = 720.0

  public init() {}

  private static var unitRate: OptimizerConfiguration {
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 1
    return optimizer
  }

  public static let settings = SettingsTable<SchedulePlot>(
    [
      .integer("plot.steps", \.steps, 2...100_000_000, option: "steps", "steps of training"),
      .flag("plot.isRelative", \.isRelative, option: "relative", "divide every curve by its highest value"),
      .number("plot.pictureWidth", \.pictureWidth, 200...4000, option: "picture-width", "width of the picture"),
    ] + optimizerSettings.filter { ["optimizer.learningRate", "optimizer.beta2"].contains($0.path) }
      + scheduleConstants,
    defaults: SchedulePlot())

  private static let pointCount = 240
  private static let rowCount = 12
  /// As many epochs the training is thought to have, for the schedules that count them.
  private static let epochCount = 20
  private var epochLength: Int { max(1, steps / SchedulePlot.epochCount) }

  /// The rate of each schedule at some steps.
  private func curves(_ count: Int) throws -> (steps: [Int], rates: [(name: String, values: [Double])]) {
    let names = schedules.map(\.text)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw Failure(
        .usage, at: "NAME", "each schedule once expected, found \(twice) twice",
        advice: "With other constants it may stand again: noam:512:4000 noam:512:8000.")
    }
    let count = min(count, steps)
    let places = (0..<count).map { 1 + Int((Double($0) * Double(steps - 1) / Double(count - 1)).rounded()) }
    let plots = try schedules.map { try $0.configured(self) }
    let unread = try schedules.map { try $0.unread(in: self) }
    if let path = unread.first?.first(where: { path in unread.allSatisfy { $0.contains(path) } }),
      let setting = SchedulePlot.settings.setting(at: path)
    {
      let value = SettingsTable<SchedulePlot>.text(of: setting.get(self))
      throw Failure(
        .configuration, at: path, "a schedule that reads it expected, found none; \(value) would do nothing",
        advice: "Leave it out, or draw a schedule that reads it.")
    }
    let rates = try zip(names, plots).map { name, plot in
      let found = try SchedulePlot.settings.withoutRefused(plot).schedule.schedule(
        totalSteps: steps, stepsPerEpoch: epochLength, beta2: optimizer.beta2)
      return (name: name, values: values(of: found, at: places))
    }
    return (places, rates)
  }

  private func values(of schedule: RateSchedule, at places: [Int]) -> [Double] {
    var schedule = schedule
    var epoch = 0
    let rates = places.map { step in
      while (epoch + 1) * epochLength < step {
        // A loss that never falls.
        schedule.take(0)
        epoch += 1
      }
      return schedule.factor(at: step) * optimizer.learningRate
    }
    let highest = rates.max() ?? 0
    return isRelative && highest > 0 ? rates.map { $0 / highest } : rates
  }

  private var quantity: String { isRelative ? "learning rate, share of the highest" : "learning rate" }

  /// - Throws: `Failure` for constants that do not go together.
  public func chart() throws -> LineChart {
    let (places, rates) = try curves(SchedulePlot.pointCount)
    return LineChart(
      title: schedules.count == 1 ? "Schedule \(schedules[0].text)" : "Schedules of the learning rate",
      horizontalTitle: "step", horizontalFormat: .wholeNumber, verticalTitle: quantity,
      series: rates.enumerated().map { index, rate in
        LineChart.Series(
          name: rate.name,
          isDashed: rates[..<index].contains { SchedulePlot.coincide($0.values, rate.values) },
          points: zip(places, rate.values).map { LineChart.Point(x: Double($0), y: $1) })
      }, width: pictureWidth)
  }

  /// Whether one curve hides most of the other: the later is then dashed, so that both are seen.
  private static func coincide(_ first: [Double], _ second: [Double]) -> Bool {
    let highest = max(first.max() ?? 0, second.max() ?? 0)
    return zip(first, second).count { abs($0 - $1) <= highest * 0.004 } * 2 > first.count
  }

  /// The rates at some steps, for reading.
  /// - Throws: `Failure` for constants that do not go together.
  public func table() throws -> TextTable {
    let (places, rates) = try curves(SchedulePlot.rowCount)
    return TextTable(
      columns: [TextTable.Column("step", .trailing)] + rates.map { TextTable.Column($0.name, .trailing) },
      rows: places.enumerated().map { index, step in
        [Format.count(step)] + rates.map { Format.significant($0.values[index]) }
      })
  }

  /// What a reader must know to understand the curves; nil where there is nothing.
  public var note: String? {
    let kinds = schedules.map(\.kind)
    let told = [
      kinds.contains(.reduceOnPlateau) ? "reduce-on-plateau: as if validation never improved" : nil,
      kinds.contains(.epochDecay) ? "epoch-decay" : nil,
    ].compactMap { $0 }
    guard !told.isEmpty else { return nil }
    return "\(told.joined(separator: "; ")): with an epoch every \(Format.count(epochLength, "step"))"
  }
}
