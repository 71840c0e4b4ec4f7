// How well a translation model does on a part of its data: what it says of the true translations, and how near its own
// come to them.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The figures of a translation model on pairs.
public struct TranslationSummary: Sendable, Equatable {
  /// The mean of -ln p(symbol | source, symbols before it) over true targets and their ends, in nats; may be `NaN` or
  /// infinite where training diverged.
  public let loss: Double
  /// The share of symbols that were the likeliest.
  public let accuracy: Double
  /// Symbols of the targets, ends among them.
  public let count: Int
  /// Pairs whose source was translated, and compared with the target.
  public let sentenceCount: Int
  /// What the comparison gave; empty where nothing was translated.
  public let scores: [TranslationMetricKind: Double]

  public init(
    loss: Double, accuracy: Double, count: Int, sentenceCount: Int = 0, scores: [TranslationMetricKind: Double] = [:]
  ) {
    (self.loss, self.accuracy, self.count) = (loss, accuracy, count)
    (self.sentenceCount, self.scores) = (sentenceCount, scores)
  }

  /// exp(loss): between how many equally likely symbols the model hesitates.
  public var perplexity: Double { exp(loss) }
}
