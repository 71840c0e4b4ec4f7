// How often each key sounds, whatever came before: what music models must know better.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The probability of each key, independent of the others and of time.
public struct KeyFrequencies: Sendable {
  /// For each key, the lowest first, the share of steps in which it sounds, (n + ½) / (N + 1).
  public let probabilities: [Double]

  /// Counts the steps that are predicted: all but the first of each piece.
  public init(of pieces: [PianoRoll]) {
    var counts = [Int](repeating: 0, count: PianoKeys.count)
    var steps = 0
    for piece in pieces {
      for keys in piece.steps.dropFirst() {
        steps += 1
        for note in keys.notes { counts[note - PianoKeys.notes.lowerBound] += 1 }
      }
    }
    // Half a count more (Krichevsky and Trofimov 1981): a key never seen may still sound.
    probabilities = counts.map { (Double($0) + 0.5) / (Double(steps) + 1) }
  }

  /// The mean over the predicted steps of −Σ_k [y_k ln p_k + (1 − y_k) ln(1 − p_k)], in nats; 0 without pieces.
  public func loss(on pieces: [PianoRoll]) -> Double {
    let silence = probabilities.reduce(0) { $0 - log(1 - $1) }
    let sounding = probabilities.map { log(1 - $0) - log($0) }
    var total = 0.0
    var steps = 0
    for piece in pieces {
      for keys in piece.steps.dropFirst() {
        steps += 1
        total += keys.notes.reduce(silence) { $0 + sounding[$1 - PianoKeys.notes.lowerBound] }
      }
    }
    return steps == 0 ? 0 : total / Double(steps)
  }
}
