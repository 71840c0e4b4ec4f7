// The pictures that ensue attend is asked for.

import EnsueFiles
import EnsueReport
import EnsueTasks

/// The files of --svg, whatever its ending, and of --picture.
struct AttentionPictures {
  private static let sentenceLimit = 100

  private let files: [PictureFile]
  /// The option that was given, for messages.
  private let option: String

  init(_ arguments: ParsedArguments) throws {
    files =
      try (arguments.text("svg").map { [PictureFile(svg: $0)] } ?? [])
      + (arguments.text("picture").map { [try PictureFile($0, option: "--picture")] } ?? [])
    option = arguments.isGiven("svg") ? "--svg" : "--picture"
  }

  var isEmpty: Bool { files.isEmpty }

  /// - Parameter count: sentences of the picture so far.
  /// - Throws: `Failure` of kind `usage` where there is no room for one more.
  func requireRoom(after count: Int) throws(Failure) {
    guard count >= AttentionPictures.sentenceLimit else { return }
    throw Failure(
      .usage, at: option, "at most \(AttentionPictures.sentenceLimit) sentences expected, found more",
      advice: "Leave \(option) out, or give fewer.")
  }

  func write(svg: String) throws { for file in files { try file.write(svg: svg) } }
}
