// The page of the five shapes of input and output: its commands run as they stand.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct ShapesTests {
  @Test func theCommandsOfThePageRun() throws {
    let path = "\(TestFiles.root)/Documentation/Shapes.md"
    let page = String(decoding: try InputFile.contents(of: path), as: UTF8.self)
    let start = try #require(page.range(of: "```bash\n")).upperBound
    let end = try #require(page.range(of: "\n```\n", range: start..<page.endIndex)).lowerBound
    try Sandbox.with { sandbox in
      let script = "set -e\nensue() { \"$ENSUE\" \"$@\"; }\n\(page[start..<end])\n"
      let result = try Program.shell(script, in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      for run in ["one-to-one", "many-to-one", "aligned", "not-aligned"] {
        #expect(sandbox.exists("runs/\(run)/bundle/configuration.json"), "\(run): \(result)")
      }
    }
  }
}
