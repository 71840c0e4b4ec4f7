// Labels of words as text and as JSON.

import EnsueBundle
import EnsueEvaluation
import EnsueFiles
import EnsueReport
import EnsueTasks

/// Words with their labels, or the entities that these name.
struct TagWriter {
  let isJSON: Bool
  let joinsEntities: Bool

  /// A word or an entity.
  private struct Row {
    let text: String
    let range: Range<Int>
    let label: String?
    let probability: Double?
  }

  func text(of sentence: String, _ words: [TaggedWord]) -> String {
    let rows = joinsEntities ? TagWriter.entities(in: sentence, words) : words.map(TagWriter.row)
    return isJSON ? json(sentence, rows) : rows.map(line).joined() + "\n"
  }

  private static func row(_ word: TaggedWord) -> Row {
    Row(text: word.text, range: word.range, label: word.label?.label, probability: word.label?.probability)
  }

  /// Words without labels are outside all.
  private static func entities(in sentence: String, _ words: [TaggedWord]) -> [Row] {
    let scalars = Array(sentence.unicodeScalars)
    return LabelledSpan.spans(of: words.map { $0.label?.label ?? "O" }).map { span in
      let range = words[span.words.lowerBound].range.lowerBound..<words[span.words.upperBound - 1].range.upperBound
      let sum = words[span.words].reduce(0) { $0 + ($1.label?.probability ?? 0) }
      return Row(
        text: String(String.UnicodeScalarView(scalars[range])), range: range, label: span.kind,
        probability: sum / Double(span.words.count))
    }
  }

  private func line(_ row: Row) -> String {
    // What stands between the words of an entity may be a tab.
    let text = String(String.UnicodeScalarView(row.text.unicodeScalars.map { $0 == "\t" || $0 == "\n" ? " " : $0 }))
    let columns = [text, row.label ?? "-", row.probability.map { Format.fixed($0, places: 4) } ?? "-"]
    // A terminal obeys control characters; a file or program gets the text as it was.
    return columns.map { Terminal.outputIsTerminal ? ExitStatus.escaped($0) : $0 }.joined(separator: "\t") + "\n"
  }

  private func json(_ sentence: String, _ rows: [Row]) -> String {
    let names = joinsEntities ? ("entities", "text", "kind") : ("tokens", "word", "label")
    let objects = rows.map { row in
      var object: JSONObject = [names.1: .string(row.text)]
      (object["start"], object["end"]) = (.number(row.range.lowerBound), .number(row.range.upperBound))
      object[names.2] = row.label.map { .string($0) } ?? .null
      object["probability"] = row.probability.map { .number($0) } ?? .null
      return JSONValue.object(object)
    }
    let object: JSONObject = ["text": .string(sentence), names.0: .array(objects)]
    return JSONValue.object(object).description + "\n"
  }
}
