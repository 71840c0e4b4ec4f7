// The settings of a recurrent cell's equations, which are the same for every task whose models have one.

import EnsueFiles
import EnsueLayers
import EnsueModels

/// A configuration of models with a recurrent cell.
protocol CellTraining: Sendable {
  /// The cell by name.
  var chosenCell: RecurrentCellKind { get }
  /// The equations of a cell of the user's own, in place of it; empty for none.
  var cellText: String { get }
  var chosenCellOptions: RecurrentCellOptions { get set }
}

extension CellTraining {
  /// What can be chosen of a cell beside its name, in the order of the file and of the help.
  static var cellOptionSettings: [Setting<Self>] {
    [
      .choice(
        "model.cellActivation", \.chosenCellOptions.activation, option: "cell-activation",
        "the function of a simple cell's units; none for the cell's own"),
      .flag(
        "model.peepholes", \.chosenCellOptions.hasPeepholes, option: "peepholes",
        "whether the gates see the memory cell, in the variants of the peephole LSTM"),
      .flag(
        "model.learnsLeak", \.chosenCellOptions.learnsLeak, option: "learn-leak",
        "train a leak of each unit, one half at first, in place of --leak"),
      .number(
        "model.memoryZoneout", \.chosenCellOptions.memoryZoneout, 0..<1, option: "zoneout-cell",
        "zoneout of memory cells, the states that are not the output; none for that of --zoneout"
      ).read(by: "a cell with a memory besides its output", where: { $0.hasMemory }),
    ]
  }

  /// Whether the cell has a state that is not its output. Equations in error are another matter.
  private var hasMemory: Bool {
    let formula = try? CellFormula(
      text: cellText, or: chosenCell, forgetBias: 1, normalizesLayers: false, recurrentDropout: 0)
    return formula?.hasMemory ?? true
  }
}

extension LanguageConfiguration: CellTraining {
  var chosenCell: RecurrentCellKind { model.recurrent.cell }
  var cellText: String { model.recurrent.cellFormula }
  var chosenCellOptions: RecurrentCellOptions {
    get { model.recurrent.cellOptions.chosen }
    set { model.recurrent.cellOptions.chosen = newValue }
  }
}

extension ClassificationConfiguration: CellTraining {
  var chosenCell: RecurrentCellKind { model.cell ?? model.kind.cell ?? .lstm }
  var cellText: String { model.cellFormula }
  var chosenCellOptions: RecurrentCellOptions {
    get { model.cellOptions.chosen }
    set { model.cellOptions.chosen = newValue }
  }
}

extension TranslationConfiguration: CellTraining {
  var chosenCell: RecurrentCellKind { model.recurrent.cell }
  var cellText: String { model.recurrent.cellFormula }
  var chosenCellOptions: RecurrentCellOptions {
    get { model.recurrent.cellOptions.chosen }
    set { model.recurrent.cellOptions.chosen = newValue }
  }
}

extension RollConfiguration: CellTraining {
  var chosenCell: RecurrentCellKind { model.cell }
  var cellText: String { model.cellFormula }
  var chosenCellOptions: RecurrentCellOptions {
    get { model.cellOptions.chosen }
    set { model.cellOptions.chosen = newValue }
  }
}
