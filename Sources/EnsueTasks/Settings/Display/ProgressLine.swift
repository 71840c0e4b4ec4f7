// One line of progress: what, how far, how fast, how long still, how good. Narrow terminals lose the bar first,
// then the end of the line; a line is never longer than the terminal, where it could not be redrawn.

/// What a progress line says.
package struct ProgressLine: Sendable {
  /// What is being done: `epoch 3/10`.
  package var title: String
  package var completed: Int
  /// 0 when it is not known how much there is.
  package var total: Int
  /// Seconds since the start.
  package var elapsed: Double
  /// What has been processed since the start, for the rate, and its unit: `tokens`.
  package var processed: Int
  package var unit: String
  /// Anything more: `loss 0.512`.
  package var detail: String

  package init(
    title: String, completed: Int, total: Int, elapsed: Double, processed: Int = 0, unit: String = "",
    detail: String = ""
  ) {
    self.title = title
    self.completed = completed
    self.total = total
    self.elapsed = elapsed
    self.processed = processed
    self.unit = unit
    self.detail = detail
  }

  /// Several at once: what is done, and how much of it.
  package init(joining lines: [ProgressLine]) {
    if lines.count == 1 {
      self = lines[0]
    } else {
      let parts = lines.map { line in line.title + (line.percentage.map { "  \($0)" } ?? "") }
      self.init(title: parts.joined(separator: "   "), completed: 0, total: 0, elapsed: 0)
    }
  }

  /// The line for a terminal of `width` columns, at most `width - 1` long.
  package func text(width: Int) -> String {
    let plain = text
    let room = width - 1 - plain.unicodeScalars.count - 2
    if let share, room >= 12 {
      // In steps of ten, so that it does not change with every digit of the text.
      let length = min((room - 2) / 10 * 10, 30)
      let filled = Int((share * Double(length)).rounded(.down))
      let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: length - filled)
      return "[\(bar)]  \(plain)"
    }
    return String(String.UnicodeScalarView(plain.unicodeScalars.prefix(max(width - 1, 0))))
  }

  /// The line without a bar, for a log.
  package var text: String {
    var parts = [title]
    if let percentage { parts.append(percentage) }
    if total <= 0 && completed > 0 { parts.append("\(completed)") }
    if !detail.isEmpty { parts.append(detail) }
    if processed > 0, elapsed > 0 { parts.append("\(ProgressLine.short(Double(processed) / elapsed)) \(unit)/s") }
    if let share, share > 0, share < 1, elapsed >= 1 {
      parts.append("\(ProgressLine.duration(elapsed * (1 - share) / share)) left")
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private var percentage: String? { share.map { "\(Int(($0 * 100).rounded(.down))) %" } }

  private var share: Double? {
    total > 0 ? min(max(Double(completed) / Double(total), 0), 1) : nil
  }

  /// Three digits with a letter for the thousands: `950`, `12.3k`, `470k`, `1.20M`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "?" }
    var scaled = value
    for letter in ["", "k", "M", "G"] {
      // 999.5 would be written as 1000.
      if scaled < 999.5 { return digits(scaled, letter: letter) + letter }
      scaled /= 1000
    }
    return ">999G"
  }

  /// `0:07`, `12:30`, `3:05:00`, `2 d 4 h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(seconds, 0).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    if hours >= 48 { return "\(hours / 24) d \(hours % 24) h" }
    return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
  }

  private static func digits(_ value: Double, letter: String) -> String {
    let decimals = letter.isEmpty || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    let scale = [1, 10, 100][decimals]
    let whole = Int((value * Double(scale)).rounded())
    if decimals == 0 { return "\(whole)" }
    let fraction = "\(whole % scale)"
    return "\(whole / scale)." + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
