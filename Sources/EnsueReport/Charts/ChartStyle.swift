// Colours and type of all charts, as one style sheet for light and dark.

/// The style sheet of the charts.
///
/// The series colours follow Okabe and Ito's palette ("Color Universal Design", 2008), which stays distinct under the
/// common kinds of colour blindness; yellow is left out because it vanishes on white. Shapes of markers repeat with
/// another period, so colour is never the only sign.
enum ChartStyle {
  /// The class of every chart's root element.
  static let rootClass = "ensue-chart"

  /// Colours for light paper and for dark paper, by series.
  static let palette: [(light: String, dark: String)] = [
    ("#0072b2", "#56b4e9"), ("#d55e00", "#ff8f4d"), ("#009e73", "#3fcf9f"), ("#b8578f", "#e6a0c9"),
    ("#c98500", "#f0c04a"), ("#2b95cf", "#a5c8ff"), ("#5f6670", "#b9c0c9"),
  ]

  /// Font sizes in user units.
  static let textSize = 13.0
  static let titleSize = 15.0

  /// Rules that hold in both schemes, then the light colours, then the dark ones.
  static let css: String = {
    let root = ".\(rootClass)"
    let light = palette.enumerated().map { "\(root) .c\($0.offset){color:\($0.element.light)}" }.joined()
    let dark = palette.enumerated().map { "\(root) .c\($0.offset){color:\($0.element.dark)}" }.joined()
    return """
      \(root){font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",sans-serif;\
      font-size:13px}
      \(root) .title{font-size:15px;font-weight:600}
      \(root) .small{font-size:11.5px}
      \(root) .strong{font-weight:600}
      \(root) .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
      \(root) .dashed{stroke-dasharray:5 5}
      \(root) .mark{fill:currentColor;stroke:none}
      \(root) .hit{fill:transparent;stroke:none}
      \(root) .axis,\(root) .grid,\(root) .whisker{fill:none;stroke-width:1}
      \(root) .whisker{stroke-width:1.5}
      \(root) .paper{fill:#ffffff}
      \(root) text{fill:#454c55}
      \(root) .title,\(root) .strong{fill:#1b1f24}
      \(root) .grid{stroke:#e4e7eb}
      \(root) .axis{stroke:#8d96a0}
      \(root) .whisker{stroke:#1b1f24}
      \(root) .key{color:#454c55}
      \(root) .cell,\(root) .track{fill:#eaedf1}
      \(root) .heat{fill:#0072b2}
      \(root) .figure{fill:#10151a}
      \(light)
      @media (prefers-color-scheme:dark){
      \(root) .paper{fill:#14171b}
      \(root) text{fill:#b4bcc6}
      \(root) .title,\(root) .strong{fill:#f0f3f6}
      \(root) .grid{stroke:#2a3037}
      \(root) .axis{stroke:#6b7480}
      \(root) .whisker{stroke:#f0f3f6}
      \(root) .key{color:#b4bcc6}
      \(root) .cell,\(root) .track{fill:#262c33}
      \(root) .heat{fill:#2b82c9}
      \(root) .figure{fill:#f4f7fa}
      \(dark)
      }

      """
  }()
}
