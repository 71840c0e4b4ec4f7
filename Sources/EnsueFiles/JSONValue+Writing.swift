// A JSON tree to text.

extension JSONValue: CustomStringConvertible {
  /// The value on one line.
  public var description: String {
    var text = ""
    write(into: &text, indent: nil, depth: 0)
    return text
  }

  /// The value over several lines, for files that people read.
  public var indented: String {
    var text = ""
    write(into: &text, indent: "  ", depth: 0)
    return text + "\n"
  }

  private func write(into text: inout String, indent: String?, depth: Int) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let number): text += number
    case .string(let string): text += JSONValue.quoted(string)
    case .array(let values):
      JSONValue.list(values, "[", "]", &text, indent, depth) { value, text in
        value.write(into: &text, indent: indent, depth: depth + 1)
      }
    case .object(let object):
      JSONValue.list(object.members, "{", "}", &text, indent, depth) { member, text in
        text += JSONValue.quoted(member.key) + (indent == nil ? ":" : ": ")
        member.value.write(into: &text, indent: indent, depth: depth + 1)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, _ text: inout String, _ indent: String?, _ depth: Int,
    _ write: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let indent { text += "\n" + String(repeating: indent, count: depth + 1) }
      write(element, &text)
    }
    if let indent, !elements.isEmpty { text += "\n" + String(repeating: indent, count: depth) }
    text += close
  }

  /// A string in quotes with JSON's escapes.
  public static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
