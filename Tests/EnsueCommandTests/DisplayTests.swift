// The last line of a failed run, and lines of progress.

import EnsueFiles
import EnsueTasks
import Testing

struct DisplayTests {
  @Test func errorsAreOneHarmlessLine() {
    let failure = Failure(.data, at: "a\u{1B}[31m\nb.tsv:7", "two columns expected, found 1", advice: "Add a tab.")
    #expect(
      ExitStatus.line(about: failure) == "error: a\\u{1b}[31m\\nb.tsv:7: two columns expected, found 1. Add a tab.")
    #expect(ExitStatus.line(about: Failure(.data, "x\u{202E}y\u{2028}")) == "error: x\\u{202e}y\\u{2028}")
    #expect(ExitStatus.line(about: Failure(.data, "é€漢")) == "error: é€漢")
  }

  @Test func defectsAreToBeReported() {
    struct Odd: Error {}
    #expect(ExitStatus.code(of: Odd()) == 70)
    #expect(ExitStatus.line(about: Odd()).contains("please report it."))
    #expect(ExitStatus.line(about: Failure(.internal, "no")).contains("please report it."))
  }

  @Test(arguments: Failure.Kind.allCases)
  func codes(_ kind: Failure.Kind) {
    #expect(ExitStatus.code(of: Failure(kind, "x")) == kind.rawValue)
  }

  @Test func progressFitsItsTerminal() {
    let line = ProgressLine(
      title: "epoch 3/10", completed: 25, total: 100, elapsed: 30, processed: 14_100_000, unit: "tokens",
      detail: "loss 0.512")
    let text = "epoch 3/10  25 %  loss 0.512  470k tokens/s  1:30 left"
    #expect(line.text == text)
    #expect(line.text(width: 80) == "[#####---------------]  \(text)")
    #expect(line.text(width: 40) == String(text.prefix(39)))
    for width in 1...200 { #expect(line.text(width: width).unicodeScalars.count < width) }
  }

  @Test func progressWithoutAnEnd() {
    #expect(ProgressLine(title: "reading", completed: 12, total: 0, elapsed: 0).text(width: 80) == "reading  12")
    #expect(ProgressLine(title: "t", completed: 9, total: 3, elapsed: 9).text == "t  100 %")
    #expect(ProgressLine(title: "t", completed: 0, total: 3, elapsed: .nan).text == "t  0 %")
  }

  @Test func progressOfSeveral() {
    let one = ProgressLine(title: "[1/9 lstm-seed1] epoch 3", completed: 1, total: 3, elapsed: 9, detail: "loss 0.5")
    let two = ProgressLine(title: "[2/9 gru-seed1] epoch 12", completed: 7, total: 8, elapsed: 9)
    #expect(ProgressLine(joining: [one]).text == one.text)
    let text = "[1/9 lstm-seed1] epoch 3  33 %   [2/9 gru-seed1] epoch 12  87 %"
    #expect(ProgressLine(joining: [one, two]).text == text)
    #expect(ProgressLine(joining: [one, two]).text(width: 40) == String(text.prefix(39)))
  }

  @Test(
    arguments: [
      (0, "0"), (999, "999"), (999.6, "1.00k"), (12_345, "12.3k"), (470_000, "470k"), (999_600, "1.00M"),
      (1_204_000, "1.20M"), (1e20, ">999G"), (.nan, "?"), (-1, "?"),
    ] as [(Double, String)])
  func rates(_ value: Double, _ text: String) { #expect(ProgressLine.short(value) == text) }

  @Test(
    arguments: [
      (0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (750, "12:30"), (11_100, "3:05:00"), (187_200, "2 d 4 h"),
      (.infinity, "?"), (-4, "0:00"),
    ] as [(Double, String)])
  func durations(_ seconds: Double, _ text: String) { #expect(ProgressLine.duration(seconds) == text) }

  @Test func pacing() {
    var pacing = ProgressPacing(interval: 10, first: 10)
    let passed = stride(from: 0.0, through: 45, by: 0.5).filter { pacing.isDue(at: $0) }
    #expect(passed == [10, 20, 30, 40])
    var quick = ProgressPacing(interval: 0.1)
    let drawn = stride(from: 0.0, to: 10, by: 0.001).count { quick.isDue(at: $0) }
    #expect((90...101).contains(drawn))
  }
}
