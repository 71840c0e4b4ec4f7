// Text from a character model, one character after another: what it has written is what it reads next.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText
import Foundation

/// A text being written.
///
///     var generator = bundle.generator(after: "KING", temperature: 0.8, seed: 1)
///     for _ in 0..<200 { print(generator.next(), terminator: "") }
public struct CharacterGenerator: Sendable {
  /// Characters of the prompt that the model does not know.
  public let unknownCount: Int

  private let model: RecurrentLanguageModel
  private let alphabet: CharacterAlphabet
  private let temperature: Double
  private let key: RandomKey
  private var states: [[RecurrentState]]?
  /// Scores of the character after all that was read.
  private var logits: [Double] = []
  /// Written, and not yet read.
  private var pending: Int32?
  /// Characters written.
  private var count = 0

  fileprivate init(_ bundle: LanguageModelBundle, prompt: String, temperature: Double, seed: UInt64) {
    precondition(temperature >= 0, "a temperature is not negative")
    (alphabet, self.temperature) = (bundle.alphabet, temperature)
    model = bundle.model.prepared()
    key = RandomKey(seed: seed).derived("characters")
    let ids = alphabet.encode(prompt)
    unknownCount = ids.count { $0 == CharacterAlphabet.unknownID }
    // Without a prompt the text begins as a line does.
    read(ids.isEmpty ? [alphabet.id(of: 0x0A)] : ids)
  }

  /// Draws the next character; it is not the unknown one.
  public mutating func next() -> Unicode.Scalar {
    if let id = pending { read([id]) }
    let id = drawn()
    pending = id
    count += 1
    return alphabet.scalar(of: id) ?? alphabet.scalars[0]
  }

  private mutating func read(_ ids: [Int32]) {
    let output = model(PackedTokens([ids]), from: states)
    states = output.states
    let rows = output.logits.shape[0]
    logits = output.logits.sliced(rows - 1..<rows, axis: 0).doubles
  }

  /// p(id) ∝ exp(logit / temperature); at temperature 0 the likeliest.
  private func drawn() -> Int32 {
    let known = 1..<logits.count
    let best = known.reduce(1) { logits[$1] > logits[$0] ? $1 : $0 }
    guard temperature > 0 else { return Int32(best) }
    let weights = known.map { exp((logits[$0] - logits[best]) / temperature) }
    let total = weights.reduce(0, +)
    guard total.isFinite, total > 0 else { return Int32(best) }
    var rest = Double(key.bits(at: count) >> 11) * 0x1p-53 * total
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return Int32(index + 1) }
    }
    return Int32(best)
  }
}

extension LanguageModelBundle {
  /// Begins a text.
  /// - Parameters:
  ///   - prompt: what the model has read before it writes.
  ///   - temperature: 1 draws from the model's distribution; lower is likelier, 0 always takes the likeliest.
  ///   - seed: the same one gives the same text.
  public func generator(after prompt: String, temperature: Double = 1, seed: UInt64 = 0) -> CharacterGenerator {
    CharacterGenerator(self, prompt: prompt, temperature: temperature, seed: seed)
  }
}
