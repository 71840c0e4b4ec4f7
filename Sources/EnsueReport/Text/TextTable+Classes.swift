// The per-class table of an evaluation.

import EnsueEvaluation

extension TextTable {
  /// Precision, recall, F1 and support by class, with the macro averages as the last row.
  ///
  /// The averages are over the classes that occur (see `ClassificationMetrics`); classes that do not are marked.
  public init(classesOf metrics: ClassificationMetrics) {
    var rows = metrics.classes.map { entry in
      [
        entry.occurs ? entry.label : "\(entry.label) (does not occur)", Format.percent(entry.precision),
        Format.percent(entry.recall), Format.percent(entry.f1), Format.count(entry.support),
      ]
    }
    rows.append([
      "macro average", Format.percent(metrics.macroPrecision), Format.percent(metrics.macroRecall),
      Format.percent(metrics.macroF1), Format.count(metrics.count),
    ])
    self.init(
      columns: [
        Column("class"), Column("precision", .trailing), Column("recall", .trailing), Column("F1", .trailing),
        Column("support", .trailing),
      ], rows: rows)
  }
}
