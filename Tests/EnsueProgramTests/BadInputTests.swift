// Everything that users get wrong: an exit code, one clear line, and nothing damaged.

import EnsueFiles
import Foundation
import Testing

@Suite struct BadInputTests {
  private static let all =
    BadCase.data + BadCase.wordVectors + BadCase.bundles + BadCase.settings + BadCase.runFolders + BadCase.use

  @Test(arguments: all)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test func tableIsLarge() {
    #expect(BadInputTests.all.count >= 90)
    #expect(Set(BadInputTests.all.map(\.name)).count == BadInputTests.all.count)
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func readOnlyFolder() throws {
    try Sandbox.with { sandbox in
      try OutputFile.createDirectory(sandbox.place("locked"))
      chmod(sandbox.place("locked"), 0o555)
      let result = try Program.run("\(TrainedRun.command) --out locked/run", in: sandbox.path)
      #expect(result.code == 73 && result.errorText.contains("locked/run"), "\(result)")
    }
  }
}
