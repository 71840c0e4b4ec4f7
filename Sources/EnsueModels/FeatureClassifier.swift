// The baselines that word order defeats: logistic regression on words, on words at positions, on runs of words.

import EnsueLayers
import EnsueTensor

/// logits = b + Σ_f W[f], over the features f of a sentence.
///
/// Trained by cross-entropy this is multinomial logistic regression on counts. With n-grams it is the discriminative
/// form of a Markov classifier: log p(class | words) of class-conditional Markov chains is a sum of one weight for
/// each run of words.
public struct FeatureClassifier: TextClassifier {
  public let features: SentenceFeatures
  /// [features, classes]
  var weight: Tensor
  /// [classes]
  var bias: Tensor

  init(_ features: SentenceFeatures, _ configuration: ClassifierConfiguration) {
    self.features = features
    weight = .zeros([features.count(vocabularySize: configuration.vocabularySize), configuration.classCount])
    bias = .zeros([configuration.classCount])
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    let found = features.found(in: tokens)
    let sums = PackedSequence(layout: found.layout, values: weight.gathered(found.ids)).sum()
    return found.layout.inCallersOrder(sums + bias)
  }
}

/// What of a sentence a feature classifier sees.
public enum SentenceFeatures: Sendable, Equatable {
  /// Which words occur, and how often.
  case words
  /// Which word stands where; words from the last position on share it.
  case positions(Int)
  /// Runs of 1 to `order` words, the ends of the sentence marked, hashed into `buckets`.
  case nGrams(order: Int, buckets: Int)

  func count(vocabularySize: Int) -> Int {
    switch self {
    case .words: vocabularySize
    case .positions(let limit): vocabularySize * limit
    case .nGrams(_, let buckets): buckets
    }
  }

  /// The features of each sentence, as ids.
  func found(in tokens: PackedTokens) -> PackedTokens {
    switch self {
    case .words: tokens
    case .positions(let limit):
      PackedTokens(
        tokens.sequences.map { ids in ids.enumerated().map { $1 * Int32(limit) + Int32(min($0, limit - 1)) } })
    case .nGrams(let order, let buckets):
      PackedTokens(tokens.sequences.map { SentenceFeatures.hashedRuns(of: $0, order: order, buckets: buckets) })
    }
  }

  /// All runs of 1 ... order tokens; runs of two and more see marks (id -1) at both ends.
  package static func hashedRuns(of ids: [Int32], order: Int, buckets: Int) -> [Int32] {
    runs(of: ids, order: order).map { Int32($0 % UInt64(buckets)) }
  }

  /// 64-bit hashes of the runs (FNV-1a over ids, finished by SplitMix64's mixing).
  package static func runs(of ids: [Int32], order: Int) -> [UInt64] {
    let marked = [-1] + ids + [-1]
    var hashes: [UInt64] = []
    for start in marked.indices {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for end in start..<min(start + order, marked.count) {
        hash = (hash ^ UInt64(UInt32(bitPattern: marked[end]))) &* 0x0000_0100_0000_01B3
        let isMarkAlone = start == end && marked[end] < 0
        if !isMarkAlone { hashes.append(mixed(hash &+ UInt64(end - start))) }
      }
    }
    return hashes
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
