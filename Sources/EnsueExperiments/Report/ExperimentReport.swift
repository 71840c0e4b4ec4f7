// What an experiment found as one value, from which the terminal's and the page's forms come.

import EnsueReport
import EnsueTasks

/// A report: text, tables and charts in the order of reading.
public struct ExperimentReport: Sendable {
  /// A chart that the page shows and that is also a file of its own.
  public enum Chart: Sendable {
    case lines(LineChart)
    case bars(BarChart)
    case heatMaps(HeatMapGrid)
    case weightMaps(WeightMapChart)

    public var svg: String {
      switch self {
      case .lines(let chart): chart.svg
      case .bars(let chart): chart.svg
      case .heatMaps(let chart): chart.svg
      case .weightMaps(let chart): chart.svg
      }
    }
  }

  public enum Part: Sendable {
    case text(String)
    case table(TextTable, caption: String)
    /// Lines that are shown as they are, in letters of one width.
    case listing(String, caption: String)
    /// - Parameter file: the name of the picture without its ending.
    case chart(Chart, file: String)
  }

  /// Narrow enough that two charts stand side by side and one is readable on a telephone.
  static let chartWidth = 520.0

  public let title: String
  public let parts: [Part]

  public init(title: String, parts: [Part]) {
    self.title = title
    self.parts = parts
  }

  /// The pictures by their file names.
  public var pictures: [(file: String, svg: String)] {
    parts.compactMap { part in
      if case .chart(let chart, let file) = part { ("\(file).svg", chart.svg) } else { nil }
    }
  }

  /// The report for a terminal of `width` cells: tables and text, without the charts.
  public func text(width: Int) -> String {
    func filled(_ text: String) -> String {
      TextLayout.wrapped(text, width: width, later: width).map { $0 + "\n" }.joined()
    }
    let blocks = parts.compactMap { part -> String? in
      switch part {
      case .text(let text): filled(text)
      case .table(let table, let caption):
        table.text(width: width) + filled(caption + (table.emphasized.isEmpty ? "" : " * best."))
      case .listing(let lines, let caption): lines + "\n" + filled(caption)
      case .chart: nil
      }
    }
    return blocks.joined(separator: "\n")
  }
}

/// A setting as one would type it: 3, 0.25.
func shortest(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? String(value) }
