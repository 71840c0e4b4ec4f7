// Text in a column of a given width: paragraphs, rows of two columns, command lines with continuation.
// Widths count Unicode scalars: the program's own texts have no wide or combining ones.

/// Text that is put together line by line, none longer than the width.
package struct TextLayout: Sendable {
  package let width: Int
  package private(set) var text = ""

  /// - Parameter width: in columns; lines are never made longer than 100, which would be hard to read, and never
  ///   shorter than 20.
  package init(width: Int) {
    self.width = min(max(width, 20), 100)
  }

  package mutating func emptyLine() { text += "\n" }

  /// A line that stands as it is.
  package mutating func line(_ line: String) { text += line + "\n" }

  /// Words filled into lines; lines after the first begin with `hanging` spaces.
  package mutating func paragraph(_ words: String, indent: Int = 0, hanging: Int? = nil) {
    let later = hanging ?? indent
    for (index, line) in TextLayout.wrapped(words, width: width - indent, later: width - later).enumerated() {
      text += TextLayout.spaces(index == 0 ? indent : later) + line + "\n"
    }
  }

  /// Rows of a name and its explanation: beside each other where there is room, else one below the other.
  /// - Parameter others: rows elsewhere on the page that shall have the same columns.
  package mutating func rows(
    _ rows: [(name: String, explanation: String)], alignedWith others: [(name: String, explanation: String)] = []
  ) {
    let longest = (rows + others).map { $0.name.unicodeScalars.count }.max() ?? 0
    let isBeside = width >= 64 || longest + 4 <= width / 3
    let column = min(longest, 26) + 4
    for row in rows {
      let length = row.name.unicodeScalars.count
      if isBeside && length + 4 <= column {
        let name = TextLayout.spaces(2) + row.name + TextLayout.spaces(column - length - 2)
        let lines = TextLayout.wrapped(row.explanation, width: width - column, later: width - column)
        text += name + (lines.first ?? "") + "\n"
        for line in lines.dropFirst() { text += TextLayout.spaces(column) + line + "\n" }
      } else {
        paragraph(row.name, indent: 2, hanging: 6)
        paragraph(row.explanation, indent: isBeside ? column : 6)
      }
    }
  }

  /// A command line; where it is too long, the shell's backslash continues it. Quoted text stays
  /// together, and so do an option and its value.
  package mutating func commandLine(_ line: String, indent: Int) {
    var current = TextLayout.spaces(indent)
    var isFirst = true
    let longest = width - 2 - indent - 4
    let pieces = TextLayout.shellWords(line).flatMap { words in
      let whole = words.joined(separator: " ")
      return whole.unicodeScalars.count <= longest ? [whole] : words
    }
    for word in pieces {
      let room = width - 2 - current.unicodeScalars.count
      if !isFirst && word.unicodeScalars.count + 1 > room {
        text += current + " \\\n"
        current = TextLayout.spaces(indent + 4) + word
      } else {
        current += (isFirst ? "" : " ") + word
      }
      isFirst = false
    }
    text += current + "\n"
  }

  /// Words filled into lines. A word that is longer than a line is broken.
  package static func wrapped(_ text: String, width: Int, later: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    var count = 0
    for word in text.unicodeScalars.split(separator: " ") {
      var rest = word[...]
      while !rest.isEmpty {
        let room = max(lines.isEmpty ? width : later, 8)
        if count > 0 && count + 1 + rest.count > room {
          lines.append(current)
          (current, count) = ("", 0)
          continue
        }
        let piece = rest.prefix(count > 0 ? rest.count : room)
        current += (count > 0 ? " " : "") + String(String.UnicodeScalarView(piece))
        count += piece.count + (count > 0 ? 1 : 0)
        rest = rest.dropFirst(piece.count)
      }
    }
    if count > 0 { lines.append(current) }
    return lines
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

  /// The words of a command line; an option or a redirection and what follows it are one element.
  private static func shellWords(_ line: String) -> [[String]] {
    var words: [String] = []
    var current = ""
    var quote: Unicode.Scalar?
    for scalar in line.unicodeScalars {
      if scalar == " " && quote == nil {
        if !current.isEmpty { words.append(current) }
        current = ""
        continue
      }
      if scalar == quote {
        quote = nil
      } else if quote == nil, scalar == "\"" || scalar == "'" {
        quote = scalar
      }
      current.unicodeScalars.append(scalar)
    }
    if !current.isEmpty { words.append(current) }
    return words.reduce(into: []) { pieces, word in
      let opensValue = pieces.last.map { $0.count == 1 && ($0[0].isLongOption || $0[0] == "<") } ?? false
      if opensValue && !word.looksLikeOption {
        pieces[pieces.count - 1].append(word)
      } else {
        pieces.append([word])
      }
    }
  }
}
