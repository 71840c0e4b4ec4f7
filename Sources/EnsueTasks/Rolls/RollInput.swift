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
    let chorales =
      try data.paths.first.map { try ChoralesReader.read($0) }
      ?? RollData.stored(in: folder, or: "a file of pieces").chorales
    return try part.chosen(
      training: chorales.training, validation: chorales.validation, test: chorales.test, of: folder)
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
