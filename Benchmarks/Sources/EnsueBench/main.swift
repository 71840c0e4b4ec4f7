// ensue-bench: workloads and their peers in turns, one table. See Benchmarks/README.md.

import Ensue
import Foundation

/// Results go to standard output, everything else to standard error.
func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

/// Runs steps of Ensue alone, for a profiler.
func profile(_ kind: WorkloadKind, steps: Int, _ options: BenchOptions) throws {
  var workload = try kind.makeWorkload(Places(), options)
  try workload.profiledStep()
  let start = now()
  for _ in 0..<steps { try workload.profiledStep() }
  let milliseconds = (now() - start) / Double(steps) * 1e3
  note("\(kind.rawValue): \(Format.count(steps, "step")), \(Format.fixed(milliseconds, places: 4)) ms each")
}

/// Runs what was asked for; gives the exit status.
func bench(_ options: BenchOptions) async throws -> Int32 {
  if let steps = options.profileSteps, let kind = options.workloads.first {
    try ThreadPool.$current.withValue(ThreadPool(threadCount: options.threads)) {
      try profile(kind, steps: steps, options)
    }
    return 0
  }
  let places = Places()
  let thresholds = options.check ? try Thresholds(path: places.benchmarks + "/Thresholds.json") : nil
  let peak = await MachinePeak(threads: options.threads)
  note("peak: \(peak.description)")
  let comparison = Comparison(places: places, options: options)
  var results: [WorkloadResult] = []
  for kind in options.workloads {
    note("\(kind.rawValue) …")
    let result = try ThreadPool.$current.withValue(ThreadPool(threadCount: options.threads)) {
      try comparison.measure(kind)
    }
    results.append(result)
    if options.json { for line in result.jsonLines(peak) { show(line + "\n") } }
  }
  if !options.json { show(resultTable(results, peak).text(width: 100)) }
  let versions = results.compactMap { result in result.peerVersion.map { "\(result.workload.rawValue): \($0)" } }
  if !versions.isEmpty { note("peers: " + versions.joined(separator: "; ")) }
  for remark in results.flatMap(\.remarks) { note(remark) }
  guard let (lines, failed) = thresholds?.verdicts(results) else { return 0 }
  for line in lines { note(line) }
  return failed ? 1 : 0
}

// A peer that has died must give an error, not end this program.
signal(SIGPIPE, SIG_IGN)
do {
  let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
  if options.help {
    show(BenchOptions.usage)
  } else {
    exit(try await bench(options))
  }
} catch let failure as Failure {
  note("error: \(failure)")
  exit(failure.kind.rawValue)
}
