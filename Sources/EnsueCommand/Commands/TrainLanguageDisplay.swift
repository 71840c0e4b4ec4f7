// A language model's training as a user sees it: notes, a progress line, a line and a sample for each validation.

import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks
import EnsueText
import EnsueTraining

/// Trains and shows it on standard error.
struct LanguageTrainingDisplay {
  let isQuiet: Bool

  /// Trains a model, or goes on with the run that the folder holds.
  /// - Throws: `Interruption.Stopped` after the state was saved.
  func train(_ configuration: LanguageConfiguration, in folder: RunFolder) throws -> LanguageRunRecord {
    if let finished = try LanguageRunRecord(folder, ifFinishedWith: configuration) {
      note("\(folder.path): this run has already ended")
      return finished
    }
    var run = try LanguageRun(configuration, in: folder)
    let level = run.data.codec.level
    // Only now is there something to save.
    Interruption.install()
    run.data.notes.forEach(note)
    let unit = run.architecture.kind.isTrained ? "parameters" : "n-grams"
    note("model: \(run.architecture.title), \(Format.count(run.parameterCount)) \(unit)")
    if let step = run.resumedStep { note("going on after step \(Format.count(step))") }
    var display = ProgressDisplay()
    while let event = try run.next() {
      switch event {
      case .step(let step):
        if !isQuiet { display.update { _ in progressLine(step, level) } }
      case .validation(let epoch, let sample):
        if !isQuiet {
          display.note(line(epoch, level))
          if let first = LanguageTrainingDisplay.firstLine(sample) { display.note("  \(first)") }
        }
      }
      if Interruption.isRequested {
        display.clear()
        try run.save()
        StandardError.writeLine("saved; run the same command again to go on")
        throw Interruption.Stopped()
      }
    }
    display.clear()
    let record = try run.finish()
    note("peak memory \(Format.bytes(ProcessMemory.peakBytes)); everything is in \(folder.path)")
    return record
  }

  private func note(_ line: String) {
    if !isQuiet { ProgressDisplay.write(line) }
  }

  private func progressLine(_ step: StepEvent, _ level: TokenLevelKind) -> ProgressLine {
    let loss = step.report.loss
    return ProgressLine(
      title: "epoch \(step.epoch)", completed: step.batch, total: step.batchCount, elapsed: step.epochSeconds,
      processed: step.tokenCount, unit: "\(level.unit)s",
      detail:
        "loss \(Format.fixed(loss, places: 4)) (\(Format.fixed(LanguageModelSummary.bits(loss), places: 3)) bits)")
  }

  private func line(_ epoch: LanguageModelEpoch, _ level: TokenLevelKind) -> String {
    let validation = epoch.validation
    let training = epoch.step > 0 ? "  loss \(Format.fixed(epoch.trainingLoss, places: 4))" : ""
    let speed = epoch.step > 0 ? "  \(ProgressLine.short(epoch.tokensPerSecond)) \(level.unit)s/s" : ""
    return "epoch \(epoch.epoch)  step \(epoch.step)\(training)"
      + "  validation loss \(Format.fixed(validation.loss, places: 4))"
      + " (\(Format.fixed(validation.bits, places: 3)) bits, perplexity"
      + " \(Format.fixed(validation.perplexity, places: 2)))" + speed
  }

  /// The first line of a sample with anything on it, as a terminal may have it, cut to its width.
  private static func firstLine(_ sample: String) -> String? {
    let lines = sample.utf8.split(separator: UInt8(ascii: "\n"))
    guard let line = lines.first(where: { !$0.allSatisfy { $0 == 0x20 || 0x09...0x0D ~= $0 } }) else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    return ExitStatus.escaped(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Terminal.width - 3))))
  }
}
