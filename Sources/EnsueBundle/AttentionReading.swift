// What a classifier looked at in a text.

import EnsueFiles
import EnsueModels

/// The tokens of a text, what the classifier said of it, and the attention weights that it said it with.
public struct AttentionReading: Sendable, Equatable {
  public let text: String
  /// As the model reads them: tokens after the longest length are cut off.
  public let tokens: [String]
  /// For each token whether the vocabulary lacks it.
  public let isUnknown: [Bool]
  public let label: String
  /// Of the label.
  public let probability: Double
  /// By layer and head.
  public let maps: [AttentionMap]

  public init(
    text: String, tokens: [String], isUnknown: [Bool], label: String, probability: Double, maps: [AttentionMap]
  ) {
    (self.text, self.tokens, self.isUnknown) = (text, tokens, isUnknown)
    (self.label, self.probability, self.maps) = (label, probability, maps)
  }

  /// The maps of one layer, one head, or both.
  /// - Throws: `Failure` of kind `usage` where there is no such layer or head.
  public func selecting(layer: Int?, head: Int?) throws(Failure) -> AttentionReading {
    try require(layer, among: maps.map(\.layer), "layer")
    try require(head, among: maps.map(\.head), "head")
    let chosen = maps.filter { (layer ?? $0.layer) == $0.layer && (head ?? $0.head) == $0.head }
    return AttentionReading(
      text: text, tokens: tokens, isUnknown: isUnknown, label: label, probability: probability, maps: chosen)
  }

  private func require(_ number: Int?, among numbers: [Int], _ name: String) throws(Failure) {
    guard let number, !numbers.contains(number), let last = numbers.max() else { return }
    throw Failure(
      .usage, at: "--\(name)", "a \(name) from 1 to \(last) expected, found \(number)",
      advice: "The classifier has \(last) of them.")
  }
}
