// A training run as a user sees it, whatever is trained: notes, a progress line, lines for each validation. The loop is
// here to be read.

import EnsueFiles
import EnsueReport
import EnsueTasks
import EnsueTraining

/// Trains and shows it on standard error.
struct RunDisplay<Run: TrainingRun & ~Copyable> {
  let isQuiet: Bool
  /// The end of the progress line.
  var detail: (StepEvent) -> String = { "loss \(Format.fixed($0.report.loss, places: 4))" }
  /// What is said of a validation.
  let lines: (Run.Validation) -> [String]

  /// Trains a model, or goes on with the run that the folder holds.
  /// - Throws: `Interruption.Stopped` after the state was saved.
  func train(_ configuration: Run.Configuration, in folder: RunFolder) throws -> Run.Record {
    if let finished = try Run.record(folder, ifFinishedWith: configuration) {
      note("\(folder.path): this run has already ended")
      return finished
    }
    var run = try Run(configuration, in: folder)
    // Only now is there something to save.
    Interruption.install()
    (configuration.unreadNotes + run.notes).forEach(note)
    note("model: \(run.modelTitle), \(Format.count(run.size.count)) \(run.size.unit)")
    if let step = run.resumedStep { note("going on after step \(Format.count(step))") }
    let unit = run.unit
    let record: Run.Record
    var display = ProgressDisplay()
    run.check = Interruption.check
    do {
      while let event = try run.next() {
        switch event {
        case .step(let step):
          if !isQuiet { display.update { _ in progressLine(step, unit) } }
        case .validation(let validation):
          if !isQuiet { lines(validation).forEach { display.note($0) } }
        }
        try Interruption.check()
      }
      display.clear()
      record = try run.finish()
    } catch let stopped as Interruption.Stopped {
      display.clear()
      try run.save()
      StandardError.writeLine("saved; run the same command again to go on")
      throw stopped
    }
    note("peak memory \(Format.bytes(ProcessMemory.peakBytes)); everything is in \(folder.path)")
    return record
  }

  private func note(_ line: String) {
    if !isQuiet { ProgressDisplay.write(line) }
  }

  private func progressLine(_ step: StepEvent, _ unit: String) -> ProgressLine {
    ProgressLine(
      title: "epoch \(step.epoch)", completed: step.batch, total: step.batchCount, elapsed: step.epochSeconds,
      processed: step.tokenCount, unit: unit, detail: detail(step))
  }
}
