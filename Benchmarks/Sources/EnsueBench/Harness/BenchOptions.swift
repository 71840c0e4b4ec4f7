// The options of the program.

import Ensue

/// What was asked for on the command line.
struct BenchOptions: Sendable {
  var workloads = WorkloadKind.allCases
  /// One JSON object a line in place of the table.
  var json = false
  /// Whether a ratio below its threshold is a failure.
  var check = false
  var help = false
  var threads = ThreadPool.processorCount
  /// Length of a measured block.
  var seconds = 2.0
  var blocks = 5
  /// Run this many steps of Ensue alone, for a profiler, and measure nothing.
  var profileSteps: Int?
  /// Whether `cell-peephole` is also compared with the cell through torch.compile.
  var compile = false

  static let usage =
    """
    usage: ensue-bench [--workload NAME]... [--json] [--check] [--threads N] [--seconds S] [--blocks N] [--compile]
           ensue-bench --workload NAME --profile-steps N [--threads N]

    Measures Ensue and its peers in turns, in blocks of S seconds (default 2), N blocks each (default 5), and compares
    medians. A ratio above 1: Ensue is faster. --check: exit status 1 when a ratio falls below Thresholds.json.
    --compile: cell-peephole also against torch.compile, half a minute and more of compiling. --profile-steps: N steps
    of Ensue alone after one that is not counted, for a profiler.


    """ + WorkloadKind.allCases.map { "  \(padded($0.rawValue))\($0.summary)\n" }.joined()
      + """

        ENSUE_PEER_PYTHON  the Python of the peers, with torch and numpy (default python3)
        ENSUE_DATA         the folder of the data (default ../shared/data beside the repository)

      """

  private static func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(1, 18 - name.utf8.count))
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    var named: [WorkloadKind] = []
    while let option = rest.popFirst() {
      switch option {
      case "--json": json = true
      case "--check": check = true
      case "--compile": compile = true
      case "--help", "-h": help = true
      case "--workload": named.append(try BenchOptions.workload(try BenchOptions.value(of: option, &rest)))
      case "--threads": threads = try BenchOptions.number(option, &rest, 1...256) { Int($0) }
      case "--seconds": seconds = try BenchOptions.number(option, &rest, 0.01...600) { Double($0) }
      case "--blocks": blocks = try BenchOptions.number(option, &rest, 1...1000) { Int($0) }
      case "--profile-steps": profileSteps = try BenchOptions.number(option, &rest, 1...10_000_000) { Int($0) }
      default:
        throw Failure(
          .usage, "an option expected, found \(Failure.shown(option))", advice: "See ensue-bench --help.")
      }
    }
    if !named.isEmpty { workloads = WorkloadKind.allCases.filter(named.contains) }
    if profileSteps != nil, named.count != 1, !help {
      throw Failure(
        .usage, at: "--profile-steps", "one --workload expected, found \(named.count)", advice: "Name the one to run.")
    }
  }

  private static func value(of option: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else {
      throw Failure(.usage, at: option, "a value expected, found none", advice: "See ensue-bench --help.")
    }
    return value
  }

  private static func workload(_ name: String) throws -> WorkloadKind {
    if let kind = WorkloadKind(rawValue: name) { return kind }
    let names = WorkloadKind.allCases.map(\.rawValue)
    let nearest = Failure.nearest(to: name, among: names).map { "Did you mean \($0)?" }
    throw Failure(
      .usage, at: "--workload", "one of \(names.joined(separator: ", ")) expected, found \(Failure.shown(name))",
      advice: nearest ?? "See ensue-bench --help.")
  }

  private static func number<Number: Comparable>(
    _ option: String, _ rest: inout ArraySlice<String>, _ range: ClosedRange<Number>, _ parse: (String) -> Number?
  ) throws -> Number {
    let text = try value(of: option, &rest)
    guard let number = parse(text), range.contains(number) else {
      throw Failure(
        .usage, at: option,
        "a number from \(range.lowerBound) to \(range.upperBound) expected, found \(Failure.shown(text))",
        advice: "See ensue-bench --help.")
    }
    return number
  }
}
