// The lines of a run log, whatever they say.

import EnsueFiles

/// Reads `metrics.jsonl` line by line.
enum RunLogLines {
  /// Epochs of a log increase.
  struct EpochOrder {
    private var last: Int?

    init() {}

    mutating func take(_ epoch: Int, place: String) throws {
      if let last, epoch <= last {
        throw JSONFields.failure(place, "an epoch after \(last) expected, found \(epoch)")
      }
      last = epoch
    }
  }

  /// Calls `body` with every whole line and its place.
  /// - Returns: the bytes after the last line end.
  static func read(_ path: String, _ body: (_ json: JSONValue, _ place: String) throws -> Void) throws -> Int {
    let bytes = try InputFile.contents(of: path, limit: 1 << 30)
    var start = 0
    var line = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      line += 1
      let place = "\(path):\(line)"
      try body(parsed(Array(bytes[start..<end]), place: place), place)
      start = end + 1
    }
    return bytes.count - start
  }

  private static func parsed(_ bytes: [UInt8], place: String) throws -> JSONValue {
    do {
      return try JSONValue.parse(bytes, name: place)
    } catch let failure as Failure {
      // The parser says `file:line@byte`; the byte is counted from the line's start.
      throw Failure(.data, at: failure.place, failure.problem, advice: "Restore the file, or train the run again.")
    }
  }
}
