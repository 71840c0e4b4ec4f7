// The JSON files of the JSB chorales: an object of `train`, `valid` and `test`, each a list of chorales, each a list of
// steps, each a list of MIDI notes. Boulanger-Lewandowski, Bengio and Vincent, "Modeling temporal dependencies in
// high-dimensional sequences", ICML 2012.

import EnsueFiles

/// Reads chorales.
public struct ChoralesReader {
  /// The largest file read, in bytes; the 16th-note file has 1.7 million.
  public static let sizeLimit = 16 << 20
  /// The longest chorale; the longest there is has 640 steps.
  public static let stepLimit = 10_000
  /// The most notes and rests that a step may list.
  public static let noteLimit = PianoKeys.count

  private static let parts = ["train", "valid", "test"]
  private let path: String
  private var report = ChoralesReport()

  private init(path: String) { self.path = path }

  /// Reads a file.
  ///
  /// A note may be written `60` or `60.0`; −1 is a rest and left out, an empty step is silence, and a note that stands
  /// twice in a step is one key: the report counts them.
  /// - Throws: `Failure` of kind `missing` when there is no such file, `data` when it is anything else than three
  ///   non-empty lists of chorales of at least two steps, with notes of the piano (21...108).
  public static func read(_ path: String) throws -> Chorales {
    try parse(InputFile.contents(of: path, limit: sizeLimit), name: path)
  }

  /// Reads the bytes of a file.
  /// - Parameter name: the file, for messages.
  /// - Throws: as `read`.
  public static func parse(_ bytes: [UInt8], name: String) throws -> Chorales {
    var reader = ChoralesReader(path: name)
    return try reader.chorales(JSONValue.parse(bytes, name: name), digest: Digest(of: bytes))
  }

  private mutating func chorales(_ value: JSONValue, digest: Digest) throws -> Chorales {
    guard let object = value.objectValue else {
      throw failure("an object of train, valid and test expected, found \(value.kindName)")
    }
    for key in object.keys where !ChoralesReader.parts.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
      let nearest = Failure.nearest(to: key, among: ChoralesReader.parts)
      throw failure(
        "the parts train, valid and test expected, found \(Failure.shown(key))",
        advice: nearest.map { "Did you mean \($0)?" } ?? "Remove it.")
    }
    let training = try part(object, "train")
    let validation = try part(object, "valid")
    let test = try part(object, "test")
    return Chorales(
      path: path, digest: digest, training: training, validation: validation, test: test, report: report)
  }

  private mutating func part(_ object: JSONObject, _ name: String) throws -> [PianoRoll] {
    guard let value = object[name] else { throw failure("the part \(name) expected, found none") }
    let chorales = try list(value, name, "chorales")
    guard !chorales.isEmpty else { throw failure("chorales in \(name) expected, found an empty array") }
    return try chorales.enumerated().map { try chorale($0.element, "\(name)[\($0.offset)]") }
  }

  private mutating func chorale(_ value: JSONValue, _ place: String) throws -> PianoRoll {
    let steps = try list(value, place, "steps")
    guard 2...ChoralesReader.stepLimit ~= steps.count else {
      throw failure("2 to \(ChoralesReader.stepLimit) steps in \(place) expected, found \(steps.count)")
    }
    return PianoRoll(try steps.enumerated().map { try step($0.element, "\(place)[\($0.offset)]") })
  }

  private mutating func step(_ value: JSONValue, _ place: String) throws -> PianoKeys {
    let notes = try list(value, place, "notes")
    guard notes.count <= ChoralesReader.noteLimit else {
      throw failure("at most \(ChoralesReader.noteLimit) notes in \(place) expected, found \(notes.count)")
    }
    var keys = PianoKeys()
    for (index, element) in notes.enumerated() {
      guard let note = try note(element, "\(place)[\(index)]") else {
        report.rests += 1
        continue
      }
      if !keys.insert(note) { report.unisons += 1 }
    }
    report.steps += 1
    report.notes += keys.count
    if keys.isEmpty { report.silentSteps += 1 }
    return keys
  }

  /// A MIDI note, `nil` for a rest.
  private func note(_ value: JSONValue, _ place: String) throws -> Int? {
    guard case .number(let text) = value else {
      throw failure("a MIDI note in \(place) expected, found \(value.kindName)")
    }
    // Half of the 16th-note file is written with a decimal point.
    let whole = value.integerValue ?? value.doubleValue.flatMap { Int(exactly: $0) }
    if whole == -1 { return nil }
    guard let whole, PianoKeys.notes.contains(whole) else {
      throw failure(
        "a MIDI note from \(PianoKeys.notes.lowerBound) to \(PianoKeys.notes.upperBound), or -1 for a rest, in"
          + " \(place) expected, found \(Failure.shown(text))")
    }
    return whole
  }

  private func list(_ value: JSONValue, _ place: String, _ what: String) throws -> [JSONValue] {
    guard let values = value.arrayValue else {
      throw failure("an array of \(what) in \(place) expected, found \(value.kindName)")
    }
    return values
  }

  private func failure(_ problem: String, advice: String = "") -> Failure {
    Failure(.data, at: path, problem, advice: advice)
  }
}
