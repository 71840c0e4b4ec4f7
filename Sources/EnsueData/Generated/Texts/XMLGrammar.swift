// Nested elements, as in the task of Jozefowicz, Zaremba and Sutskever (2015): to close a tag its letters must have
// been kept since it was opened. Tags of one document come from a few that it makes up, so that what has been read
// helps with what comes.

/// One element on one line: `<ab id="7"><qut/>word<ab>x</ab></ab>`.
///
/// Names of elements and attributes are lower-case letters; the attributes of an element have different names, values
/// of digits or lower-case letters in quotes, and a space before each. Between the tags stand elements and words.
enum XMLGrammar: TextGrammar {
  /// The most elements that are open at once.
  static let deepest = 6
  static let attributeNames = ["id", "n", "ref", "x", "y"]

  static let characters =
    " \"/" + String(decoding: UInt8(ascii: "0")...UInt8(ascii: "9"), as: UTF8.self) + "<=>"
    + String(decoding: UInt8(ascii: "a")...UInt8(ascii: "z"), as: UTF8.self)

  // MARK: Drawing

  static func sample(_ random: inout SplitMix64) -> String {
    let tags = (0..<2 + random.below(3)).map { _ in random.letters(2...6) }
    return element(tags, depth: 1, &random)
  }

  private static func element(_ tags: [String], depth: Int, _ random: inout SplitMix64) -> String {
    let tag = random.element(of: tags)
    let opening = tag + attributes(&random)
    // The deeper, the more often there is nothing inside.
    guard depth == 1 || random.chance(deepest - depth, in: deepest) else { return "<\(opening)/>" }
    var content = ""
    var isAfterWord = false
    for _ in 0..<1 + random.below(4) {
      if random.chance(1, in: 3) {
        content += (isAfterWord ? " " : "") + random.letters(1...7)
        isAfterWord = true
      } else {
        content += element(tags, depth: depth + 1, &random)
        isAfterWord = false
      }
    }
    return "<\(opening)>\(content)</\(tag)>"
  }

  private static func attributes(_ random: inout SplitMix64) -> String {
    var names = attributeNames
    random.shuffle(&names)
    let count = max(0, random.below(5) - 2)
    return names.prefix(count).reduce(into: "") { text, name in
      let value = random.chance(1, in: 2) ? "\(random.below(1000))" : random.letters(1...5)
      text += " \(name)=\"\(value)\""
    }
  }

  // MARK: Judging

  static func isValid(_ sample: [UInt8]) -> Bool {
    var rest = sample[...]
    var open: [ArraySlice<UInt8>] = []
    repeat {
      guard let tag = nextTag(&rest) else { return false }
      switch tag {
      case .opening(let name):
        open.append(name)
        if open.count > deepest { return false }
      case .closing(let name): if open.popLast() != name { return false }
      case .empty: if open.count == deepest { return false }
      }
      // Words; none outside the one element.
      let words = rest.prefix { $0.isLowercaseLetter || $0 == UInt8(ascii: " ") }
      guard words.first != UInt8(ascii: " "), words.last != UInt8(ascii: " ") else { return false }
      if !words.isEmpty, open.isEmpty { return false }
      rest = rest.dropFirst(words.count)
    } while !open.isEmpty
    return rest.isEmpty
  }

  private enum Tag {
    case opening(ArraySlice<UInt8>)
    case closing(ArraySlice<UInt8>)
    case empty
  }

  /// Takes a tag off the front; nil where none stands there.
  private static func nextTag(_ rest: inout ArraySlice<UInt8>) -> Tag? {
    guard rest.popFirst() == UInt8(ascii: "<") else { return nil }
    let isClosing = rest.first == UInt8(ascii: "/")
    if isClosing { rest.removeFirst() }
    guard let name = nextName(&rest) else { return nil }
    if isClosing { return rest.popFirst() == UInt8(ascii: ">") ? .closing(name) : nil }
    var names: [ArraySlice<UInt8>] = []
    while rest.first == UInt8(ascii: " ") {
      rest.removeFirst()
      guard let attribute = nextAttribute(&rest), !names.contains(attribute), names.count < attributeNames.count else {
        return nil
      }
      names.append(attribute)
    }
    let isEmpty = rest.first == UInt8(ascii: "/")
    if isEmpty { rest.removeFirst() }
    return rest.popFirst() == UInt8(ascii: ">") ? (isEmpty ? .empty : .opening(name)) : nil
  }

  /// Takes `name="value"` off the front.
  private static func nextAttribute(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let name = nextName(&rest), rest.starts(with: "=\"".utf8) else { return nil }
    rest = rest.dropFirst(2)
    let value = rest.prefix { $0.isDigit || $0.isLowercaseLetter }
    let isUniform = value.allSatisfy(\.isDigit) || value.allSatisfy(\.isLowercaseLetter)
    rest = rest.dropFirst(value.count)
    return !value.isEmpty && isUniform && rest.popFirst() == UInt8(ascii: "\"") ? name : nil
  }

  private static func nextName(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let name = rest.prefix(while: \.isLowercaseLetter)
    rest = rest.dropFirst(name.count)
    return name.isEmpty ? nil : name
  }
}
