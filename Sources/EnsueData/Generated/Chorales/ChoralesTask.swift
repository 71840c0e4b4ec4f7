// Polyphonic music modelling: which keys sound next. Boulanger-Lewandowski, Bengio and Vincent, ICML 2012.

/// The next step of each chorale, given those before it.
///
/// The loss is the negative log-likelihood of a step's 88 keys in nats, averaged over the predicted steps, which are all
/// but the first of each chorale (as in Bai, Kolter and Koltun 2018).
public struct ChoralesTask: SequenceTask {
  public let chorales: Chorales

  public init(_ chorales: Chorales) { self.chorales = chorales }

  public var kind: SequenceTaskKind { .chorales }
  public var inputSize: Int { PianoKeys.count }
  public var outputSize: Int { PianoKeys.count }
  public var targetKind: SequenceTargetKind { .multiHotAtEveryStep }

  public var summary: String {
    let counts = SequencePart.allCases.map { "\(chorales.pieces(of: $0).count) \($0.rawValue)" }
    return "the next step of JSB chorales (\(counts.joined(separator: ", ")))"
  }

  public func count(of part: SequencePart) -> Int? { chorales.pieces(of: part).count }

  public func example(_ index: Int, of part: SequencePart) -> SequenceExample {
    let pieces = chorales.pieces(of: part)
    precondition(pieces.indices.contains(index), "chorales: the \(part.rawValue) example \(index) does not exist")
    return pieces[index].nextStepExample
  }

  public func baseline(on part: SequencePart) -> SequenceBaseline {
    SequenceBaseline(
      loss: KeyFrequencies(of: chorales.training).loss(on: chorales.pieces(of: part)),
      meaning: "each key as often as in the training part")
  }
}
