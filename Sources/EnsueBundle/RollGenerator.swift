// Music from a model of piano rolls, step by step.

import EnsueLayers
import EnsueModels
import EnsueTensor
import Foundation

/// Draws the notes of one step after another: every note sounds with probability σ(z / temperature), the others
/// notwithstanding.
public struct RollGenerator: Sendable {
  private let model: RollModel
  private let architecture: RollModelConfiguration
  private let temperature: Double
  private let key: RandomKey
  private var states: [[RecurrentState]]?
  private var last: [Int]
  private var count = 0
  /// ln p of the notes that were given last, after all before them: Σ_k y_k ln σ(z_k) + (1 − y_k) ln(1 − σ(z_k)) over
  /// all notes, whatever the temperature; nil for an opening, of which the model says nothing.
  public private(set) var logProbability: Double?

  /// - Parameters:
  ///   - temperature: 1 draws as the model says, less is likelier, 0 takes every note that is likelier than not.
  ///   - seed: of the opening and the draws.
  public init(_ bundle: RollBundle, temperature: Double = 1, seed: UInt64 = 0) {
    precondition(temperature >= 0, "a temperature of 0 or more, found \(temperature)")
    (model, architecture, self.temperature) = (bundle.model.prepared(), bundle.architecture, temperature)
    key = RandomKey(seed: seed)
    let place = Int(key.derived("opening").bits(at: 0) % UInt64(max(1, bundle.openings.count)))
    last = bundle.openings.isEmpty ? [] : bundle.openings[place]
  }

  /// The MIDI notes of the next step, ascending; those of an opening at first.
  public mutating func next() -> [Int] {
    defer { count += 1 }
    if count > 0 { last = drawn() }
    return last
  }

  private mutating func drawn() -> [Int] {
    var input = [Float](repeating: 0, count: architecture.noteCount)
    for note in last { input[note - architecture.lowestNote] = 1 }
    let step = PackedSequence(
      layout: PackedLayout(lengths: [1]), values: Tensor(input, shape: [1, architecture.noteCount]))
    let output = model(step, from: states)
    states = output.states
    let draws = key.derived(count)
    var (notes, sum): ([Int], Double) = ([], 0)
    for (index, score) in output.logits.doubles.enumerated() {
      let share = Double(draws.bits(at: index) >> 11) * 0x1p-53
      let sounds = temperature > 0 ? share < 1 / (1 + exp(-score / temperature)) : score > 0
      if sounds { notes.append(architecture.lowestNote + index) }
      // 1 − σ(z) is σ(−z).
      let argument = sounds ? score : -score
      sum += min(argument, 0) - log1p(exp(-abs(argument)))
    }
    logProbability = sum
    return notes
  }
}
