// Text into markup: nothing from an input can become markup itself.

/// Escapes for HTML, SVG and Markdown.
enum Markup {
  /// `text` as HTML or XML content or quoted attribute value, on one line.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in DisplayText.clean(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` as Markdown content (CommonMark with tables), on one line.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in DisplayText.clean(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "|", "`", "*", "_", "[", "]", "#", "~", "!":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
