// Values from outside into a configuration: a JSON file, `path=value`, an option. Each call changes everything
// it was given or, when it throws, nothing.

import EnsueFiles

extension SettingsTable {
  /// Writes the leaves that `json` has; the others stay as they are.
  /// - Parameters:
  ///   - file: where the JSON is from, for messages.
  ///   - ignored: keys at the top that are not settings and belong to the caller, such as `task`.
  /// - Throws: `Failure` of kind `configuration`, with file and path: an unknown key, a wrong type, a value out of
  ///   bounds.
  public func apply(json: JSONValue, to root: inout Root, file: String, ignoring ignored: [String] = []) throws(Failure)
  {
    guard case .object(var object) = json else {
      throw Failure(.configuration, at: file, "an object of settings expected, found \(json.kindName)")
    }
    for key in ignored { object[key] = nil }
    var changed = root
    try apply(object, below: "", to: &changed, file: file)
    root = changed
  }

  /// Writes one leaf from the text of `--set`: `model.hiddenSize=64`.
  /// - Throws: `Failure` of kind `configuration`; of kind `usage` when there is no `=`.
  public func apply(_ assignment: String, to root: inout Root) throws(Failure) {
    guard let sign = assignment.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw Failure(
        .usage, at: "--set", "path=value expected, found \(Failure.shown(assignment))",
        advice: "Write for example --set \(settings.first?.path ?? "path")=VALUE.")
    }
    let path = String(assignment[..<sign])
    let text = String(assignment[assignment.utf8.index(after: sign)...])
    guard let setting = setting(at: path) else { throw unknown(path, at: "--set") }
    let place = "--set \(path)"
    guard let value = setting.kind.value(ofText: text) else {
      throw setting.kind.failure(.configuration, at: place, text: text, found: Failure.shown(text))
    }
    try setting.set(&root, value)
  }

  /// Writes the leaf of an option, given without its dashes; a flag's value is `true` or `false`.
  /// - Throws: `Failure` of kind `usage`.
  public func apply(option: String, value text: String, to root: inout Root) throws(Failure) {
    guard let setting = setting(ofOption: option) else {
      let names = settings.compactMap(\.option)
      throw Failure(
        .usage, "an option expected, found \(Failure.shown("--" + option))",
        advice: Failure.nearest(to: option, among: names).map { "Perhaps --\($0) was meant." } ?? "")
    }
    guard let value = setting.kind.value(ofText: text) else {
      throw setting.kind.failure(.usage, at: "--\(option)", text: text, found: Failure.shown(text))
    }
    try setting.set(&root, value)
  }

  private func apply(_ object: JSONObject, below section: String, to root: inout Root, file: String) throws(Failure) {
    for (key, value) in object.members {
      let path = section.isEmpty ? key : "\(section).\(key)"
      // One way to write a path: else a leaf could stand in a file twice.
      guard !key.utf8.contains(UInt8(ascii: ".")) else {
        throw Failure(
          .configuration, at: file, "a name without dots expected, found \(Failure.shown(key))",
          advice: "Write an object inside an object.")
      }
      if let setting = setting(at: path) {
        guard let checked = setting.kind.value(of: value) else {
          throw setting.kind.failure(
            .configuration, at: "\(file): \(path)", text: value.stringValue, found: SettingsTable.shown(value))
        }
        try setting.set(&root, checked)
      } else if sections.contains(where: { $0.utf8.elementsEqual(path.utf8) }) {
        guard case .object(let inner) = value else {
          throw Failure(
            .configuration, at: "\(file): \(path)",
            "an object of settings expected, found \(SettingsTable.shown(value))"
          )
        }
        try apply(inner, below: path, to: &root, file: file)
      } else {
        throw unknown(path, at: file)
      }
    }
  }

  /// The error for an unknown path. A leaf of the same last name, or of an option of this name, is nearer than any
  /// that is merely spelled alike: `hiddenSize` for `model.hiddenSize`, `seed` for `training.seed`.
  func unknown(_ path: String, at place: String) -> Failure {
    var advice = ""
    let last = path.utf8.split(separator: UInt8(ascii: ".")).last.map { Array($0) } ?? []
    if sections.contains(where: { $0.utf8.elementsEqual(path.utf8) }) {
      let inner = settings.first { $0.path.utf8.starts(with: "\(path).".utf8) }
      advice = "It is a section; name one of its settings, such as '\(inner?.path ?? path)'."
    } else if let same = settings.first(where: { setting in
      setting.option?.utf8.elementsEqual(last) == true
        || setting.path.utf8.split(separator: UInt8(ascii: ".")).last?.elementsEqual(last) == true
    }) {
      advice = "Perhaps '\(same.path)' was meant."
    } else if let near = nearest(to: path) {
      advice = "Perhaps '\(near)' was meant."
    }
    return Failure(.configuration, at: place, "a known setting expected, found \(Failure.shown(path))", advice: advice)
  }

  /// The nearest path as a whole, else the leaf whose last name is nearest.
  private func nearest(to path: String) -> String? {
    if let near = Failure.nearest(to: path, among: settings.map(\.path) + sections) { return near }
    func last(_ path: String) -> String {
      path.utf8.split(separator: UInt8(ascii: ".")).last.map { String(decoding: $0, as: UTF8.self) } ?? path
    }
    guard let near = Failure.nearest(to: last(path), among: settings.map { last($0.path) }) else { return nil }
    return settings.first { last($0.path).utf8.elementsEqual(near.utf8) }?.path
  }

  /// A JSON value for a message: short ones as they are, trees by their kind.
  private static func shown(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): Failure.shown(text)
    case .number(let text): text.utf8.count <= 40 ? text : "\(text.prefix(40))…"
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .null, .array, .object: value.kindName
    }
  }
}
