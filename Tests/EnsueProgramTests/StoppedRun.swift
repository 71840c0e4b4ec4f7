// Runs that are killed at random moments, none of them before there is a checkpoint or after the end.

import EnsueFiles
import Foundation
import Testing

extension Sandbox {
  /// Starts a training again and again, and kills it, until it was stopped between its first checkpoint and its end.
  /// Where a run ends before that, it is removed, and the next are killed sooner.
  /// - Parameters:
  ///   - line: the command, without `--out`.
  ///   - seconds: that the whole run takes.
  ///   - times: how often to stop it, if it goes on for so long.
  /// - Returns: how often it was.
  func stopAtRandom(_ line: String, out run: String, seconds: Double, times: Int) throws -> Int {
    var (stopped, share) = (0, 0.8)
    for _ in 0..<100 where stopped < times {
      let program = try Program.start(Program.words("\(line) --out \(run)"), in: path)
      Thread.sleep(forTimeInterval: Double.random(in: 0.02...max(0.03, seconds * share)))
      program.send(SIGKILL)
      _ = try program.result()
      if exists("\(run)/bundle/model.safetensors") {
        if stopped > 0 { break }
        try remove(run)
        share *= 0.8
      } else if try newestCheckpoint(run) != nil {
        stopped += 1
      }
    }
    return stopped
  }

  /// Starts a training again and again, and kills it, until it was stopped so often in the middle of an epoch, each
  /// time further on than before. A run that ends before that is begun anew, and killed sooner.
  /// - Parameters:
  ///   - seconds: that the whole run takes.
  ///   - line: the command of each start, counted from 0, without `--out`.
  /// - Returns: how often the run that is left was stopped so.
  func stopInMidEpoch(out run: String, seconds: Double, times: Int, _ line: (Int) -> String) throws -> Int {
    var (stopped, delay) = (0, 1.5 * seconds / Double(times))
    var before: String?
    for start in 0..<20 * times where stopped < times {
      let program = try Program.start(Program.words("\(line(start)) --out \(run)"), in: path)
      Thread.sleep(forTimeInterval: Double.random(in: 0.02...max(0.03, delay)))
      program.send(SIGKILL)
      _ = try program.result()
      let newest = try newestCheckpoint(run)
      if exists("\(run)/bundle/model.safetensors") {
        try remove(run)
        (stopped, before, delay) = (0, nil, delay * 0.6)
      } else if let newest, newest != before {
        if try batch(of: "\(run)/checkpoints/\(newest)") > 0 { stopped += 1 }
        before = newest
      } else {
        // It had no time for a checkpoint.
        delay = min(seconds, delay * 1.1)
      }
    }
    return stopped
  }

  /// The place in its epoch that a checkpoint is of.
  private func batch(of checkpoint: String) throws -> Int {
    let text = String(decoding: try bytes(checkpoint).prefix(1 << 14), as: UTF8.self)
    let match = try #require(text.firstMatch(of: #/\\"batch\\":([0-9]+)/#), "the checkpoint's state")
    return try #require(Int(match.1))
  }

  private func newestCheckpoint(_ run: String) throws -> String? {
    let folder = place("\(run)/checkpoints")
    guard InputFile.isDirectory(folder) else { return nil }
    // Weights of validations are beside them.
    return try InputFile.names(in: folder).filter { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }.max()
  }
}
