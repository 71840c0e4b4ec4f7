// The forms of picture files by the endings of their names.

/// How a picture is written.
public enum PictureFormatKind: String, Codable, CaseIterable, Sendable {
  /// Lines and text, for browsers and editors; light and dark, as the reader's system is.
  case svg
  /// Points, for slides and papers; light.
  case png
}
