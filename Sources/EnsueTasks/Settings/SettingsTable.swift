// All leaves of one configuration, in the order of their declaration, and the JSON they make.

import EnsueFiles

/// The settings of a configuration: its JSON, its options, its help.
///
/// Law: `apply(json: json(of: x), to: &y)` makes `json(of: y)` equal to `json(of: x)`, for every x and y.
public struct SettingsTable<Root: Sendable>: Sendable {
  public let settings: [Setting<Root>]
  /// The configuration when nothing is given; help shows its values.
  public let defaults: Root
  /// Places in `settings`; names compare byte for byte.
  let byPath: [[UInt8]: Int]
  let byOption: [[UInt8]: Int]
  /// Every path that is a proper prefix of a leaf's, in order.
  let sections: [String]

  /// - Precondition: no path or option appears twice, and no path lies below another.
  public init(_ settings: [Setting<Root>], defaults: Root) {
    var byPath: [[UInt8]: Int] = [:]
    var byOption: [[UInt8]: Int] = [:]
    var sections: [String] = []
    for (index, setting) in settings.enumerated() {
      let former = byPath.updateValue(index, forKey: Array(setting.path.utf8))
      precondition(former == nil, "the setting '\(setting.path)' is declared twice")
      if let option = setting.option {
        let former = byOption.updateValue(index, forKey: Array(option.utf8))
        precondition(former == nil, "the option '--\(option)' is declared twice")
      }
      for section in SettingsTable.parents(of: setting.path) where !sections.contains(section) {
        sections.append(section)
      }
    }
    for section in sections {
      precondition(byPath[Array(section.utf8)] == nil, "'\(section)' is declared as a leaf and as a section")
    }
    self.settings = settings
    self.defaults = defaults
    self.byPath = byPath
    self.byOption = byOption
    self.sections = sections
  }

  /// The configuration as JSON, nested by the dots of the paths, in the order of declaration.
  public func json(of root: Root) -> JSONValue {
    var tree = JSONObject()
    for setting in settings {
      let parts = setting.path.utf8.split(separator: UInt8(ascii: ".")).map { String(decoding: $0, as: UTF8.self) }
      SettingsTable.insert(setting.get(root), at: parts[...], in: &tree)
    }
    return .object(tree)
  }

  /// The setting at a path, or nil.
  public func setting(at path: String) -> Setting<Root>? { byPath[Array(path.utf8)].map { settings[$0] } }

  /// The setting of an option, without its dashes, or nil.
  public func setting(ofOption option: String) -> Setting<Root>? {
    byOption[Array(option.utf8)].map { settings[$0] }
  }

  private static func insert(_ value: JSONValue, at parts: ArraySlice<String>, in object: inout JSONObject) {
    guard let first = parts.first else { return }
    if parts.count == 1 {
      object[first] = value
    } else {
      var inner = object[first]?.objectValue ?? JSONObject()
      insert(value, at: parts.dropFirst(), in: &inner)
      object[first] = .object(inner)
    }
  }

  /// `a` and `a.b` for `a.b.c`.
  private static func parents(of path: String) -> [String] {
    path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: ".") }.map { String(path[..<$0]) }
  }
}
