// Writes the few SVG elements that charts are made of.

import EnsueEvaluation

/// An SVG picture being written. All text is escaped here and nowhere else.
struct SVGCanvas {
  enum Anchor: String { case start, middle, end }

  private(set) var body = ""

  /// A coordinate with two decimal places at most.
  static func number(_ value: Double) -> String {
    var digits = Array(DecimalText.fixed(value, places: 2).utf8)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.last == UInt8(ascii: ".") { digits.removeLast() }
    return String(decoding: digits, as: UTF8.self)
  }

  /// A text element.
  /// - Parameters:
  ///   - rotation: degrees around the text's own position.
  ///   - hover: what a pointer over the text shows, where it is not the text itself.
  mutating func text(
    _ content: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "", rotation: Double = 0,
    hover: String? = nil
  ) {
    let place = "x=\"\(SVGCanvas.number(x))\" y=\"\(SVGCanvas.number(y))\""
    let anchored = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let turned =
      rotation == 0
      ? "" : " transform=\"rotate(\(SVGCanvas.number(rotation)) \(SVGCanvas.number(x)) \(SVGCanvas.number(y)))\""
    body +=
      "<text \(place)\(anchored)\(SVGCanvas.style(style))\(turned)>\(title(hover))\(Markup.escaped(content))</text>\n"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
    path([(x1, y1), (x2, y2)], style: style)
  }

  /// A line through points.
  mutating func path(_ points: [(x: Double, y: Double)], style: String, hover: String? = nil) {
    var data = ""
    for (index, point) in points.enumerated() {
      data += "\(index == 0 ? "M" : "L")\(SVGCanvas.number(point.x)) \(SVGCanvas.number(point.y))"
    }
    body += "<path d=\"\(data)\"\(SVGCanvas.style(style))>\(title(hover))</path>\n"
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, radius: Double = 0, opacity: Double? = nil, style: String,
    hover: String? = nil
  ) {
    var attributes = "x=\"\(SVGCanvas.number(x))\" y=\"\(SVGCanvas.number(y))\" "
    attributes += "width=\"\(SVGCanvas.number(max(0, width)))\" height=\"\(SVGCanvas.number(max(0, height)))\""
    if radius > 0 { attributes += " rx=\"\(SVGCanvas.number(radius))\"" }
    if let opacity { attributes += " fill-opacity=\"\(SVGCanvas.number(opacity))\"" }
    body += "<rect \(attributes)\(SVGCanvas.style(style))>\(title(hover))</rect>\n"
  }

  /// Rectangles of one height as a single filled shape, without the seams that smoothed edges would leave between them.
  mutating func rectangles(
    _ places: [(x: Double, y: Double, width: Double)], height: Double, opacity: Double, style: String
  ) {
    var data = ""
    for place in places {
      let (x1, y1) = (SVGCanvas.number(place.x), SVGCanvas.number(place.y))
      let (x2, y2) = (SVGCanvas.number(place.x + place.width), SVGCanvas.number(place.y + height))
      data += "M\(x1) \(y1)L\(x2) \(y1)L\(x2) \(y2)L\(x1) \(y2)"
    }
    let strength = "fill-opacity=\"\(SVGCanvas.number(opacity))\" shape-rendering=\"crispEdges\""
    body += "<path d=\"\(data)\" \(strength)\(SVGCanvas.style(style))/>\n"
  }

  mutating func circle(x: Double, y: Double, radius: Double, style: String, hover: String? = nil) {
    let place = "cx=\"\(SVGCanvas.number(x))\" cy=\"\(SVGCanvas.number(y))\" r=\"\(SVGCanvas.number(radius))\""
    body += "<circle \(place)\(SVGCanvas.style(style))>\(title(hover))</circle>\n"
  }

  /// A filled marker; the shape changes with `shape`: circle, square, diamond, triangle.
  mutating func marker(_ shape: Int, x: Double, y: Double, style: String) {
    switch shape % 4 {
    case 0: circle(x: x, y: y, radius: 3.5, style: style)
    case 1: rectangle(x: x - 3.2, y: y - 3.2, width: 6.4, height: 6.4, style: style)
    case 2: path([(x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y), (x, y - 4.6)], style: style)
    default: path([(x, y - 4.4), (x + 4.4, y + 3.6), (x - 4.4, y + 3.6), (x, y - 4.4)], style: style)
    }
  }

  /// Encloses what `content` draws in a group.
  mutating func group(style: String, hover: String? = nil, _ content: (inout SVGCanvas) -> Void) {
    body += "<g\(SVGCanvas.style(style))>\(title(hover))\n"
    content(&self)
    body += "</g>\n"
  }

  /// The picture as an element for a page that has `ChartStyle.css`, scaling with its place.
  func fragment(width: Double, height: Double, label: String) -> String {
    "<svg \(root(width, height, label))>\n\(body)</svg>\n"
  }

  /// The picture as a file of its own, with its style sheet and paper.
  func document(width: Double, height: Double, label: String) -> String {
    let size = "width=\"\(SVGCanvas.number(width))\" height=\"\(SVGCanvas.number(height))\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \(root(width, height, label))>
      <style>
      \(ChartStyle.css)</style>
      <rect width="100%" height="100%" class="paper"/>
      \(body)</svg>

      """
  }

  private func root(_ width: Double, _ height: Double, _ label: String) -> String {
    "viewBox=\"0 0 \(SVGCanvas.number(width)) \(SVGCanvas.number(height))\" class=\"\(ChartStyle.rootClass)\" "
      + "role=\"img\" aria-label=\"\(Markup.escaped(label))\""
  }

  private func title(_ hover: String?) -> String { hover.map { "<title>\(Markup.escaped($0))</title>" } ?? "" }

  private static func style(_ names: String) -> String { names.isEmpty ? "" : " class=\"\(names)\"" }
}
