// Tables in terminals of several widths, in Markdown and in HTML.

import EnsueEvaluation
import EnsueReport
import Testing

@Suite("text tables")
struct TextTableTests {
  static let table = TextTable(
    columns: [
      .init("run"), .init("model"), .init("accuracy", .trailing), .init("macro F1", .trailing),
      .init("parameters", .trailing), .init("training", .trailing),
    ],
    rows: [
      ["runs/bilstm", "bidirectional LSTM with max pooling", "77.1 %", "77.0 %", "1,402,434", "1 min 13 s"],
      ["runs/mean", "mean pooling", "75.0 %", "74.9 %", "5,202", "9.1 s"],
    ], emphasized: [.init(row: 0, column: 2)])

  @Test("120 columns: one line a row")
  func wide() {
    #expect(
      TextTableTests.table.text(width: 120) == """
        run          model                                accuracy  macro F1  parameters    training
        ───────────  ───────────────────────────────────  ────────  ────────  ──────────  ──────────
        runs/bilstm  bidirectional LSTM with max pooling   77.1 %*    77.0 %   1,402,434  1 min 13 s
        runs/mean    mean pooling                          75.0 %     74.9 %       5,202       9.1 s

        """)
  }

  @Test("80 columns: words wrap inside their column")
  func medium() {
    #expect(
      TextTableTests.table.text(width: 80) == """
        run          model                    accuracy  macro F1  parameters    training
        ───────────  ───────────────────────  ────────  ────────  ──────────  ──────────
        runs/bilstm  bidirectional LSTM with   77.1 %*    77.0 %   1,402,434  1 min 13 s
                     max pooling
        runs/mean    mean pooling              75.0 %     74.9 %       5,202       9.1 s

        """)
  }

  @Test("40 columns: one block a row")
  func narrow() {
    #expect(
      TextTableTests.table.text(width: 40) == """
        run:        runs/bilstm
        model:      bidirectional LSTM with max
                    pooling
        accuracy:   77.1 %*
        macro F1:   77.0 %
        parameters: 1,402,434
        training:   1 min 13 s

        run:        runs/mean
        model:      mean pooling
        accuracy:   75.0 %
        macro F1:   74.9 %
        parameters: 5,202
        training:   9.1 s

        """)
  }

  @Test("at every width nothing is lost and nothing is too wide")
  func complete() {
    let rows = Hostile.names.map { [$0, "value of it", "12"] }
    let table = TextTable(columns: [.init("hostile name"), .init("b"), .init("n", .trailing)], rows: rows)
    for (table, widths) in [(TextTableTests.table, 4...130), (table, 20...24)] {
      for width in widths {
        let text = table.text(width: width)
        for line in text.unicodeScalars.split(separator: "\n") {
          #expect(DisplayText.width(String(line)) <= width || width < 12, "\(width)")
        }
        let shown = TextTableTests.inventory([text])
        let expected = TextTableTests.inventory(table.rows.flatMap { $0 } + table.columns.map(\.title))
        #expect(expected.allSatisfy { shown[$0.key, default: 0] >= $0.value }, "\(width)")
      }
    }
  }

  /// How often each scalar but spaces and rules occurs.
  private static func inventory(_ texts: [String]) -> [Unicode.Scalar: Int] {
    var counts: [Unicode.Scalar: Int] = [:]
    for text in texts {
      for scalar in DisplayText.clean(text).unicodeScalars where scalar != " " && scalar != "─" {
        counts[scalar, default: 0] += 1
      }
    }
    return counts
  }

  @Test("in blocks a value's words follow each other")
  func blocks() {
    let words = (0..<60).map { "word\($0)" }
    let table = TextTable(
      columns: [.init("text"), .init("n", .trailing)], rows: [[words.joined(separator: " "), "1"]])
    let shown = table.text(width: 12).split { " \n".contains($0) }.map(String.init)
    #expect(shown == ["text:"] + words + ["n:", "1"])
  }

  @Test(
    "cells are measured as terminals show them",
    arguments: [
      ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("🙂", 2), ("a\u{200B}b", 2),
      ("ｆｕ", 4), ("é", 1), ("±…", 2), ("", 0),
    ])
  func width(_ text: String, _ cells: Int) { #expect(DisplayText.width(text) == cells) }

  @Test("wide and combining characters keep columns in step")
  func aligned() {
    let table = TextTable(
      columns: [.init("name"), .init("n", .trailing)],
      rows: [["日本語", "1"], ["e\u{301}te\u{301}", "22"], ["plain", "3"]])
    #expect(
      table.text(width: 80) == "name     n\n──────  ──\n日本語   1\ne\u{301}te\u{301}     22\nplain    3\n")
  }

  @Test("no rows")
  func empty() {
    let table = TextTable(columns: [.init("a"), .init("b", .trailing)], rows: [])
    #expect(table.text(width: 10) == "a  b\n─  ─\n(no rows)\n")
    #expect(table.markdown == "| a | b |\n| :--- | ---: |\n")
    #expect(MarkupProbe(table.html).problem == nil)
  }

  @Test("no control character reaches the terminal", arguments: Hostile.names)
  func harmless(_ name: String) {
    let table = TextTable(columns: [.init(name), .init("b")], rows: [[name, "x"]])
    for width in [40, 100_000] {
      let text = table.text(width: width)
      #expect(
        !text.unicodeScalars.contains {
          $0 != "\n" && ($0.properties.generalCategory == .control || 0x202A...0x202E ~= $0.value)
        })
    }
  }

  @Test("Markdown: cells stay cells", arguments: Hostile.names)
  func markdown(_ name: String) {
    let lines = TextTable(
      columns: [.init(name), .init("b")], rows: [[name, name]], emphasized: [.init(row: 0, column: 1)]
    )
    .markdown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty)
    for line in lines.prefix(3) {
      #expect(TextTableTests.unescapedPipes(String(line)) == 3)
      #expect(!line.contains("<"))
    }
  }

  private static func unescapedPipes(_ line: String) -> Int {
    var count = 0
    var isEscaped = false
    for byte in line.utf8 {
      if byte == UInt8(ascii: "|") && !isEscaped { count += 1 }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    return count
  }

  @Test("HTML: well-formed, nothing but a table", arguments: Hostile.names)
  func html(_ name: String) {
    let table = TextTable(columns: [.init(name), .init("b", .trailing)], rows: [[name, name]])
    let probe = MarkupProbe(table.html(caption: name))
    #expect(probe.problem == nil)
    #expect(
      Set(probe.elements.map(\.name)).isSubset(of: ["table", "caption", "thead", "tbody", "tr", "th", "td", "span"]))
    #expect(probe.texts(of: "caption") == [DisplayText.clean(name)])
    // Long cells are shortened with the whole in `title`.
    let whole = probe.elements.contains { $0.attributes["title"] == DisplayText.clean(name) }
    #expect(whole || probe.texts(of: "td") == [DisplayText.clean(name)])
  }

  @Test("the table by class ends with the macro average")
  func classes() throws {
    let matrix = try #require(ConfusionMatrix(labels: ["a", "b", "c"], counts: [[3, 1, 0], [2, 4, 0], [0, 0, 0]]))
    let table = TextTable(classesOf: matrix.metrics)
    #expect(table.rows.map(\.[0]) == ["a", "b", "c (does not occur)", "macro average"])
    #expect(table.rows[0] == ["a", "60.0 %", "75.0 %", "66.7 %", "4"])
    #expect(table.rows[3] == ["macro average", "70.0 %", "70.8 %", "69.7 %", "10"])
  }
}
