// The translation models by name.

/// What translates.
public enum TranslationModelKind: String, Codable, CaseIterable, Sendable {
  case recurrent
  case transformer

  public var summary: String {
    switch self {
    case .recurrent: "recurrent layers of any cell on both sides, a fixed context or attention (Bahdanau et al. 2015)"
    case .transformer: "blocks of attention on both sides (Vaswani et al. 2017)"
    }
  }
}
