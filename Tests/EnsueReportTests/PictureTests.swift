// Picture files: forms by their endings, PNG as points of the right number.

import EnsueFiles
import EnsueReport
import Foundation
import Testing

@Suite("pictures") struct PictureTests {
  private static let chart = LineChart(
    title: "title", horizontalTitle: "step", verticalTitle: "rate",
    series: [.init(name: "a", points: [.init(x: 1, y: 1), .init(x: 2, y: 3)])], width: 300)

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "ensue-pictures-" + UUID().uuidString
    try OutputFile.createDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test("a PNG has the SVG's size, times the scale")
  func size() throws {
    let svg = PictureTests.chart.svg
    let root = try #require(MarkupProbe(svg).elements.first).attributes
    let (width, height) = (try #require(Double(root["width"] ?? "")), try #require(Double(root["height"] ?? "")))
    for scale in [1.0, 2, 2.5] {
      let bytes = try PNGPicture.bytes(svg: svg, scale: scale)
      let head = try #require(PNGHead(bytes))
      #expect(head.width == Int((width * scale).rounded(.up)) && head.height == Int((height * scale).rounded(.up)))
    }
  }

  @Test("the same SVG gives the same bytes, another others")
  func deterministic() throws {
    let other = LineChart(title: "other", horizontalTitle: "step", verticalTitle: "rate", series: [], width: 300)
    let bytes = try PNGPicture.bytes(svg: PictureTests.chart.svg, scale: 1)
    #expect(try PNGPicture.bytes(svg: PictureTests.chart.svg, scale: 1) == bytes)
    #expect(try PNGPicture.bytes(svg: other.svg, scale: 1) != bytes)
  }

  @Test("what is no SVG is refused", arguments: ["", "no markup", "<svg", "<html></html>"])
  func notSVG(_ text: String) {
    let failure = #expect(throws: Failure.self) { try PNGPicture.bytes(svg: text, scale: 1) }
    #expect(failure?.kind == .data)
  }

  @Test("too large a picture is refused")
  func tooLarge() {
    let svg = #"<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="10"></svg>"#
    #expect(throws: Failure.self) { try PNGPicture.bytes(svg: svg, scale: 1) }
  }

  @Test("the ending says the form", arguments: ["a.svg", "A.SVG", "x.y/b.png", "c.d.Png"])
  func forms(_ name: String) throws {
    try PictureTests.withFolder { folder in
      let path = "\(folder)/\(name)"
      try OutputFile.createDirectory(OutputFile.directory(of: path))
      let file = try PictureFile(path)
      try file.write(svg: PictureTests.chart.svg)
      let bytes = try InputFile.contents(of: path)
      switch file.format {
      case .svg: #expect(String(decoding: bytes, as: UTF8.self) == PictureTests.chart.svg)
      case .png: #expect(PNGHead(bytes) != nil)
      }
      #expect(file.format == (name.lowercased().hasSuffix("svg") ? .svg : .png))
    }
  }

  @Test("another ending is refused", arguments: ["a.gif", "svg", "a.", "a.svg/", "", "a.png.txt", "folder.svg/name"])
  func otherEndings(_ name: String) {
    let failure = #expect(throws: Failure.self) { try PictureFile(name) }
    #expect(failure?.kind == .usage)
  }
}

/// The beginning of a PNG file.
private struct PNGHead {
  let width: Int
  let height: Int

  /// nil for bytes that are no PNG.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), bytes.count > 33,
      Array(bytes[12..<16]) == Array("IHDR".utf8), Array(bytes[(bytes.count - 8)...].prefix(4)) == Array("IEND".utf8)
    else { return nil }
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    (width, height) = (number(16), number(20))
  }
}
