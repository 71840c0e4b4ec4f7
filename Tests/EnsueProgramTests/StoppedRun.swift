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
      } else if try hasCheckpoint(run) {
        stopped += 1
      }
    }
    return stopped
  }

  private func hasCheckpoint(_ run: String) throws -> Bool {
    let folder = place("\(run)/checkpoints")
    guard InputFile.isDirectory(folder) else { return false }
    return try InputFile.names(in: folder).contains { $0.hasSuffix(".safetensors") }
  }
}
