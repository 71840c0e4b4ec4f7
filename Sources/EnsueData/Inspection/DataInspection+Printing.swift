// The inspection as lines for people and as JSON for programs.

import EnsueFiles

extension DataInspection {
  /// The overview in lines of at most `width` characters where words allow it.
  public func lines(width: Int = 100) -> [String] {
    var lines = files.map {
      "\($0.path)  \(PrintedNumber.counted($0.bytes, "byte", "bytes"))  digest \($0.digest)"
    }
    for part in parts {
      lines.append("")
      lines.append("\(part.name): \(PrintedNumber.counted(part.rows, "example", "examples"))")
      lines += part.labelLines.map { "  " + $0 }
      lines.append("  length in tokens:")
      lines += part.lengths.lines(limit: lengthLimit).map { "    " + $0 }
      if part.withoutTokens > 0 {
        let counted = PrintedNumber.counted(part.withoutTokens, "example", "examples")
        lines.append("  \(counted) without any token, the first at \(part.firstWithoutTokens ?? part.name)")
      }
      lines.append("  digest of the contents: \(part.contentDigest)")
    }
    lines.append("")
    lines += readingLines + duplicateLines
    if !frequentTokens.isEmpty {
      let distinct = PrintedNumber.counted(distinctTokens ?? 0, "different token", "different tokens")
      lines.append("\(distinct) in \(parts.first?.name ?? ""); the most frequent:")
      lines.append(
        frequentTokens.map { "\(PrintedNumber.label($0.token)) \(PrintedNumber.grouped($0.count))" }
          .joined(separator: ", "))
    }
    return lines.flatMap { DataInspection.wrapped($0, width: max(20, width)) }
  }

  /// What reading skipped and changed; parts split from the same files are told once.
  private var readingLines: [String] {
    var told: [ReadingReport] = []
    var lines: [String] = []
    for part in parts where !told.contains(part.report) {
      told.append(part.report)
      lines += part.report.lines.dropFirst(part.report.files.count).map { "\(part.name): \($0)" }
    }
    return lines
  }

  private var duplicateLines: [String] {
    var lines: [String] = []
    for (part, count) in zip(parts, duplicates.within) where count > 0 {
      lines.append(
        "\(part.name): \(PrintedNumber.counted(count, "row repeats", "rows repeat")) the text of an earlier one")
    }
    for overlap in duplicates.across {
      let rows = PrintedNumber.counted(overlap.rows, "row has", "rows have")
      lines.append(
        "\(overlap.later): \(rows) a text that is also in \(overlap.earlier), the first at \(overlap.firstPlace)")
    }
    if let first = duplicates.firstConflict {
      let texts = PrintedNumber.counted(duplicates.conflicts, "text stands", "texts stand")
      lines.append(
        "\(texts) under more than one label, such as \(Failure.shown(first.text)):"
          + " \(zip(first.places, first.labels).map { "\($0) \(PrintedNumber.label($1))" }.joined(separator: ", "))")
    }
    return lines.isEmpty ? ["no text occurs twice"] : lines
  }

  /// Breaks a line at spaces; lines after the first are indented by two more.
  private static func wrapped(_ line: String, width: Int) -> [String] {
    guard line.unicodeScalars.count > width else { return [line] }
    let indent = String(repeating: " ", count: line.utf8.prefix(while: { $0 == 0x20 }).count)
    var result: [String] = []
    var current = indent
    var hasWord = false
    for word in line.split(separator: " ") {
      if hasWord, current.unicodeScalars.count + 1 + word.unicodeScalars.count > width {
        result.append(current)
        current = indent + "  "
        hasWord = false
      }
      current += (hasWord ? " " : "") + word
      hasWord = true
    }
    return result + [current]
  }

  /// The overview as an object with `files`, `parts`, `duplicates` and, where asked for, `frequentTokens`.
  public var json: JSONValue {
    var object: JSONObject = [
      "files": .array(files.map(\.json)),
      "parts": .array(parts.map { json(of: $0) }),
      "duplicates": .object(duplicateJSON),
    ]
    if let distinctTokens {
      object["distinctTokens"] = .number(distinctTokens)
      object["frequentTokens"] = .array(
        frequentTokens.map { .object(["token": .string($0.token), "count": .number($0.count)]) })
    }
    return .object(object)
  }

  private func json(of part: Part) -> JSONValue {
    .object([
      "name": .string(part.name), "rows": .number(part.rows),
      (part.numbers == nil ? "classes" : "numbers"): part.numbers?.json ?? part.balance.json,
      "lengths": part.lengths.json(limit: lengthLimit), "withoutTokens": .number(part.withoutTokens),
      "contentDigest": .string(part.contentDigest.description), "reading": part.report.json,
    ])
  }

  private var duplicateJSON: JSONObject {
    var object: JSONObject = [
      "within": .array(
        zip(parts, duplicates.within).map { .object(["part": .string($0.name), "rows": .number($1)]) }),
      "across": .array(
        duplicates.across.map {
          .object([
            "earlier": .string($0.earlier), "later": .string($0.later), "rows": .number($0.rows),
            "first": .string($0.firstPlace),
          ])
        }),
      "conflicts": .number(duplicates.conflicts),
    ]
    if let first = duplicates.firstConflict {
      object["firstConflict"] = .object([
        "text": .string(first.text), "places": .array(first.places.map { .string($0) }),
        "labels": .array(first.labels.map { .string($0) }),
      ])
    }
    return object
  }
}
