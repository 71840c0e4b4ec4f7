// The weights of a family of models as its files call them, tensor by tensor.

import EnsueLayers

/// Every tensor that a model's files must have, and the parameters in it.
struct WeightTable {
  private var placesOfName: [String: [WeightPlace]] = [:]
  private var nameOfOwn: [String: String] = [:]
  /// Tensors that some files have and the model does not need.
  var isIgnored: @Sendable (String) -> Bool = { _ in false }
  /// What stands before every name but those of `heads`, or is left out by some files.
  var prefix = ""
  /// Names that stand beside the prefixed ones.
  var heads: Set<String> = []

  /// A tensor that holds one parameter, or several one above another.
  mutating func add(_ theirs: String, _ own: String..., isTransposed: Bool = false) {
    placesOfName[theirs] = own.enumerated().map {
      WeightPlace($1, part: $0, of: own.count, isTransposed: isTransposed)
    }
    for name in own { nameOfOwn[name] = theirs }
  }

  /// What `Module.take` asks: everything must be there, and nothing else.
  var naming: WeightNaming {
    let (places, names, prefix, heads, isIgnored) = (placesOfName, nameOfOwn, prefix, heads, isIgnored)
    func short(_ name: String) -> String {
      prefix.isEmpty || !name.hasPrefix(prefix) ? name : String(name.dropFirst(prefix.count))
    }
    var naming = WeightNaming { places[short($0)] ?? [] }
    naming.isIgnored = { isIgnored(short($0)) }
    naming.theirs = { names[$0].map { heads.contains($0) ? $0 : prefix + $0 } }
    naming.refusesUnused = true
    return naming
  }
}
