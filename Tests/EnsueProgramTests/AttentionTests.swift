// `ensue attention`: what it prints, and the page of the documentation that quotes it.

import EnsueFiles
import EnsueLayers
import EnsueTestSupport
import Testing

@Suite struct AttentionTests {
  private func text(_ path: String) throws -> String {
    String(decoding: try InputFile.contents(of: "\(TestFiles.root)/\(path)"), as: UTF8.self)
  }

  @Test func theTablesOfTheDocumentationAreUpToDate() throws {
    let result = try Program.run(["attention", "list", "--markdown"], in: TestFiles.root)
    #expect(result.code == 0)
    let tables = result.outputText.split(separator: "\n\n")
    #expect(tables.count == 2)
    let page = try text("Documentation/Attention.md")
    for table in tables {
      #expect(
        page.contains(table), "put the tables of `ensue attention list --markdown` into Documentation/Attention.md")
    }
  }

  /// What the page shows compiles: it stands in the snippet.
  @Test func theExamplesOfTheDocumentationAreTheSnippets() throws {
    let snippet = try text("Snippets/Attention.swift")
    let blocks = try text("Documentation/Attention.md").components(between: "```swift\n", and: "```")
    #expect(blocks.count >= 10)
    for block in blocks { #expect(snippet.contains(block), "not in Snippets/Attention.swift:\n\(block)") }
  }

  @Test func everyFunctionIsListed() throws {
    let result = try Program.run(["attention", "list"], in: TestFiles.root)
    #expect(result.code == 0)
    let names = AttentionScoreKind.allCases.map(\.rawValue) + AttentionDistributionKind.allCases.map(\.rawValue)
    for name in names { #expect(result.outputText.contains(name), "\(name)") }
  }
}

extension StringProtocol {
  /// The texts between each `start` and the next `end`.
  fileprivate func components(between start: String, and end: String) -> [String] {
    var (found, rest) = ([String](), String(self)[...])
    while let opening = rest.firstRange(of: start) {
      let after = rest[opening.upperBound...]
      guard let closing = after.firstRange(of: end) else { break }
      found.append(String(after[..<closing.lowerBound]))
      rest = after[closing.upperBound...]
    }
    return found
  }
}
