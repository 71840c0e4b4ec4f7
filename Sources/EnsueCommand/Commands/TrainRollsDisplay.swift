// The training of a model of piano rolls as a user sees it: notes, a progress line, a line for each epoch.

import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueReport
import EnsueTasks
import EnsueTraining

/// Trains and shows it on standard error.
struct RollTrainingDisplay {
  let isQuiet: Bool

  /// Trains a model, or goes on with the run that the folder holds.
  /// - Throws: `Interruption.Stopped` after the state was saved.
  func train(_ configuration: RollConfiguration, in folder: RunFolder) throws -> RollRunRecord {
    if let finished = try RollRunRecord(folder, ifFinishedWith: configuration) {
      note("\(folder.path): this run has already ended")
      return finished
    }
    var run = try RollRun(configuration, in: folder)
    // Only now is there something to save.
    Interruption.install()
    run.data.notes.forEach(note)
    note("model: \(configuration.model.title), \(Format.count(run.parameterCount)) parameters")
    if let step = run.resumedStep { note("going on after step \(Format.count(step))") }
    var display = ProgressDisplay()
    while let event = try run.next() {
      switch event {
      case .step(let step):
        if !isQuiet { display.update { _ in progressLine(step) } }
      case .epoch(let epoch):
        if !isQuiet { display.note(line(epoch)) }
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

  private func progressLine(_ step: StepEvent) -> ProgressLine {
    ProgressLine(
      title: "epoch \(step.epoch)", completed: step.batch, total: step.batchCount, elapsed: step.epochSeconds,
      processed: step.tokenCount, unit: "steps", detail: "loss \(Format.fixed(step.report.loss, places: 4))")
  }

  private func line(_ epoch: LanguageModelEpoch) -> String {
    "epoch \(epoch.epoch)  loss \(Format.fixed(epoch.trainingLoss, places: 4))"
      + "  validation \(RollRunText.figures(epoch.validation))"
      + "  \(ProgressLine.short(epoch.tokensPerSecond)) steps/s"
  }
}
