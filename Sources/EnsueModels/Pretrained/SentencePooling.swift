// One vector of a sentence (Reimers and Gurevych, Sentence-BERT, 2019).

import EnsueFiles
import EnsueTensor

/// How states become one vector of a sentence, by the names of sentence-transformers.
public enum SentencePoolingKind: String, Codable, CaseIterable, Sendable {
  /// The first token's.
  case first = "cls"
  case mean
  /// The largest value of each feature.
  case max

  public var summary: String {
    switch self {
    case .first: "the first token's state"
    case .mean: "the mean of the states"
    case .max: "the largest value of each feature over the states"
    }
  }

  /// The setting of 1_Pooling/config.json that asks for this kind.
  fileprivate var key: String {
    switch self {
    case .first: "pooling_mode_cls_token"
    case .mean: "pooling_mode_mean_tokens"
    case .max: "pooling_mode_max_tokens"
    }
  }
}

/// States to one vector, brought to length one where asked for. All tokens count, special ones too.
public struct SentencePooling: Sendable, Codable, Equatable {
  public var kind: SentencePoolingKind
  public var normalizes: Bool

  public init(_ kind: SentencePoolingKind = .mean, normalizes: Bool = false) {
    (self.kind, self.normalizes) = (kind, normalizes)
  }

  /// Reads a 1_Pooling/config.json.
  /// - Parameters:
  ///   - path: the file, for messages.
  ///   - normalizes: whether modules.json has a `Normalize` after it.
  /// - Throws: `Failure` of kind `data` for a pooling that is not built, or more than one.
  public init(_ config: JSONObject, normalizes: Bool, path: String) throws(Failure) {
    let asked = config.members.filter { key, value in
      key.hasPrefix("pooling_mode_") && value == .boolean(true)
    }.map(\.key)
    let kinds = SentencePoolingKind.allCases.filter { asked.contains($0.key) }
    guard let kind = kinds.first, asked.count == 1 else {
      let names = SentencePoolingKind.allCases.map(\.key).joined(separator: ", ")
      let found = asked.isEmpty ? "none" : asked.map(Failure.shown).joined(separator: ", ")
      throw Failure(.data, at: path, "true for one of \(names) expected, found \(found)")
    }
    self.init(kind, normalizes: normalizes)
  }

  /// [rows, width] → [batch, width], longest first. Of length one: x / √(Σ x² + 10⁻²⁴).
  public func callAsFunction(_ states: PackedSequence) -> Tensor {
    let vectors =
      switch kind {
      case .first: states.first()
      case .mean: states.mean()
      case .max: states.maximum()
      }
    guard normalizes else { return vectors }
    let lengths = sqrt(square(vectors).sum(axis: 1) + 1e-24)
    return vectors / lengths.reshaped([vectors.shape[0], 1])
  }
}
