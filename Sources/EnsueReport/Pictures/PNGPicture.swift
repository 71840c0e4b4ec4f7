// An SVG as a PNG, drawn by librsvg on cairo.

import CRSVG
import EnsueFiles

/// Pictures as points.
public enum PNGPicture {
  /// Points of a side at most: cairo's own limit.
  private static let largestSide = 32_767.0

  /// Draws an SVG.
  /// - Parameter scale: pixels for a user unit.
  /// - Throws: `Failure` of kind `data` for text that is no SVG with a size, of kind `internal` where it is too large, of
  ///   kind `missing` where librsvg is not installed.
  public static func bytes(svg: String, scale: Double) throws -> [UInt8] {
    precondition(scale > 0, "PNGPicture: scale \(scale)")
    let rsvg = try RSVGLibrary.functions()
    var error: UnsafeMutablePointer<GError>?
    defer { if let error { rsvg.g_error_free(error) } }
    let text = Array(svg.utf8)
    guard let picture = rsvg.rsvg_handle_new_from_data(text, text.count, &error) else { throw failure(error) }
    defer { rsvg.g_object_unref(UnsafeMutableRawPointer(picture)) }
    var (width, height) = (0.0, 0.0)
    guard rsvg.rsvg_handle_get_intrinsic_size_in_pixels(picture, &width, &height) != 0 else {
      throw Failure(.data, at: "SVG", "a width and a height expected, found none")
    }
    (width, height) = ((width * scale).rounded(.up), (height * scale).rounded(.up))
    guard 1...largestSide ~= width, 1...largestSide ~= height else {
      throw Failure(
        .internal, at: "SVG", "at most \(Int(largestSide)) pixels a side expected, found \(width) × \(height)")
    }
    let surface = rsvg.cairo_image_surface_create(Int32(CAIRO_FORMAT_ARGB32), Int32(width), Int32(height))
    defer { rsvg.cairo_surface_destroy(surface) }
    let context = rsvg.cairo_create(surface)
    defer { rsvg.cairo_destroy(context) }
    var frame = RsvgRectangle(x: 0, y: 0, width: width, height: height)
    guard rsvg.rsvg_handle_render_document(picture, context, &frame, &error) != 0 else { throw failure(error) }
    return try encoded(surface, context, rsvg)
  }

  /// The points as a PNG file.
  private static func encoded(
    _ surface: OpaquePointer?, _ context: OpaquePointer?, _ rsvg: ensue_rsvg
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var status = rsvg.cairo_status(context)
    if status == CAIRO_STATUS_SUCCESS {
      status = withUnsafeMutablePointer(to: &bytes) { target in
        rsvg.cairo_surface_write_to_png_stream(
          surface,
          { target, data, count in
            if let target, let data {
              target.assumingMemoryBound(to: [UInt8].self).pointee += UnsafeBufferPointer(
                start: data, count: Int(count))
            }
            return Int32(CAIRO_STATUS_SUCCESS)
          }, target)
      }
    }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw Failure(.internal, at: "PNG", "a picture expected, found cairo's error \(status)")
    }
    return bytes
  }

  private static func failure(_ error: UnsafeMutablePointer<GError>?) -> Failure {
    let words = error?.pointee.message.map { String(cString: $0) } ?? "an unknown error"
    return Failure(.data, at: "SVG", "a picture expected, found \(Failure.shown(words))")
  }
}
