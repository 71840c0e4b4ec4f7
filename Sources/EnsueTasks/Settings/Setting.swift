// One declaration per configuration leaf. From it follow the leaf's place in JSON, its option, its check, its
// error, its help and its completion; SettingsTable gathers the leaves of one configuration:
//
//   extension ClassificationConfiguration {
//     static let settings = SettingsTable<Self>(
//       [
//         .choice("model.kind", \.model.kind, option: "model", "the classifier"),
//         .integer("model.hiddenSize", \.model.hiddenSize, 1...8192, option: "hidden", "units of each layer"),
//         .number("optimizer.learningRate", \.optimizer.learningRate, 0...10, option: "learning-rate", "step size"),
//         .number("model.dropout", \.model.dropout, 0..<1, option: "dropout", "share of values set to zero"),
//         .number("training.clipNorm", \.training.clipNorm, .above(0), "largest norm"),  // Double?: `none`; by --set
//         .flag("embedding.isTrained", \.embedding.isTrained, option: "train-embeddings", "train the vectors"),
//         .path("data.training", \.data.training, option: "data", "the sentences"),  // "" is none, null in JSON
//       ], defaults: ClassificationConfiguration())
//   }
//   var configuration = ClassificationConfiguration.settings.defaults
//   try ClassificationConfiguration.settings.apply("model.hiddenSize=64", to: &configuration)
//
// What holds between several leaves (heads divide the width) is left to the owner of the configuration.

import EnsueFiles

/// From what an option takes to the value of its leaf: from a path to what the file says.
public struct OptionConversion: Sendable {
  package let kind: SettingKind
  package let value: @Sendable (JSONValue) throws -> JSONValue

  package init(_ kind: SettingKind, value: @escaping @Sendable (JSONValue) throws -> JSONValue) {
    (self.kind, self.value) = (kind, value)
  }
}

/// One leaf of a configuration: where it is, what it may hold, how to read and write it.
public struct Setting<Root: Sendable>: Sendable {
  /// A key path to the leaf that may cross threads, as every literal key path may.
  public typealias Leaf<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// The place in the configuration, with dots: `training.seed`.
  public let path: String
  /// The option without its dashes: `seed`; nil when only `--set` reaches the leaf.
  public let option: String?
  /// What it is, in one line without capital and full stop.
  public let help: String
  /// What it may hold.
  public let kind: SettingKind
  /// What stands for the value in help.
  public let placeholder: String
  /// Reads the leaf, in canonical form.
  public let get: @Sendable (Root) -> JSONValue
  /// Writes the leaf; it is given only values that `kind` accepted, in canonical form.
  public let set: @Sendable (inout Root, JSONValue) throws(Failure) -> Void
  /// Where the option takes something else than the leaf holds: what it takes, and how that becomes the leaf's value.
  package let conversion: OptionConversion?
  /// The configurations that read the leaf; nil for all.
  var readers: SettingReaders<Root>?

  /// A leaf of any type. The declarations such as `integer` serve for the usual types.
  public init(
    _ path: String, kind: SettingKind, option: String? = nil, placeholder: String? = nil, _ help: String,
    conversion: OptionConversion? = nil, get: @escaping @Sendable (Root) -> JSONValue,
    set: @escaping @Sendable (inout Root, JSONValue) throws(Failure) -> Void
  ) {
    let parts = path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    precondition(
      parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(Self.isWord) }, "'\(path)' is no path of a setting")
    if let option { CommandOption.checkName(option) }
    self.path = path
    self.option = option
    self.help = help
    self.kind = kind
    self.placeholder = placeholder ?? conversion?.kind.placeholder ?? kind.placeholder
    self.conversion = conversion
    self.get = get
    self.set = set
  }

  /// The section of the leaf: the first part of its path, or nothing for a leaf at the top.
  public var section: String {
    guard let dot = path.utf8.firstIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(path[..<dot])
  }

  /// The error for a canonical value that the leaf's type cannot hold: the declaration is wrong.
  static func impossible(_ path: String, _ value: JSONValue) -> Failure {
    Failure(.internal, at: path, "a value that the setting can hold expected, found \(Failure.shown("\(value)"))")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
