// The report as one HTML page: no script, nothing from elsewhere, light and dark.

import EnsueReport

extension ExperimentReport {
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
    <title>\(ExperimentReport.escaped(title))</title>
    <style>
    \(ExperimentReport.css)</style>
    </head>
    <body>
    <main>
    <h1>\(ExperimentReport.escaped(title))</h1>
    \(body)</main>
    </body>
    </html>

    """
  }

  /// Charts that follow each other stand side by side.
  private var body: String {
    var text = ""
    var isInFigures = false
    for part in parts {
      if case .chart = part, !isInFigures { text += "<div class=\"figures\">\n" }
      var isFigure = false
      switch part {
      case .chart(let chart, _):
        isFigure = true
        text += "<figure>\n\(ExperimentReport.element(chart.svg))</figure>\n"
      case .text(let paragraph):
        text += (isInFigures ? "</div>\n" : "") + "<p>\(ExperimentReport.escaped(paragraph))</p>\n"
      case .table(let table, let caption):
        text += (isInFigures ? "</div>\n" : "") + table.html(caption: caption)
      case .listing(let lines, let caption):
        text += (isInFigures ? "</div>\n" : "") + "<pre>\(ExperimentReport.escaped(lines))</pre>\n"
        text += "<p class=\"caption\">\(ExperimentReport.escaped(caption))</p>\n"
      }
      isInFigures = isFigure
    }
    return text + (isInFigures ? "</div>\n" : "")
  }

  /// A picture's file as an element of the page: without the declaration of XML.
  private static func element(_ svg: String) -> String {
    guard svg.hasPrefix("<?xml"), let end = svg.firstIndex(of: "\n") else { return svg }
    return String(svg[svg.index(after: end)...])
  }

  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static let css = """
    :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#59626d;--rule:#dde1e6;--accent:#0072b2}
    @media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e9edf1;--soft:#9aa4af;--rule:#2c333b;\
    --accent:#56b4e9}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue","Noto Sans",sans-serif}
    main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
    h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5em}
    p{max-width:76ch}
    table{border-collapse:collapse;width:100%;margin:1.6em 0;font-size:.9375rem;font-variant-numeric:tabular-nums}
    th,td{padding:.45em 10px;text-align:left;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
    thead th,caption{color:var(--soft);font-weight:500;font-size:.875rem}
    caption{caption-side:bottom;text-align:left;padding:.6em 10px 0}
    tbody th{font-weight:500}
    pre{overflow-x:auto;font:14px/1.15 ui-monospace,Menlo,Consolas,monospace;border:1px solid var(--rule);\
    border-radius:10px;padding:12px}
    .caption{color:var(--soft);font-size:.875rem}
    .number{text-align:right}
    .best strong{color:var(--accent)}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px;margin:1.6em 0}
    figure{margin:0;border:1px solid var(--rule);border-radius:10px;padding:12px;overflow:hidden;max-width:620px}
    figure svg{display:block;width:100%;height:auto}

    """
}
