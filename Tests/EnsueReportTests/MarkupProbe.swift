// Parses SVG and page fragments as XML, so that tests can ask what is in them.

import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML text contains.
final class MarkupProbe: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var texts: [String] = []
  private(set) var problem: String?
  private var open: [String] = []
  /// The text of the elements that are open.
  private var buffers: [String] = []

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.shouldResolveExternalEntities = false
    parser.delegate = self
    if !parser.parse() { problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "not XML")" }
  }

  func count(of name: String) -> Int { elements.count { $0.name == name } }

  /// The texts of all elements called `name` in the order of their ends.
  func texts(of name: String) -> [String] { zip(ends, texts).filter { $0.0 == name }.map(\.1) }
  private(set) var ends: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
    open.append(name)
    buffers.append("")
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in buffers.indices { buffers[index] += text }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    ends.append(name)
    texts.append(buffers.removeLast())
    open.removeLast()
  }
}

/// Names that try to be more than names.
enum Hostile {
  static let names = [
    "<script>alert(1)</script>", "\"quoted\" and 'quoted'", "a & b &amp; &#60;", "two\nlines\r\nand\ttab",
    "\u{1B}[31mred\u{0}\u{7}\u{9B}1m", "]]>--><!-- <![CDATA[", "\u{202E}txet desrever\u{2066}", "",
    "日本語のラベル", "e\u{301}\u{323} combining", "\u{FFFE}\u{FFFF}", "x\" onload=\"alert(1)", "</text></svg></style>",
    "| pipe | `code` **bold** [link](http://example.com)", String(repeating: "long ", count: 2000),
    String(repeating: "x", count: 10_000),
  ]

  /// Element names that no chart, table or page uses.
  static let forbidden = ["script", "img", "iframe", "a", "link", "foreignObject", "object", "image", "use"]
}
