// A scored translation, and the line that says so in the form of sacreBLEU (Post, "A Call for Clarity in Reporting
// BLEU Scores", 2018): the value is of no use without the options it was computed under.

import EnsueFiles

/// What a score was computed from.
public enum TranslationComponents: Sendable, Equatable {
  /// BLEU: precisions in per cent by order, brevity penalty, lengths in words.
  case precisions([Double], brevityPenalty: Double, hypothesisLength: Int, referenceLength: Int)
  /// chrF: counts by order, characters first, then words.
  case ngrams([NGramOverlap])
  /// Error rates: edits, and the length they are divided by.
  case edits(Int, referenceLength: Double)
  /// Exact match: lines that are equal to a reference, of all.
  case matches(Int, lineCount: Int)
}

/// n-grams of one order: how many a hypothesis and a reference have, and how many are in both.
public struct NGramOverlap: Sendable, Equatable {
  public var hypothesis = 0
  public var reference = 0
  public var common = 0
}

/// A value with its signature.
public struct TranslationScore: Sendable, Equatable, CustomStringConvertible {
  public let metric: TranslationMetricKind
  /// As it is printed: "BLEU", "chrF2++".
  public let name: String
  /// In per cent; an error rate may be above 100.
  public let value: Double
  public let components: TranslationComponents
  /// The options, as sacreBLEU writes them: `nrefs:1|case:mixed|…|version:ensue-0.1.0`.
  public let signature: String

  /// The text after the value; empty for those that sacreBLEU prints without one.
  public var details: String {
    switch components {
    case .precisions(let precisions, let penalty, let length, let referenceLength):
      let ratio = referenceLength == 0 ? 0 : Double(length) / Double(referenceLength)
      return precisions.map { DecimalText.fixed($0, places: 1) }.joined(separator: "/")
        + " (BP = \(DecimalText.fixed(penalty, places: 3)) ratio = \(DecimalText.fixed(ratio, places: 3))"
        + " hyp_len = \(length) ref_len = \(referenceLength))"
    case .ngrams: return ""
    case .edits(let edits, let length):
      return metric == .ter ? "" : "(edits = \(edits) ref_len = \(DecimalText.fixed(length, places: 0)))"
    case .matches(let matches, let lineCount): return "(\(matches) of \(lineCount))"
    }
  }

  /// `BLEU|nrefs:1|… = 34.29 67.1/42.0/28.1/19.5 (BP = 1.000 ratio = 1.010 hyp_len = 13101 ref_len = 12968)`.
  public func line(decimals: Int = 2, withSignature: Bool = true) -> String {
    let title = withSignature ? "\(name)|\(signature)" : name
    let text = "\(title) = \(DecimalText.fixed(value, places: decimals))"
    return details.isEmpty ? text : "\(text) \(details)"
  }

  public var description: String { line() }

  /// All of it, numbers as they are.
  public var json: JSONValue {
    var object: JSONObject = [
      "metric": .string(metric.rawValue), "name": .string(name), "score": .number(value),
      "signature": .string(signature),
    ]
    switch components {
    case .precisions(let precisions, let penalty, let length, let referenceLength):
      object["precisions"] = .array(precisions.map { .number($0) })
      object["brevityPenalty"] = .number(penalty)
      object["hypothesisLength"] = .number(length)
      object["referenceLength"] = .number(referenceLength)
    case .ngrams(let overlaps):
      object["hypothesis"] = .array(overlaps.map { .number($0.hypothesis) })
      object["reference"] = .array(overlaps.map { .number($0.reference) })
      object["common"] = .array(overlaps.map { .number($0.common) })
    case .edits(let edits, let length):
      object["edits"] = .number(edits)
      object["referenceLength"] = .number(length)
    case .matches(let matches, let lineCount):
      object["matches"] = .number(matches)
      object["lines"] = .number(lineCount)
    }
    return .object(object)
  }
}
