// A language model's training as a user sees it: a line and a sample for each validation.

import EnsueEvaluation
import EnsueReport
import EnsueTasks
import EnsueText
import EnsueTraining

/// What is said while a language model is trained.
enum LanguageTrainingText {
  /// The display of a run.
  static func display(isQuiet: Bool) -> RunDisplay<LanguageRun> {
    RunDisplay(isQuiet: isQuiet, detail: detail) { validation in
      [line(validation.epoch, validation.level)] + (firstLine(validation.sample).map { ["  \($0)"] } ?? [])
    }
  }

  /// The end of a progress line.
  private static func detail(_ step: StepEvent) -> String {
    let loss = step.report.loss
    return "loss \(Format.fixed(loss, places: 4)) (\(Format.fixed(LanguageModelSummary.bits(loss), places: 3)) bits)"
  }

  private static func line(_ epoch: LanguageModelEpoch, _ level: TokenLevelKind) -> String {
    let validation = epoch.validation
    let training = epoch.step > 0 ? "  loss \(Format.fixed(epoch.trainingLoss, places: 4))" : ""
    let speed = epoch.step > 0 ? "  \(ProgressLine.short(epoch.tokensPerSecond)) \(level.unit)s/s" : ""
    // What a subword is, its tokenizer says; words make runs with different ones comparable.
    let words = level == .subwords ? validation.perplexityPerWord.map { ", \(Format.significant($0)) per word" } : nil
    return "epoch \(epoch.epoch)  step \(epoch.step)\(training)"
      + "  validation loss \(Format.fixed(validation.loss, places: 4))"
      + " (\(Format.fixed(validation.bits, places: 3)) bits, perplexity"
      + " \(Format.fixed(validation.perplexity, places: 2)) per \(level.unit)\(words ?? ""))" + speed
  }

  /// The first line of a sample with anything on it, as a terminal may have it, cut to its width.
  private static func firstLine(_ sample: String) -> String? {
    let lines = sample.utf8.split(separator: UInt8(ascii: "\n"))
    guard let line = lines.first(where: { !$0.allSatisfy { $0 == 0x20 || 0x09...0x0D ~= $0 } }) else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    return ExitStatus.escaped(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Terminal.width - 3))))
  }
}
