// Sums with their results: to write the result, the model has to compute.

/// `(12+7)*3=57`: sums, differences and products of whole numbers from 0 to 99 in brackets where they are needed, and
/// what they come to.
enum ArithmeticGrammar: TextGrammar {
  /// The operations along the longest branch of what is drawn.
  static let deepest = 3
  /// No result drawn, nor one on the way to it, is larger in size.
  static let largest = 9999
  /// The most brackets within each other.
  private static let bracketLimit = 16

  static let characters = "()*+-0123456789="

  // MARK: Drawing

  /// A drawn expression.
  private struct Term {
    let text: String
    let value: Int
    /// Whether it is a sum or difference, which wants brackets in a product.
    let isSum: Bool
  }

  static func sample(_ random: inout SplitMix64) -> String {
    let term = term(depth: deepest, isWhole: true, &random)
    return "\(term.text)=\(term.value)"
  }

  private static func term(depth: Int, isWhole: Bool = false, _ random: inout SplitMix64) -> Term {
    guard depth > 0, isWhole || random.chance(1, in: 2) else {
      let number = random.below(random.chance(1, in: 2) ? 10 : 100)
      return Term(text: "\(number)", value: number, isSum: false)
    }
    let (left, right) = (term(depth: depth - 1, &random), term(depth: depth - 1, &random))
    func bracketed(_ term: Term) -> String { term.isSum ? "(\(term.text))" : term.text }
    let choice = random.below(3)
    if choice == 0, abs(left.value * right.value) <= largest {
      let text = "\(bracketed(left))*\(bracketed(right))"
      return Term(text: text, value: left.value * right.value, isSum: false)
    }
    // Of two numbers at most this large, the sum or the difference is no larger.
    let isSum = abs(left.value + right.value) <= largest && (choice < 2 || abs(left.value - right.value) > largest)
    return isSum
      ? Term(text: "\(left.text)+\(right.text)", value: left.value + right.value, isSum: true)
      : Term(text: "\(left.text)-\(bracketed(right))", value: left.value - right.value, isSum: true)
  }

  // MARK: Judging

  static func isValid(_ sample: [UInt8]) -> Bool {
    guard let equals = sample.firstIndex(of: UInt8(ascii: "=")) else { return false }
    var expression = sample[..<equals]
    guard let value = sum(&expression, brackets: 0), expression.isEmpty,
      !sample[..<equals].allSatisfy(\.isDigit)
    else { return false }
    return "\(value)".utf8.elementsEqual(sample[(equals + 1)...])
  }

  /// Takes a sum off the front; nil where none stands there, or it is too large.
  private static func sum(_ rest: inout ArraySlice<UInt8>, brackets: Int) -> Int? {
    guard var total = product(&rest, brackets: brackets) else { return nil }
    while let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest.removeFirst()
      guard let value = product(&rest, brackets: brackets) else { return nil }
      let (next, isTooLarge) =
        sign == UInt8(ascii: "+") ? total.addingReportingOverflow(value) : total.subtractingReportingOverflow(value)
      if isTooLarge { return nil }
      total = next
    }
    return total
  }

  private static func product(_ rest: inout ArraySlice<UInt8>, brackets: Int) -> Int? {
    guard var total = factor(&rest, brackets: brackets) else { return nil }
    while rest.first == UInt8(ascii: "*") {
      rest.removeFirst()
      guard let value = factor(&rest, brackets: brackets) else { return nil }
      let (next, isTooLarge) = total.multipliedReportingOverflow(by: value)
      if isTooLarge { return nil }
      total = next
    }
    return total
  }

  private static func factor(_ rest: inout ArraySlice<UInt8>, brackets: Int) -> Int? {
    if rest.first == UInt8(ascii: "(") {
      guard brackets < bracketLimit else { return nil }
      rest.removeFirst()
      guard let value = sum(&rest, brackets: brackets + 1), rest.popFirst() == UInt8(ascii: ")") else { return nil }
      return value
    }
    let digits = rest.prefix(while: \.isDigit)
    // One or two digits, none of them a leading zero.
    guard 1...2 ~= digits.count, digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    rest = rest.dropFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }
}
