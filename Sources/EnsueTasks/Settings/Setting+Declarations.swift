// Settings of the usual types, declared by key path. An optional leaf is `none` on the command line, null in JSON.

import EnsueFiles

extension Setting {
  /// A whole number. Bounds of unsigned types end at `Int.max`.
  public static func integer<Value: FixedWidthInteger & Sendable>(
    _ path: String, _ leaf: Leaf<Value>, _ range: ClosedRange<Value>,
    option: String? = nil, placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .integer(Int(range.lowerBound)...Int(clamping: range.upperBound)), option: option,
      placeholder: placeholder, help, get: { .number("\($0[keyPath: leaf])") },
      set: { root, value throws(Failure) in
        guard let number = value.integerValue, let whole = Value(exactly: number) else {
          throw impossible(path, value)
        }
        root[keyPath: leaf] = whole
      })
  }

  /// A whole number, or none.
  public static func integer<Value: FixedWidthInteger & Sendable>(
    _ path: String, _ leaf: Leaf<Value?>, _ range: ClosedRange<Value>,
    option: String? = nil, placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .optional(.integer(Int(range.lowerBound)...Int(clamping: range.upperBound))), option: option,
      placeholder: placeholder, help, get: { $0[keyPath: leaf].map { .number("\($0)") } ?? .null },
      set: { root, value throws(Failure) in
        let whole = value.integerValue.flatMap { Value(exactly: $0) }
        guard whole != nil || value == .null else { throw impossible(path, value) }
        root[keyPath: leaf] = whole
      })
  }

  /// A finite number.
  public static func number<Value: SettingNumber>(
    _ path: String, _ leaf: Leaf<Value>, _ range: NumberRange, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: Value.isOptional ? .optional(.number(range)) : .number(range), option: option,
      placeholder: placeholder, help, get: { $0[keyPath: leaf].settingValue },
      set: { root, value throws(Failure) in
        guard let number = Value(settingValue: value) else {
          throw Failure(.configuration, at: path, "a 32-bit number expected, found \(value)")
        }
        root[keyPath: leaf] = number
      })
  }

  /// A finite number, both bounds included.
  public static func number<Value: SettingNumber>(
    _ path: String, _ leaf: Leaf<Value>, _ range: ClosedRange<Double>,
    option: String? = nil, placeholder: String? = nil, _ help: String
  ) -> Setting {
    number(path, leaf, NumberRange(range), option: option, placeholder: placeholder, help)
  }

  /// A finite number, the upper bound excluded.
  public static func number<Value: SettingNumber>(
    _ path: String, _ leaf: Leaf<Value>, _ range: Range<Double>, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    number(path, leaf, NumberRange(range), option: option, placeholder: placeholder, help)
  }

  /// True or false: `--name` and `--no-name`.
  public static func flag(
    _ path: String, _ leaf: Leaf<Bool>, option: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .flag, option: option, help, get: { .boolean($0[keyPath: leaf]) },
      set: { root, value throws(Failure) in
        guard let isOn = value.booleanValue else { throw impossible(path, value) }
        root[keyPath: leaf] = isOn
      })
  }

  /// True, false or none: `--name true`.
  public static func flag(
    _ path: String, _ leaf: Leaf<Bool?>, option: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .optional(.flag), option: option, help, get: { $0[keyPath: leaf].map { .boolean($0) } ?? .null },
      set: { root, value throws(Failure) in
        guard value == .null || value.booleanValue != nil else { throw impossible(path, value) }
        root[keyPath: leaf] = value.booleanValue
      })
  }

  /// Any text, the empty one included.
  public static func text(
    _ path: String, _ leaf: Leaf<String>, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .text, option: option, placeholder: placeholder, help, get: { .string($0[keyPath: leaf]) },
      set: { root, value throws(Failure) in
        guard let text = value.stringValue else { throw impossible(path, value) }
        root[keyPath: leaf] = text
      })
  }

  /// A text that is not empty, or none.
  public static func name(
    _ path: String, _ leaf: Leaf<String?>, option: String? = nil, placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .optional(.text), option: option, placeholder: placeholder, help,
      get: { $0[keyPath: leaf].map { .string($0) } ?? .null },
      set: { root, value throws(Failure) in
        root[keyPath: leaf] = value.stringValue.flatMap { $0.utf8.isEmpty ? nil : $0 }
      })
  }

  /// A path. Empty text in the configuration means none, and is null in JSON.
  public static func path(
    _ path: String, _ leaf: Leaf<String>, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .optional(.path), option: option, placeholder: placeholder, help,
      get: { $0[keyPath: leaf].utf8.isEmpty ? .null : .string($0[keyPath: leaf]) },
      set: { root, value throws(Failure) in root[keyPath: leaf] = value.stringValue ?? "" })
  }

  /// Several paths. No path is null in JSON, where text alone is one.
  public static func paths(
    _ path: String, _ leaf: Leaf<[String]>, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .optional(.paths), option: option, placeholder: placeholder, help,
      get: { $0[keyPath: leaf].isEmpty ? .null : .array($0[keyPath: leaf].map { .string($0) }) },
      set: { root, value throws(Failure) in
        let paths = (value.arrayValue ?? []).compactMap(\.stringValue)
        guard value == .null || !paths.isEmpty && !paths.contains(where: \.utf8.isEmpty) else {
          throw Failure(.configuration, at: path, "paths, or none, expected, found an empty one")
        }
        root[keyPath: leaf] = paths
      })
  }

  /// One case of a `…Kind`.
  public static func choice<Kind: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ leaf: Leaf<Kind>, among kinds: [Kind] = Array(Kind.allCases), option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: .choice(kinds.map(\.rawValue)), option: option, placeholder: placeholder, help,
      get: { .string($0[keyPath: leaf].rawValue) },
      set: { root, value throws(Failure) in
        guard let name = value.stringValue, let kind = Kind(rawValue: name) else { throw impossible(path, value) }
        root[keyPath: leaf] = kind
      })
  }

  /// One case of a `…Kind`, or none; no case may be called `none` or `null`.
  public static func choice<Kind: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ leaf: Leaf<Kind?>, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    let names = Kind.allCases.map(\.rawValue)
    precondition(!names.contains("none") && !names.contains("null"), "\(path): 'none' has two meanings")
    return Setting(
      path, kind: .optional(.choice(names)), option: option, placeholder: placeholder, help,
      get: { $0[keyPath: leaf].map { .string($0.rawValue) } ?? .null },
      set: { root, value throws(Failure) in
        let kind = value.stringValue.flatMap { Kind(rawValue: $0) }
        guard kind != nil || value == .null else { throw impossible(path, value) }
        root[keyPath: leaf] = kind
      })
  }

  /// A list of texts.
  /// - Parameter kind: `.list`, or `.paths` where the texts are such.
  public static func list(
    _ path: String, _ leaf: Leaf<[String]>, of kind: SettingKind = .list, option: String? = nil,
    placeholder: String? = nil, _ help: String
  ) -> Setting {
    Setting(
      path, kind: kind, option: option, placeholder: placeholder, help,
      get: { .array($0[keyPath: leaf].map { .string($0) }) },
      set: { root, value throws(Failure) in
        root[keyPath: leaf] = (value.arrayValue ?? []).compactMap(\.stringValue)
      })
  }
}
