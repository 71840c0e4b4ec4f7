// How the next symbol is chosen from a model's scores.

import EnsueFiles

/// The rules of a draw. They are applied in the order in which they stand here, which is that of Hugging Face's
/// `generate`; each cut keeps at least one symbol, and among equal ones those with lower ids.
public struct SamplingOptions: Sendable, Equatable {
  /// Scores of symbols that were there before are divided by it where positive and multiplied where negative (Keskar
  /// et al. 2019); 1 for no penalty.
  public var repetitionPenalty = 1.0
  /// How many of the last symbols, the prompt's among them, the penalty looks at; nil for all.
  public var repetitionWindow: Int?
  /// p ∝ exp(score / temperature); 1 draws from the model's own distribution, 0 always takes the likeliest symbol.
  public var temperature = 1.0
  /// Keeps this many of the likeliest symbols (Fan et al. 2018).
  public var topK: Int?
  /// Keeps the likeliest symbols until their probabilities sum up to this (Holtzman et al. 2020).
  public var topP: Double?
  /// Keeps symbols at least this share as likely as the likeliest one (Nguyen et al. 2024).
  public var minP: Double?
  /// Symbols that are never drawn, such as the unknown one.
  public var excludedIDs: Set<Int32> = []
  /// Of how many of the likeliest symbols log-probabilities are given beside that of the drawn one.
  public var likeliestCount = 0
  /// The same seed gives the same draws.
  public var seed: UInt64 = 0

  public init(temperature: Double = 1, seed: UInt64 = 0) { (self.temperature, self.seed) = (temperature, seed) }

  /// Always the likeliest symbol.
  public static let greedy = SamplingOptions(temperature: 0)

  /// Refuses numbers that make no rule.
  /// - Throws: `Failure` of kind `configuration`, naming the first option at fault.
  public func check() throws(Failure) {
    func require(_ holds: Bool, _ name: String, _ expected: String, _ found: some CustomStringConvertible)
      throws(Failure)
    {
      if !holds { throw Failure(.configuration, at: name, "\(expected) expected, found \(found)") }
    }
    let penalty = repetitionPenalty
    try require(penalty > 0 && penalty.isFinite, "repetitionPenalty", "a number above 0", penalty)
    if let window = repetitionWindow { try require(window >= 0, "repetitionWindow", "0 or more symbols", window) }
    try require(temperature >= 0 && temperature.isFinite, "temperature", "a number of 0 or more", temperature)
    if let count = topK { try require(count >= 1, "topK", "1 symbol or more", count) }
    if let share = topP { try require(share > 0 && share <= 1, "topP", "a share above 0, up to 1,", share) }
    if let share = minP { try require(share >= 0 && share <= 1, "minP", "a share from 0 to 1", share) }
    try require(likeliestCount >= 0, "likeliestCount", "0 or more symbols", likeliestCount)
  }
}
