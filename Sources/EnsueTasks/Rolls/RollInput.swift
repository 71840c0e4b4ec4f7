// Pieces for a trained model of piano rolls: from a run's own data, or from a file.

import EnsueBundle
import EnsueData
import EnsueFiles
import EnsueModels

/// Where the pieces of an evaluation come from.
public enum RollInput {
  /// - Parameters:
  ///   - data: a file of pieces as for training, or nothing for the run's own.
  ///   - part: of the file, or of the run's own data.
  /// - Throws: `Failure` for anything wrong with the file, and where it is not what the run began with.
  public static func load(
    _ data: DataConfiguration, _ folder: RunFolder, part: LabelledInput.Part
  ) throws -> [PianoRoll] {
    var plain = DataConfiguration()
    plain.paths = data.paths
    guard plain == data, data.paths.count <= 1 else {
      throw Failure(
        .usage, "one file of pieces expected, found other settings of data",
        advice: "A model of piano rolls takes --data FILE and --part.")
    }
    let chorales = try data.paths.first.map { try ChoralesReader.read($0) } ?? ownPieces(of: folder)
    switch part {
    case .training: return chorales.training
    case .validation: return chorales.validation
    case .test: return chorales.test
    }
  }

  /// The data of the run that a bundle came from.
  private static func ownPieces(of folder: RunFolder) throws -> Chorales {
    guard folder.holdsRun else {
      throw Failure(.usage, "a file of pieces expected, found none", advice: "Name it with --data.")
    }
    let file = RunConfigurationFile<RollConfiguration>(path: folder.configuration)
    let data: RollData
    do {
      data = try RollData(file.configuration())
    } catch let failure as Failure where failure.kind == .missing && failure.advice.isEmpty {
      throw Failure(
        .missing, at: failure.place, failure.problem,
        advice: "The run names its data as it was where training was started; name other data with --data.")
    }
    try file.requireSameData(data.parts)
    return data.chorales
  }
}

extension RollBundle {
  /// Pieces, and the music that is written, are of a piano's keys.
  /// - Throws: `Failure` of kind `data` for a model of other notes.
  package func requirePiano(at path: String) throws(Failure) {
    guard architecture.notes == PianoKeys.notes.lowerBound..<PianoKeys.notes.upperBound + 1 else {
      throw Failure(
        .data, at: path,
        "a model of a piano's \(PianoKeys.count) notes expected, found one of \(architecture.noteCount)")
    }
  }
}
