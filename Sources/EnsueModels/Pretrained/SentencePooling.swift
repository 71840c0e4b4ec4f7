// One vector of a sentence (Reimers and Gurevych, Sentence-BERT, 2019).

import EnsueFiles
import EnsueTensor

/// How states become one vector of a sentence, by the names of sentence-transformers. Their order is that of the parts of
/// a vector that is made in several ways.
public enum SentencePoolingKind: String, Codable, CaseIterable, Sendable {
  /// The first token's.
  case first = "cls"
  /// The largest value of each feature.
  case max
  case mean
  /// (1 / √n) Σ h_t over n states.
  case meanSqrtLength = "mean_sqrt_len_tokens"
  /// Σ t h_t / Σ t, t from 1 on (Muennighoff, SGPT, 2022).
  case weightedMean = "weightedmean"
  /// The last token's.
  case last = "lasttoken"

  public var summary: String {
    switch self {
    case .first: "the first token's state"
    case .max: "the largest value of each feature over the states"
    case .mean: "the mean of the states"
    case .meanSqrtLength: "the sum of the states by the root of their number"
    case .weightedMean: "the mean of the states, later ones the heavier"
    case .last: "the last token's state"
    }
  }

  /// The setting of 1_Pooling/config.json that asks for this kind.
  fileprivate var key: String {
    switch self {
    case .first: "pooling_mode_cls_token"
    case .max: "pooling_mode_max_tokens"
    case .mean: "pooling_mode_mean_tokens"
    case .meanSqrtLength: "pooling_mode_mean_sqrt_len_tokens"
    case .weightedMean: "pooling_mode_weightedmean_tokens"
    case .last: "pooling_mode_lasttoken"
    }
  }

  /// [rows, width] → [batch, width], longest first.
  fileprivate func vectors(of states: PackedSequence) -> Tensor {
    func sum(_ states: PackedSequence, times share: (Double) -> Double) -> Tensor {
      let shares = states.layout.lengths.map { share(Double($0)) }
      return states.sum() * Tensor(shares, shape: [shares.count, 1]).converted(to: states.values.elementType)
    }
    switch self {
    case .first: return states.first()
    case .max: return states.maximum()
    case .mean: return states.mean()
    case .meanSqrtLength: return sum(states) { 1 / $0.squareRoot() }
    case .weightedMean:
      let steps = states.layout.steps(states.values.elementType)
      return sum(states.replacingValues(states.values * steps)) { 2 / ($0 * ($0 + 1)) }
    case .last: return states.last()
    }
  }
}

/// States to one vector, of several kinds side by side, brought to length one where asked for. All tokens count, special
/// ones too.
public struct SentencePooling: Sendable, Codable, Equatable {
  /// At least one.
  public let kinds: [SentencePoolingKind]
  public var normalizes: Bool

  public init(_ kind: SentencePoolingKind = .mean, normalizes: Bool = false) {
    self.init([kind], normalizes: normalizes)
  }

  /// - Precondition: there is a kind.
  public init(_ kinds: [SentencePoolingKind], normalizes: Bool = false) {
    precondition(!kinds.isEmpty, "a pooling of no kind")
    (self.kinds, self.normalizes) = (kinds, normalizes)
  }

  /// Reads a 1_Pooling/config.json: flags of which several may be true, or `pooling_mode`, a name.
  /// - Parameters:
  ///   - path: the file, for messages.
  ///   - normalizes: whether modules.json has a `Normalize` after it.
  /// - Throws: `Failure` of kind `data` for a pooling that is not built, and for none.
  public init(_ config: JSONObject, normalizes: Bool, path: String) throws(Failure) {
    let asked = config.members.filter { key, value in
      key.hasPrefix("pooling_mode_") && value == .boolean(true)
    }.map(\.key)
    var kinds = SentencePoolingKind.allCases.filter { asked.contains($0.key) }
    var isKnown = kinds.count == asked.count
    var found = asked.map(Failure.shown)
    if let mode = config["pooling_mode"], mode != .null {
      let name = mode.stringValue?.lowercased() ?? ""
      let named = SentencePoolingKind.allCases.filter { [name, name + "_tokens"].contains($0.rawValue) }
      isKnown = isKnown && (kinds.isEmpty || kinds == named)
      (kinds, found) = (named, found + ["pooling_mode \(Failure.shown(mode.stringValue ?? mode.kindName))"])
    }
    guard isKnown, !kinds.isEmpty else {
      let names = SentencePoolingKind.allCases.map(\.key).joined(separator: ", ")
      throw Failure(
        .data, at: path,
        "true for one or more of \(names) expected, found \(found.isEmpty ? "none" : found.joined(separator: ", "))")
    }
    self.init(kinds, normalizes: normalizes)
  }

  /// [rows, width] → [batch, kinds · width], longest first. Of length one: x / √(Σ x² + 10⁻²⁴).
  public func callAsFunction(_ states: PackedSequence) -> Tensor {
    let parts = kinds.map { $0.vectors(of: states) }
    let vectors = parts.count == 1 ? parts[0] : concatenated(parts, axis: 1)
    guard normalizes else { return vectors }
    let lengths = sqrt(square(vectors).sum(axis: 1) + 1e-24)
    return vectors / lengths.reshaped([vectors.shape[0], 1])
  }
}
