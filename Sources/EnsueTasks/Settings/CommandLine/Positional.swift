// An argument of a command that has no dashes.

/// A positional argument, or a row of them.
package struct Positional: Sendable {
  /// How many are expected.
  package enum Count: Sendable {
    case one
    case optional
    case oneOrMore
    case any
  }

  /// As help writes it: `RUN`.
  package let name: String
  package let kind: SettingKind
  package let count: Count
  package let help: String

  package init(_ name: String, _ kind: SettingKind = .path, _ count: Count = .one, _ help: String) {
    self.name = name
    self.kind = kind
    self.count = count
    self.help = help
  }

  var isRequired: Bool {
    switch count {
    case .one, .oneOrMore: true
    case .optional, .any: false
    }
  }

  var isList: Bool {
    switch count {
    case .oneOrMore, .any: true
    case .one, .optional: false
    }
  }

  /// For the line of usage: `RUN`, `[FILE]`, `RUN ...`, `[FILE ...]`.
  var usage: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .oneOrMore: "\(name) ..."
    case .any: "[\(name) ...]"
    }
  }
}
