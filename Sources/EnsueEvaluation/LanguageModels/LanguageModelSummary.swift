// How well a language model predicts a text.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The figures of a language model on a text; a symbol is what the model predicts: a byte, character, word or subword.
public struct LanguageModelSummary: Sendable, Equatable {
  /// The mean of -ln p(symbol | symbols before it), in nats; may be `NaN` or infinite where training diverged.
  public let loss: Double
  /// The share of symbols that were the likeliest.
  public let accuracy: Double
  /// Symbols scored.
  public let count: Int
  /// Symbols that the model does not know, and that were not scored.
  public let unknownCount: Int
  /// The text's length; nil where only its ids are known.
  public let text: TextMeasure?

  public init(loss: Double, accuracy: Double, count: Int, unknownCount: Int = 0, text: TextMeasure? = nil) {
    (self.loss, self.accuracy, self.count, self.unknownCount) = (loss, accuracy, count, unknownCount)
    self.text = text
  }

  /// The loss in bits per symbol: loss / ln 2.
  public var bits: Double { LanguageModelSummary.bits(loss) }
  /// exp(loss): between how many equally likely symbols the model hesitates.
  public var perplexity: Double { exp(loss) }

  /// exp(loss · symbols / words), words being what stands between white space: what models with different symbols can
  /// be compared by. nil where the text is not known, or has no word.
  public var perplexityPerWord: Double? { share(\.wordCount).map { exp(loss * $0) } }
  /// loss · symbols / characters / ln 2; nil where the text is not known.
  public var bitsPerCharacter: Double? { share(\.characterCount).map { bits * $0 } }
  /// loss · symbols / bytes / ln 2; nil where the text is not known.
  public var bitsPerByte: Double? { share(\.byteCount).map { bits * $0 } }

  /// Symbols of the text for each of its units. The first symbol and the unknown ones, which are not scored, count with
  /// the mean loss of the others.
  private func share(_ unit: KeyPath<TextMeasure, Int>) -> Double? {
    guard let text, text[keyPath: unit] > 0 else { return nil }
    return Double(text.tokenCount) / Double(text[keyPath: unit])
  }

  /// Nats as bits.
  public static func bits(_ nats: Double) -> Double { nats / log(2) }
}
