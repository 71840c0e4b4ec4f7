// Translations as text and as JSON.

import EnsueFiles
import EnsueReport
import EnsueTasks

/// Writes translations.
struct TranslationWriter {
  private let request: TranslateArguments

  init(_ request: TranslateArguments) { self.request = request }

  /// All that is said of a sentence, line ends included.
  func text(_ input: TranslationInput, _ translations: [TranslatedText], number: Int) -> String {
    if request.isJSON { return json(input, translations).description + "\n" }
    return translations.map { line($0, number: number) + "\n" }.joined()
  }

  /// What stands for a line that cannot be translated.
  func text(of failure: Failure) -> String {
    guard request.isJSON else { return "\n" }
    let object: JSONObject = ["error": .string(failure.description)]
    return JSONValue.object(object).description + "\n"
  }

  private func line(_ translation: TranslatedText, number: Int) -> String {
    var cells: [String] = []
    if request.isRanked { cells.append("\(number)") }
    if request.isRanked || request.showsScores { cells.append(Format.fixed(translation.score, places: 4)) }
    cells.append(written(translation.text))
    if request.showsAlignments { cells.append(TranslationWriter.links(translation)) }
    return cells.joined(separator: "\t")
  }

  /// A translation stays on its line; a terminal obeys control characters, a file or program gets the text as it is.
  private func written(_ text: String) -> String {
    if Terminal.outputIsTerminal { return ExitStatus.escaped(text) }
    let hasColumns = request.isRanked || request.showsScores || request.showsAlignments
    return text.spacing(hasColumns ? "\t\n\r" : "\n\r")
  }

  /// `i-j`: the symbol j of the translation looked most at the symbol i of the source, both from 0 on, heads together.
  /// Ends are no symbols of a text: they have no link, and are not looked at.
  private static func links(_ translation: TranslatedText) -> String {
    let weights = translation.meanAlignment.dropLast(translation.isComplete ? 1 : 0)
    return weights.enumerated().compactMap { row, weights in
      let text = weights.dropLast(translation.readsSourceEnd ? 1 : 0)
      return text.indices.max { weights[$0] < weights[$1] }.map { "\($0)-\(row)" }
    }.joined(separator: " ")
  }

  private func json(_ input: TranslationInput, _ translations: [TranslatedText]) -> JSONValue {
    var object: JSONObject = ["source": .string(input.text)]
    if !input.prefix.utf8.isEmpty { object["prefix"] = .string(input.prefix) }
    object["sourceTokens"] = .array((translations.first?.sourceTokens ?? []).map { .string($0) })
    object["translations"] = .array(
      translations.map { translation in
        var object: JSONObject = [
          "text": .string(translation.text), "score": .number(translation.score),
          "logProbability": .number(translation.logProbability), "isComplete": .boolean(translation.isComplete),
          "tokens": .array(translation.targetTokens.map { .string($0) }),
        ]
        if request.showsAlignments {
          object["alignment"] = .array(
            translation.alignment.map { head in
              .array(head.map { row in .array(row.map { .number(Double($0)) }) })
            })
        }
        return .object(object)
      })
    return .object(object)
  }
}
