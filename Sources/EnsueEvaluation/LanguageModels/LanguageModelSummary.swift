// How well a language model predicts a text.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The figures of a language model on a text; a symbol is what the model predicts, such as a character.
public struct LanguageModelSummary: Sendable, Equatable {
  /// The mean of -ln p(symbol | symbols before it), in nats; may be `NaN` or infinite where training diverged.
  public let loss: Double
  /// The share of symbols that were the likeliest.
  public let accuracy: Double
  /// Symbols scored.
  public let count: Int
  /// Symbols that the model does not know, and that were not scored.
  public let unknownCount: Int

  public init(loss: Double, accuracy: Double, count: Int, unknownCount: Int = 0) {
    (self.loss, self.accuracy, self.count, self.unknownCount) = (loss, accuracy, count, unknownCount)
  }

  /// The loss in bits per symbol: loss / ln 2.
  public var bits: Double { LanguageModelSummary.bits(loss) }
  /// exp(loss): between how many equally likely symbols the model hesitates.
  public var perplexity: Double { exp(loss) }

  /// Nats as bits.
  public static func bits(_ nats: Double) -> Double { nats / log(2) }
}
