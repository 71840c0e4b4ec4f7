// A picture in a file whose ending says the form.

import EnsueFiles

/// A file for a picture: `NAME.svg` or `NAME.png`.
public struct PictureFile: Sendable, Equatable {
  public let path: String
  public let format: PictureFormatKind
  /// Pixels of a PNG for a user unit of the picture.
  private static let resolution = 2.0

  /// - Parameter option: that names it, for messages.
  /// - Throws: `Failure` of kind `usage` for a name with another ending.
  public init(_ path: String, option: String = "--output") throws {
    let name = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
    let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let ending = parts.count > 1 ? String(decoding: parts[parts.count - 1], as: UTF8.self).lowercased() : ""
    guard let format = PictureFormatKind(rawValue: ending) else {
      let endings = PictureFormatKind.allCases.map { ".\($0.rawValue)" }.joined(separator: " or ")
      throw Failure(.usage, at: option, "a name that ends in \(endings) expected, found \(Failure.shown(path))")
    }
    (self.path, self.format) = (path, format)
  }

  /// An SVG file, whatever the ending.
  public init(svg path: String) { (self.path, format) = (path, .svg) }

  /// Writes the picture; a PNG has two pixels for each user unit.
  /// - Throws: `Failure` when the file cannot be written.
  public func write(svg: String) throws {
    switch format {
    case .svg: try OutputFile.write(svg, to: path)
    case .png: try OutputFile.write(PNGPicture.bytes(svg: svg, scale: PictureFile.resolution), to: path)
    }
  }
}
