// Help as text, at the width of a terminal and of a narrow window.

import EnsueFiles
import EnsueTasks
import Foundation
import Testing

struct HelpTests {
  /// The goldens lie beside this file; ENSUE_RECORD=1 writes them anew, to be read before they are kept.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens").path

  @Test(
    arguments: [
      ("overview", []), ("train", ["train"]), ("train-classify", ["train", "classify"]), ("evaluate", ["evaluate"]),
    ], [80, 40])
  func golden(_ page: (name: String, topic: [String]), _ width: Int) throws {
    let text = SampleProgram.commands.help(about: page.topic, width: width)
    let file = "\(HelpTests.folder)/help-\(page.name)-\(width).txt"
    if ProcessInfo.processInfo.environment["ENSUE_RECORD"] != nil {
      try OutputFile.createDirectory(HelpTests.folder)
      try OutputFile.write(text, to: file)
    }
    #expect(try String(decoding: InputFile.contents(of: file), as: UTF8.self) == text)
  }

  @Test(arguments: 20...110)
  func noLineIsLongerThanTheWidth(_ width: Int) {
    for topic in [["train", "classify"], ["train"], ["evaluate"], []] {
      let text = SampleProgram.commands.help(about: topic, width: width)
      for line in text.split(separator: "\n") where line.unicodeScalars.count > width {
        // A word of a command line cannot be broken.
        #expect(width < 40 && line.unicodeScalars.starts(with: "    ".unicodeScalars), "\(line)")
      }
      #expect(!text.contains(" \n") && !text.contains("\n\n\n"))
    }
  }

  @Test func everySettingIsExplained() {
    let text = SampleProgram.commands.help(about: ["train", "classify"], width: 80)
    for setting in SampleConfiguration.settings.settings {
      #expect(text.contains("[\(setting.path)="), "\(setting.path)")
      let spelling = setting.option.map { "  --\($0)" } ?? "  --set \(setting.path)="
      #expect(text.contains(spelling), "\(spelling)")
    }
    for kind in SampleModelKind.allCases { #expect(text.contains(kind.rawValue)) }
  }

  @Test func everyExitCodeIsExplained() {
    let text = SampleProgram.commands.help(about: [], width: 80)
    for code in [0, 130] + Failure.Kind.allCases.map(\.rawValue) { #expect(text.contains("\n  \(code) ")) }
  }

  @Test(arguments: [
    ("a bb ccc", 4, ["a bb", "ccc"]), ("", 10, []), ("abcdefghijkl", 8, ["abcdefgh", "ijkl"]),
    ("xy abcdefghijkl z", 8, ["xy", "abcdefgh", "ijkl z"]),
  ])
  func wrapping(_ text: String, _ width: Int, _ lines: [String]) {
    // Never narrower than 8 columns.
    let expected = width < 8 ? [text] : lines
    #expect(TextLayout.wrapped(text, width: width, later: width) == expected)
  }
}
