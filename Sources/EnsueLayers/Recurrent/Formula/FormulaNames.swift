// What may be a name in a formula, and what the beginning of a name says. Names are made of Unicode scalars and are
// the same where Swift's strings are equal: ĉ typed as one scalar or as two is one name.

import EnsueFiles

/// The rules for names, shared by the parser, the builder and the rewrites.
enum FormulaNames {
  /// The longest name, in bytes of UTF-8.
  static let lengthLimit = 64
  static let input = "x"
  static let maskPrefix = "m_"
  static let noisePrefix = "n_"
  /// Words of the language.
  static let words = ["state", "output", "starts", "at"]

  /// The spellings of the functions; the first of each is the ASCII one.
  static let functions: [(name: String, function: CellFunction)] = [
    ("sigmoid", .sigmoid), ("sigma", .sigmoid), ("σ", .sigmoid), ("tanh", .tanh), ("relu", .relu), ("ReLU", .relu),
    ("softplus", .softplus), ("exp", .exp), ("log", .log), ("norm", .norm),
  ]

  static func function(named name: String) -> CellFunction? { functions.first { $0.name == name }?.function }

  /// The state a primed name is the new value of: h for `h'`.
  static func stateUpdated(by name: String) -> String? {
    name.unicodeScalars.last == "'" ? String(name.unicodeScalars.dropLast()) : nil
  }

  static func primed(_ state: String) -> String { state + "'" }

  /// A name as it may stand in a message: bare where it is a name, quoted and escaped where it is not.
  static func shown(_ name: String) -> String {
    flaw(inWord: stateUpdated(by: name) ?? name) == nil ? name : Failure.shown(name)
  }

  /// Advice about a name that is unknown: the nearest of `names`, or all of them when none is near. Of a single letter
  /// no other letter is near.
  static func advice(about name: String, among names: [String]) -> String? {
    let letters = (stateUpdated(by: name) ?? name).unicodeScalars.filter { !isCombining($0) }.count
    let candidates = letters > 1 ? names : names.filter { $0.lowercased() == name.lowercased() }
    if let near = Failure.nearest(to: name, among: candidates) { return "Did you mean \(near)?" }
    guard !names.isEmpty, names.count <= 12 else { return nil }
    return "There \(names.count == 1 ? "is" : "are") \(names.joined(separator: ", "))."
  }

  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      !scalar.properties.isDefaultIgnorableCodePoint
    default: false
    }
  }

  /// A letter, a digit, an underscore, or a combining mark such as the tilde of h̃.
  static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "_": true
    default: isLetter(scalar) || isCombining(scalar) && !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .nonspacingMark
  }

  /// What is wrong with a name as a word of the grammar, whatever it names.
  static func flaw(inWord name: String) -> (problem: String, advice: String)? {
    let scalars = name.unicodeScalars
    guard let first = scalars.first, isLetter(first), scalars.allSatisfy(continuesName) else {
      return ("a name of letters, digits and underscores expected, found \(Failure.shown(name))", "")
    }
    guard name.utf8.count <= lengthLimit else {
      return ("a name of at most \(lengthLimit) bytes expected, found one of \(name.utf8.count)", "")
    }
    return nil
  }

  /// What is wrong with a name (without prime) for a state or a value.
  static func flaw(inValue name: String) -> (problem: String, advice: String)? {
    if let flaw = flaw(inWord: name) { return flaw }
    if name == input { return ("x is the input and cannot be given a value", "Choose another name.") }
    if function(named: name) != nil { return ("\(name) is a function and cannot name a value", "Choose another name.") }
    if words.contains(name) {
      return ("\(name) is a word of the language and cannot name a value", "Choose another name.")
    }
    if let kind = CellParameterKind(nameOf: name) {
      return (
        "\(name) is the name of \(kind.phrase), as the beginning \(kind.prefix) says, and cannot name a value",
        "Choose a name that does not begin with \(kind.prefix)."
      )
    }
    if name.hasScalarPrefix(maskPrefix) || name.hasScalarPrefix(noisePrefix) {
      let isMask = name.hasScalarPrefix(maskPrefix)
      return (
        "names that begin with \(isMask ? maskPrefix : noisePrefix) are kept for the \(isMask ? "masks" : "noise") of "
          + "training options, found \(name)", "Choose another name."
      )
    }
    return nil
  }

  /// What is wrong with the name of a parameter.
  static func flaw(inParameter name: String) -> (problem: String, advice: String)? {
    if let flaw = flaw(inWord: name) { return flaw }
    guard let kind = CellParameterKind(nameOf: name) else {
      return (
        "\(name) is no name of a parameter",
        "Maps begin with W_ (of the input) or U_ (of a state), vectors with p_ or b_."
      )
    }
    guard name.unicodeScalars.count > kind.prefix.unicodeScalars.count else {
      return ("a name after \(kind.prefix) expected, found none", "Write for example \(kind.prefix)h.")
    }
    return nil
  }
}

extension String {
  /// Whether the scalars begin with those of `prefix`; unlike `hasPrefix`, a combining mark after them changes nothing.
  func hasScalarPrefix(_ prefix: String) -> Bool { unicodeScalars.starts(with: prefix.unicodeScalars) }
}
