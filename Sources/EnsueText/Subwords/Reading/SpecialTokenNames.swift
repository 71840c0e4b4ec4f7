// The special tokens of a tokenizer by what they are for, as special_tokens_map.json and tokenizer_config.json name them.

import EnsueFiles

/// What a special token is for, by its member in those files.
public enum SpecialTokenRoleKind: String, Codable, CaseIterable, Sendable {
  case padding = "pad_token"
  case unknown = "unk_token"
  case classifier = "cls_token"
  case separator = "sep_token"
  case mask = "mask_token"
  case beginning = "bos_token"
  case end = "eos_token"
}

/// Texts of special tokens.
public struct SpecialTokenNames: Sendable, Equatable {
  private var names: [SpecialTokenRoleKind: String]
  /// Those that take the space before them along: `lstrip`.
  private(set) var stripsLeft: Set<SpecialTokenRoleKind> = []

  public init(_ names: [SpecialTokenRoleKind: String] = [:]) { self.names = names }

  public static let bert = SpecialTokenNames([
    .padding: "[PAD]", .unknown: "[UNK]", .classifier: "[CLS]", .separator: "[SEP]", .mask: "[MASK]",
  ])
  /// RoBERTa's and XLM-RoBERTa's.
  public static let roberta = SpecialTokenNames([
    .padding: "<pad>", .unknown: "<unk>", .classifier: "<s>", .separator: "</s>", .mask: "<mask>", .beginning: "<s>",
    .end: "</s>",
  ])
  public static let llama = SpecialTokenNames([.unknown: "<unk>", .beginning: "<s>", .end: "</s>"])
  public static let marian = SpecialTokenNames([.unknown: "<unk>", .end: "</s>", .padding: "<pad>"])

  public subscript(role: SpecialTokenRoleKind) -> String? {
    get { names[role] }
    set { names[role] = newValue }
  }

  /// Each once, in the order of the roles.
  public var texts: [String] {
    var texts: [String] = []
    for role in SpecialTokenRoleKind.allCases {
      if let text = names[role], !texts.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { texts.append(text) }
    }
    return texts
  }

  /// Takes the names of a file in the place of those that are there. A token is a string, or an object with its content.
  /// - Throws: `Failure` of kind `data`.
  mutating func take(_ object: JSONObject, at place: String) throws(Failure) {
    for role in SpecialTokenRoleKind.allCases {
      guard let value = object[role.rawValue], value != .null else { continue }
      guard let text = value.stringValue ?? value.objectValue?["content"]?.stringValue, !text.isEmpty else {
        throw Failure(.data, at: place, "\(role.rawValue): a token expected, found \(ComponentReader.shown(value))")
      }
      names[role] = text
      if value.objectValue?["lstrip"] == .boolean(true) { stripsLeft.insert(role) }
    }
  }
}
