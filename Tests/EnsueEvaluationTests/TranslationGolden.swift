// What Tests/Goldens/translation-metrics.py wrote: texts, measures with options, and sacreBLEU's figures.

import EnsueEvaluation
import EnsueFiles
import Testing

/// The golden file.
struct TranslationGolden {
  static let object: JSONObject? = {
    let path = OutputFile.directory(of: OutputFile.directory(of: #filePath)) + "/Goldens/translation-metrics.json"
    return (try? JSONValue.contents(of: path))?.objectValue
  }()

  static func array(_ key: String) throws -> [JSONValue] { try #require(object?[key]?.arrayValue, "\(key)") }

  /// The measures, with their options.
  static func metrics() throws -> [any TranslationMetric] {
    try array("metrics").map { try metric(#require($0.objectValue)) }
  }

  /// FNV-1a.
  static func digest(_ numbers: some Sequence<UInt64>) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in numbers { value = (value ^ number) &* 0x100_0000_01B3 }
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }

  private static func metric(_ object: JSONObject) throws -> any TranslationMetric {
    let kind = try #require(object["metric"]?.stringValue.flatMap { TranslationMetricKind(rawValue: $0) })
    var options = TranslationMetricOptions()
    let flag = { (name: String) in object[name]?.booleanValue ?? false }
    let number = { (name: String, usual: Int) in object[name]?.integerValue ?? usual }
    options.bleu.tokenization = try #require(
      TranslationTokenizationKind(rawValue: object["tokenize"]?.stringValue ?? "13a"))
    options.bleu.lowercases = flag("lowercase")
    options.bleu.maximumOrder = number("max_ngram_order", 4)
    options.bleu.usesEffectiveOrder = flag("effective_order")
    let smoothing = try #require(BLEUSmoothingKind(rawValue: object["smooth_method"]?.stringValue ?? "exp"))
    options.bleu.smoothing = BLEUSmoothing(smoothing, value: object["smooth_value"]?.doubleValue)
    options.characterF.characterOrder = number("char_order", 6)
    options.characterF.wordOrder = number("word_order", 0)
    options.characterF.beta = number("beta", 2)
    options.characterF.lowercases = flag("lowercase")
    options.characterF.countsWhitespace = flag("whitespace")
    options.characterF.smoothsByEpsilon = flag("eps_smoothing")
    options.editRate.isNormalized = flag("normalized")
    options.editRate.hasNoPunctuation = flag("no_punct")
    options.editRate.supportsAsian = flag("asian_support")
    options.editRate.isCaseSensitive = flag("case_sensitive")
    return kind.metric(options)
  }
}

/// A corpus of the golden file.
struct TranslationCorpus: CustomTestStringConvertible, Sendable {
  let index: Int
  let hypotheses: [String]
  let references: TranslationReferences
  /// Edits and length in words, in characters, and lines that are right; then the same in lower case.
  let plain: [[Int]]
  var testDescription: String { "corpus \(index)" }

  static let all: [TranslationCorpus] = {
    let corpora = TranslationGolden.object?["corpora"]?.arrayValue ?? []
    return corpora.enumerated().compactMap { index, value in
      guard let object = value.objectValue, let hypotheses = object["hypotheses"]?.arrayValue,
        let translations = object["references"]?.arrayValue, let plain = object["plain"]?.arrayValue,
        let references = try? TranslationReferences(
          translations: translations.map { ($0.arrayValue ?? []).map(\.stringValue) })
      else { return nil }
      return TranslationCorpus(
        index: index, hypotheses: hypotheses.compactMap(\.stringValue), references: references,
        plain: plain.map { ($0.arrayValue ?? []).compactMap(\.integerValue) })
    }
  }()
}

extension TranslationScore {
  /// The value, then what the golden file has after it.
  var figures: [Double] {
    switch components {
    case .precisions(let precisions, let penalty, let length, let referenceLength):
      [value] + precisions + [penalty, Double(length), Double(referenceLength)]
    case .ngrams: [value]
    case .edits(let edits, let length): [value, Double(edits), length]
    case .matches(let matches, _): [value, Double(matches)]
    }
  }

  /// The printed line with no version in it; sacreBLEU has no name for an order other than 4.
  var lineWithoutVersion: String {
    line().split(separator: "|", omittingEmptySubsequences: false).filter { !$0.hasPrefix("order:") }
      .joined(separator: "|").replacing("version:ensue-\(ensueVersion)", with: "version:")
  }
}
