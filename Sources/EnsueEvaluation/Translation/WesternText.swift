// What mteval-v13a and Tercom do alike to text in Western languages.

enum WesternText {
  /// The four entities of mteval, one after the other: what one leaves the next may find.
  static func withoutEntities(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard line.contains("&") else { return line }
    var line = line
    for (entity, character) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
      line = ScalarText.replacing(Array(entity.unicodeScalars), with: Array(character.unicodeScalars), in: line)
    }
    return line
  }

  /// ASCII's punctuation and space, but ' , - and . which have rules of their own.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": true
    default: false
    }
  }

  /// All 32 signs of ASCII that are neither letter, digit, space nor control.
  static func isASCIIPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
    default: false
    }
  }

  /// Full stop and comma apart unless digits stand on both sides, and a dash after a digit.
  static func spacingNumbers(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let isPoint = { (scalar: Unicode.Scalar) in scalar == "." || scalar == "," }
    var line = ScalarText.spacingPairs(line, .aroundSecond, where: { !ScalarText.isDigit($0) }, isPoint)
    line = ScalarText.spacingPairs(line, .aroundFirst, where: isPoint, { !ScalarText.isDigit($0) })
    return ScalarText.spacingPairs(line, .aroundSecond, where: ScalarText.isDigit, { $0 == "-" })
  }
}
