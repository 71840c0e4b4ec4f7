// A confusion matrix as a picture.

import EnsueEvaluation

/// A confusion matrix: rows are true classes, columns predictions; counts with shares of their row, shaded by the share.
///
/// Where more classes exist than have room for legible labels (25 at a width of 500), those with most examples are
/// drawn, and a line says so.
public struct ConfusionChart: Sendable, Equatable {
  public let title: String
  public let confusion: ConfusionMatrix
  /// The width in user units, in which text is 13 high.
  public let width: Double

  /// The most classes that are drawn: rows of 14 units in 70 % of the width.
  public var classLimit: Int { Int(width * 0.7 / 14) }

  public init(title: String, confusion: ConfusionMatrix, width: Double = 480) {
    precondition(width >= 200, "a confusion chart is at least 200 wide")
    self.title = title
    self.confusion = confusion
    self.width = width
  }

  /// The chart as an SVG file.
  public var svg: String {
    let drawing = ConfusionDrawing(self)
    return drawing.canvas.document(width: width, height: drawing.height, label: title)
  }

  /// The chart as an element of a page with the charts' style sheet.
  var fragment: String {
    let drawing = ConfusionDrawing(self)
    return drawing.canvas.fragment(width: width, height: drawing.height, label: title)
  }

  /// The classes that are drawn, in their own order: all, or those with most examples (ties: the earlier class).
  var shownClasses: [Int] {
    let all = Array(0..<confusion.classCount)
    guard all.count > classLimit else { return all }
    let support = all.map { confusion.truthCount(of: $0) }
    let ordered = all.sorted { support[$0] != support[$1] ? support[$0] > support[$1] : $0 < $1 }
    return ordered.prefix(classLimit).sorted()
  }
}
