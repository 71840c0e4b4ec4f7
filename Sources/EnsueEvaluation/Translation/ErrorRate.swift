// Word and character error rate: Levenshtein's distance (1966) by the length of the reference.

import EnsueFiles

/// WER = (substitutions + deletions + insertions) / words of the reference, summed over lines; CER the same over
/// characters. Each line with the reference that needs fewest edits, of several the longest.
///
/// Words are what white space divides; characters are Unicode scalars, spaces inside a line among them. Where there is
/// nothing in the references, the rate is 100 if there are edits, else 0.
public struct ErrorRate: TranslationMetric, Equatable {
  /// What is counted.
  public enum Unit: Sendable, Equatable {
    case words
    case characters
  }

  public let unit: Unit
  public var lowercases: Bool

  public init(_ unit: Unit, lowercases: Bool = false) {
    self.unit = unit
    self.lowercases = lowercases
  }

  public var kind: TranslationMetricKind {
    switch unit {
    case .words: .wordErrorRate
    case .characters: .characterErrorRate
    }
  }

  public var name: String { kind.title }

  public var signatureFields: [(name: String, value: String)] {
    let unit =
      switch unit {
      case .words: TranslationTokenizationKind.none
      case .characters: TranslationTokenizationKind.character
      }
    return [("case", lowercases ? "lc" : "mixed"), ("tok", unit.rawValue)]
  }

  public func validate() throws(Failure) {}

  public func statistics(of hypothesis: String, against references: [String]) -> EditStatistics {
    var numbers = WordNumbers()
    let symbols = symbols(hypothesis, &numbers)
    var best: (edits: Int, length: Int)?
    for reference in references {
      let reference = self.symbols(reference, &numbers)
      let edits = BitParallelEditDistance.distance(symbols, reference)
      if best.map({ (edits, -reference.count) < ($0.edits, -$0.length) }) ?? true { best = (edits, reference.count) }
    }
    return EditStatistics(edits: best?.edits ?? 0, referenceLength: Double(best?.length ?? 0))
  }

  public func result(of statistics: EditStatistics) -> (value: Double, components: TranslationComponents) {
    statistics.result
  }

  private func symbols(_ text: String, _ numbers: inout WordNumbers) -> [UInt32] {
    let scalars = Array(text.unicodeScalars)
    let line = ScalarText.trimmed(lowercases ? ScalarText.lowercased(scalars) : scalars)
    switch unit {
    case .words: return numbers.number(ScalarText.words(line))
    case .characters: return numbers.number(line.indices.map { line[$0...$0] })
    }
  }
}
