// What a classifier or an encoder looked at in a text.

import EnsueFiles
import EnsueModels

/// The tokens of a text, what the model said of it, and the attention weights that it said it with.
public struct AttentionReading: Sendable, Equatable {
  /// Numbers of all maps of a text together, at most: a text of 590 tokens for six layers of eight heads.
  public static let weightLimit = 1 << 24

  public let text: String
  /// Read with the text as its second half.
  public let pair: String?
  /// As the model reads them: tokens after the longest length are cut off.
  public let tokens: [String]
  /// For each token whether the vocabulary lacks it.
  public let isUnknown: [Bool]
  /// nil of an encoder that chooses none.
  public let label: String?
  /// Of the label.
  public let probability: Double?
  /// By layer and head.
  public let maps: [AttentionMap]
  /// Whether tokens were cut off.
  public let isCut: Bool

  public init(
    text: String, pair: String? = nil, tokens: [String], isUnknown: [Bool], label: String?, probability: Double?,
    maps: [AttentionMap], isCut: Bool = false
  ) {
    (self.text, self.pair, self.tokens, self.isUnknown) = (text, pair, tokens, isUnknown)
    (self.label, self.probability, self.maps, self.isCut) = (label, probability, maps, isCut)
  }

  /// The maps of one layer, one head, or both.
  /// - Throws: `Failure` of kind `usage` where there is no such layer or head.
  public func selecting(layer: Int?, head: Int?) throws(Failure) -> AttentionReading {
    try require(layer, among: maps.map(\.layer), "layer")
    try require(head, among: maps.map(\.head), "head")
    let chosen = maps.filter { (layer ?? $0.layer) == $0.layer && (head ?? $0.head) == $0.head }
    return AttentionReading(
      text: text, pair: pair, tokens: tokens, isUnknown: isUnknown, label: label, probability: probability,
      maps: chosen, isCut: isCut)
  }

  /// Refuses a text with too many weights, before memory is taken for them.
  static func check(weightCount: Double, tokenCount: Int, of text: String) throws(Failure) {
    guard weightCount > Double(weightLimit) else { return }
    throw Failure(
      .data, at: Failure.shown(String(text.unicodeScalars.prefix(40))),
      "at most \(weightLimit) attention weights expected, found \(UInt64(weightCount)) of \(tokenCount) tokens",
      advice: "Give a shorter text.")
  }

  private func require(_ number: Int?, among numbers: [Int], _ name: String) throws(Failure) {
    guard let number, !numbers.contains(number), let last = numbers.max() else { return }
    throw Failure(
      .usage, at: "--\(name)", "a \(name) from 1 to \(last) expected, found \(number)",
      advice: "The model has \(last) of them.")
  }
}
