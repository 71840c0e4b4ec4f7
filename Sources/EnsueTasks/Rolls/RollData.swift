// The pieces of a run, with what is to be said about them.

import EnsueData
import EnsueFiles

/// The data of a run over piano rolls.
public struct RollData: Sendable, RunData {
  public let chorales: Chorales
  /// What a user should know about the data, a line each.
  public let notes: [String]
  /// The file, for the run's folder.
  let parts: [RunDataPart]

  /// - Throws: `Failure` for anything wrong with the file.
  public init(_ configuration: RollConfiguration) throws {
    let path = configuration.data.path
    guard !path.utf8.isEmpty else {
      throw Failure(.usage, "a file of pieces expected, found none", advice: "Name it with --data.")
    }
    chorales = try ChoralesReader.read(path)
    parts = [RunDataPart(name: "pieces", digest: chorales.digest, path: path)]
    let counts = SequencePart.allCases.map { [chorales] in "\(chorales.pieces(of: $0).count) for \($0.rawValue)" }
    let baseline = ChoralesTask(chorales).baseline(on: .test)
    notes = [
      "pieces: \(counts.joined(separator: ", "))", "  \(chorales.report.summary)",
      "  who knows \(baseline.meaning) loses \(RollData.rounded(baseline.loss)) nats a step of the test part",
    ]
  }

  private static func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

  /// The training pieces of a batch, moved as an epoch moves them.
  /// - Parameter shift: of each piece by its index, in semitones.
  func training(_ indices: [Int], shift: (Int) -> Int) -> RollBatch {
    RollBatch(indices.map { chorales.training[$0].transposed(by: shift($0)) })
  }
}
