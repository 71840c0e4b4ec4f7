// Which tensor of a file each parameter comes from, and what is wrong, all of it together, before a number is read.

import EnsueFiles
import EnsueTensor

/// Parameters and the tensors that hold them.
struct WeightMatching {
  private let order: [String]
  private let sizes: [String: [Int]]
  /// Of each parameter, the tensor that holds it.
  private(set) var origins: [String: (name: String, place: WeightPlace)] = [:]
  private var unused: [String] = []
  private var problems = WeightProblems()

  init(_ parameters: [(name: String, sizes: [Int])]) {
    order = parameters.map(\.name)
    sizes = Dictionary(parameters.map { ($0.name, $0.sizes) }, uniquingKeysWith: { first, _ in first })
  }

  /// Takes a tensor of the file; one that holds no parameter of the model is left over.
  mutating func add(_ name: String, sizes found: [Int], to places: [WeightPlace]) {
    var isUsed = false
    for place in places {
      guard let own = sizes[place.name] else { continue }
      isUsed = true
      let expected = place.sizes(holding: own)
      if let other = origins[place.name] {
        problems.doubled.append("\(other.name) and \(name)")
      } else if found != expected {
        let text = "\(name) is \(Shape.text(found)), the model needs \(Shape.text(expected))"
        // A joint matrix is said once.
        if problems.misshaped.last != text { problems.misshaped.append(text) }
      }
      origins[place.name] = (name, place)
    }
    if !isUsed { unused.append(name) }
  }

  /// - Throws: `Failure` of kind `data` where the weights are not the model's.
  func report(_ names: WeightNaming, at place: String) throws(Failure) -> WeightReport {
    let absent = order.filter { origins[$0] == nil }
    var problems = problems
    for name in absent.filter({ !names.isOptional($0) }).map({ names.theirs($0) ?? $0 })
    where !problems.missing.contains(name) { problems.missing.append(name) }
    // Beside other problems the names that were not expected say most of all what the file is.
    if names.refusesUnused || !problems.isEmpty { problems.unused = unused }
    try problems.check(at: place)
    return WeightReport(missing: absent, unused: unused)
  }
}

/// Everything that is wrong with weights, by kind.
struct WeightProblems {
  var misshaped: [String] = []
  var doubled: [String] = []
  var missing: [String] = []
  var unused: [String] = []
  var nonFinite: [String] = []

  /// Names of a kind that are shown; of the rest the number.
  private static let shownCount = 10

  var isEmpty: Bool { [misshaped, doubled, missing, unused, nonFinite].allSatisfy(\.isEmpty) }

  /// - Throws: `Failure` of kind `data`, unless there is nothing wrong.
  func check(at place: String) throws(Failure) {
    guard !isEmpty else { return }
    let kinds = [
      WeightProblems.shown(misshaped, "", "have other shapes"), WeightProblems.shown(doubled, " both", "are doubled"),
      WeightProblems.shown(missing, " is missing", "are missing"),
      WeightProblems.shown(nonFinite, " has numbers that are not finite", "have such"),
      WeightProblems.shown(unused, " has no place", "have no place"),
    ]
    throw Failure(
      .data, at: place,
      "weights of this model expected, found others: \(kinds.compactMap { $0 }.joined(separator: "; "))")
  }

  private static func shown(_ items: [String], _ each: String, _ rest: String) -> String? {
    guard !items.isEmpty else { return nil }
    let shown = items.prefix(shownCount).map { printable($0) + each }
    let more = items.count > shownCount ? ["\(items.count - shownCount) more \(rest)"] : []
    return (shown + more).joined(separator: "; ")
  }

  /// The first of some names, and the number of the rest.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(shownCount).map(printable).joined(separator: ", ")
    return names.count > shownCount ? "\(shown) and \(names.count - shownCount) more" : shown
  }

  /// A name as it is, unless a terminal would obey it or it fills the line.
  private static func printable(_ name: String) -> String {
    name.utf8.count <= 200 && name.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? name : Failure.shown(name)
  }
}
