// Runs that differ only in their seed, taken together.

/// The repetitions of one configuration on one data set.
public struct RunGroup: Sendable, Equatable {
  /// The model's title; with the first run's name where several configurations share the title.
  public let name: String
  /// The model's title.
  public let model: String
  /// The runs, in the order given.
  public let runs: [RunRecord]

  public init(name: String, model: String, runs: [RunRecord]) {
    precondition(!runs.isEmpty, "a group needs at least one run")
    self.name = name
    self.model = model
    self.runs = runs
  }

  /// The data set of the runs.
  public var dataset: String { runs[0].dataset }
  /// The data the figures come from.
  public var split: RunSplit { runs[0].split }

  /// Mean and scatter of a figure over the runs.
  public func spread(of metric: MetricKind) -> Spread { RunGroup.spread(runs.map { metric.value(in: $0) }) }

  /// Mean and scatter of the training time, in seconds.
  public var trainingSeconds: Spread { RunGroup.spread(runs.map(\.trainingSeconds)) }

  /// Trained parameters, where all runs agree.
  public var parameters: Int? {
    runs.allSatisfy { $0.parameters == runs[0].parameters } ? runs[0].parameters : nil
  }

  /// Runs whose seed an earlier run of the group had: they add no independent measurement.
  public var repeatedSeeds: Int {
    var seen: Set<UInt64> = []
    return runs.compactMap(\.seed).filter { !seen.insert($0).inserted }.count
  }

  /// Groups runs of the same model, configuration, data set and split, in the order of their first runs.
  public static func groups(of runs: [RunRecord]) -> [RunGroup] {
    var members: [[RunRecord]] = []
    var places: [[[UInt8]]: Int] = [:]
    for run in runs {
      let key = [run.model, run.configuration, run.dataset, run.split.rawValue].map { Array($0.utf8) }
      if let place = places[key] {
        members[place].append(run)
      } else {
        places[key] = members.count
        members.append([run])
      }
    }
    var titles: [[UInt8]: Int] = [:]
    for group in members { titles[Array(group[0].model.utf8), default: 0] += 1 }
    return members.map { group in
      let model = group[0].model
      let isAlone = titles[Array(model.utf8)] == 1
      return RunGroup(name: isAlone ? model : "\(model) (\(group[0].name))", model: model, runs: group)
    }
  }

  private static func spread(_ values: [Double]) -> Spread {
    guard let spread = Spread(values) else { preconditionFailure("a group has no runs") }
    return spread
  }
}
