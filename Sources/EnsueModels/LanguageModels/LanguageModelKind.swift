// The language models by name.

/// What predicts the next symbol.
public enum LanguageModelKind: String, Codable, CaseIterable, Sendable {
  case recurrent
  case transformer
  case bigram
  case ngram

  public var summary: String {
    switch self {
    case .recurrent: "recurrent layers of any cell, states carried from segment to segment (Mikolov et al. 2010)"
    case .transformer: "blocks of causal attention over a window (Radford et al. 2019)"
    case .bigram: "a trained table of the next symbol given the last"
    case .ngram: "counts of runs of symbols, smoothed (Chen and Goodman 1999)"
    }
  }

  /// Whether it is trained by gradients; the others are counted, in a pass for each order.
  public var isTrained: Bool {
    switch self {
    case .recurrent, .transformer, .bigram: true
    case .ngram: false
    }
  }

  /// Whether it reads a text as streams side by side, from segment to segment.
  public var readsStreams: Bool {
    switch self {
    case .recurrent, .bigram: true
    case .transformer, .ngram: false
    }
  }

  /// What the size of a model of this kind is a number of, in the plural.
  public var sizeUnit: String { isTrained ? "parameters" : "n-grams" }
}
