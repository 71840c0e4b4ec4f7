// The comparison as one HTML page: no script, nothing from elsewhere, light and dark, wide and narrow.

import EnsueEvaluation

extension ComparisonReport {
  /// The self-contained page.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(Markup.escaped(title))</title>
    <style>
    \(PageStyle.css)\(ChartStyle.css)</style>
    </head>
    <body>
    <main>
    <header>
    <h1>\(Markup.escaped(title))</h1>
    <p>\(Markup.escaped(summary))</p>
    </header>
    \(resultSections)\(curveSection)\(confusionSection)\(noteSection)</main>
    </body>
    </html>

    """
  }

  private var resultSections: String {
    let caption = table.emphasized.isEmpty ? nil : "The best of each score is set in bold."
    var text = "<section>\n<h2>Results</h2>\n\(table.html(caption: caption))</section>\n"
    if let groupTable {
      text += "<section>\n<h2>Over seeds</h2>\n"
      text += groupTable.html(caption: "Mean ± sample standard deviation over runs that differ only in their seed.")
      text += "</section>\n"
    }
    if !groups.isEmpty, !barCharts.isEmpty {
      let caption =
        hasRepetitions
        ? "<p class=\"caption\">Whiskers: one sample standard deviation on each side of the mean.</p>\n" : ""
      text += "<section>\n<h2>Scores by model</h2>\n\(figures(barCharts.map(\.fragment)))\(caption)</section>\n"
    }
    return text
  }

  private var curveSection: String {
    let charts = lineCharts
    guard !charts.isEmpty else { return "" }
    return "<section>\n<h2>Learning curves</h2>\n\(figures(charts.map(\.fragment)))</section>\n"
  }

  private var confusionSection: String {
    let entries = confusionCharts.compactMap { run, chart -> String? in
      guard let confusion = run.confusion else { return nil }
      let classes = TextTable(classesOf: confusion.metrics)
      return chart.fragment
        + "<details>\n<summary>Scores by class</summary>\n\(classes.html(caption: nil))</details>\n"
    }
    guard !entries.isEmpty else { return "" }
    return """
      <section>
      <h2>Confusion matrices</h2>
      \(figures(entries))<p class="caption">Counts, with shares of each true class; the shade is the share.</p>
      </section>

      """
  }

  private var noteSection: String {
    guard !notes.isEmpty else { return "" }
    let items = notes.map { "<li>\(Markup.escaped($0))</li>\n" }.joined()
    return "<section>\n<h2>Notes</h2>\n<ul>\n\(items)</ul>\n</section>\n"
  }

  private func figures(_ contents: [String]) -> String {
    "<div class=\"figures\">\n" + contents.map { "<figure>\n\($0)</figure>\n" }.joined() + "</div>\n"
  }
}
