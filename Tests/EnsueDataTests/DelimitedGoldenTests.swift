// CSV and TSV against Python's csv module (Tests/Goldens/delimited.py).

import EnsueData
import EnsueFiles
import Testing

@Suite struct DelimitedGoldenTests {
  @Test func equalsPython() throws {
    let cases = try #require(try JSONValue.contents(of: TestFiles.golden("delimited.json")).arrayValue)
    #expect(cases.count == 450)
    var refused = 0
    for (number, value) in cases.enumerated() {
      let object = try #require(value.objectValue)
      let text = try #require(object["text"]?.stringValue)
      let delimiter = try #require(object["delimiter"]?.stringValue?.utf8.first)
      let quoting = try #require(QuotingKind(rawValue: object["quoting"]?.stringValue ?? ""))
      let expected = try object["rows"]?.arrayValue?.map { row in
        try #require(row.arrayValue).map { Array(try #require($0.stringValue).utf8) }
      }
      if expected == nil { refused += 1 }
      let read = try? rows(Array(text.utf8), delimiter, quoting)
      #expect(read == expected, "case \(number): \(Failure.shown(text))")
    }
    #expect(refused == 40)
  }

  private func rows(_ bytes: [UInt8], _ delimiter: UInt8, _ quoting: QuotingKind) throws -> [[[UInt8]]] {
    var reader = DelimitedReader(try SourceText(bytes, path: "a"), delimiter: delimiter, quoting: quoting)
    var rows: [[[UInt8]]] = []
    while let row = try reader.next() { rows.append(row.fields) }
    return rows
  }

  @Test func rowsKnowTheirLines() throws {
    let text = Array("a,\"b\n\n\"\r\n\r\nc,d\n\"\",\n".utf8)
    var reader = DelimitedReader(try SourceText(text, path: "a"), delimiter: UInt8(ascii: ","), quoting: .minimal)
    var lines: [Int] = []
    while let row = try reader.next() {
      lines.append(row.line)
      #expect(row.fields.count == 2)
    }
    #expect(lines == [1, 5, 6])
    #expect(reader.blankLines == 1)
  }
}
