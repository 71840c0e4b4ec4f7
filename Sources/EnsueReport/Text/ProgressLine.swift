// The line that shows how far training is. Only text: the terminal belongs to the caller.

/// Progress as one line that fits its terminal.
///
/// `epoch 3/30  [=====>    ]  55 %  412 k tokens/s  loss 0.4312  12 s left`
public struct ProgressLine: Sendable, Equatable {
  /// What is going on, for example `epoch 3/30`.
  public let title: String
  /// Steps done.
  public let step: Int
  /// Steps to do; 0 when not known.
  public let total: Int
  /// Tokens per second, where measured.
  public let tokensPerSecond: Double?
  /// The running loss, where there is one.
  public let loss: Double?
  /// Seconds since the first step, from which the time left is estimated.
  public let seconds: Double

  public init(title: String, step: Int, total: Int, tokensPerSecond: Double?, loss: Double?, seconds: Double) {
    self.title = title
    self.step = step
    self.total = total
    self.tokensPerSecond = tokensPerSecond
    self.loss = loss
    self.seconds = seconds
  }

  /// The share done, 0 to 1; `nil` when the total is not known.
  public var share: Double? { total > 0 ? Double(min(max(step, 0), total)) / Double(total) : nil }

  /// The time left at the present pace; `nil` before the first step and when the total is not known.
  public var secondsLeft: Double? {
    guard total > 0, step > 0, seconds >= 0 else { return nil }
    return seconds * Double(max(0, total - step)) / Double(step)
  }

  /// The line in at most `width` cells. As the terminal gets narrower the bar shrinks and goes, then the rate, the
  /// time left, the loss; at last the title is shortened.
  public func text(width: Int) -> String {
    let percent =
      share.map { DisplayText.padded(Format.percent($0, places: 0), to: 5, trailing: true) }
      ?? Format.count(step, "step")
    let rate = tokensPerSecond.map { "\(Format.short($0)) tokens/s" }
    let loss = loss.map { "loss \(Format.significant($0))" }
    let left = secondsLeft.map { "\(Format.duration($0)) left" }
    let head = DisplayText.clean(title)
    let plain = [head, percent]
    let full = joined(plain + [rate, loss, left])
    let room = width - DisplayText.width(full) - 2
    if let share, room >= 8 {
      return joined([head, ProgressLine.bar(share, width: min(room, 24)), percent, rate, loss, left])
    }
    let choices = [full, joined(plain + [loss, left]), joined(plain + [loss]), joined(plain)]
    return choices.first { DisplayText.width($0) <= width }
      ?? DisplayText.shortened(joined(plain), width: max(0, width))
  }

  private func joined(_ parts: [String?]) -> String { parts.compactMap { $0 }.joined(separator: "  ") }

  /// `[=====>    ]` in `width` cells.
  private static func bar(_ share: Double, width: Int) -> String {
    let inner = width - 2
    let filled = Int((share * Double(inner)).rounded(.down))
    if filled >= inner { return "[" + String(repeating: "=", count: inner) + "]" }
    let done = filled > 0 ? String(repeating: "=", count: filled - 1) + ">" : ""
    return "[" + done + String(repeating: " ", count: inner - filled) + "]"
  }
}
