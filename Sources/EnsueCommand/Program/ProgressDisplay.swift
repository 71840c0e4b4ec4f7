// Progress on standard error: on a terminal one line, redrawn at most 10 times a second; elsewhere plain lines, at
// most one in 10 seconds besides those that are always worth a line, such as the end of an epoch.

import EnsueTasks

/// Shows how far the work is.
struct ProgressDisplay {
  private let canRedraw: Bool
  private let start = ContinuousClock.now
  private var pacing: ProgressPacing
  private var isDrawn = false

  init(canRedraw: Bool = Terminal.errorCanRedraw) {
    self.canRedraw = canRedraw
    pacing = canRedraw ? ProgressPacing(interval: 0.1) : ProgressPacing(interval: 10, first: 10)
  }

  /// Seconds since the display was made.
  var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Shows the line when it is due; `line` is asked for only then.
  mutating func update(_ line: (_ elapsed: Double) -> ProgressLine) {
    let now = elapsed
    guard pacing.isDue(at: now) else { return }
    if canRedraw {
      StandardError.write("\r\(ExitStatus.escaped(line(now).text(width: Terminal.width)))\u{1B}[K")
      isDrawn = true
    } else {
      StandardError.writeLine(ExitStatus.escaped(line(now).text))
    }
  }

  /// A line that stays, such as the summary of an epoch.
  mutating func note(_ line: String) {
    clear()
    ProgressDisplay.write(line)
  }

  /// A line on standard error, filled into several where a terminal is narrower.
  static func write(_ line: String) {
    let text = ExitStatus.escaped(line)
    let indent = text.unicodeScalars.prefix { $0 == " " }.count
    guard Terminal.errorCanRedraw, text.unicodeScalars.count >= Terminal.width else {
      return StandardError.writeLine(text)
    }
    let parts = TextLayout.wrapped(text, width: Terminal.width - 1 - indent, later: Terminal.width - 3 - indent)
    for (index, part) in parts.enumerated() {
      StandardError.writeLine(String(repeating: " ", count: index == 0 ? indent : indent + 2) + part)
    }
  }

  /// Takes the redrawn line away: at the end, and before anything else is printed.
  mutating func clear() {
    if isDrawn { StandardError.write("\r\u{1B}[K") }
    isDrawn = false
  }
}
