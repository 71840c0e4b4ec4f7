// From a label's bytes to its index, and the order labels get when none is given.

import EnsueFiles

/// The indices of known labels; keys compare byte by byte.
struct LabelIndex {
  let labels: [String]
  private let indices: [[UInt8]: Int]

  init(_ labels: [String]) {
    self.labels = labels
    indices = Dictionary(
      labels.enumerated().map { (Array($0.element.utf8), $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(label: [UInt8]) -> Int? { indices[label] }

  /// The message about a label that the model or the training data does not have.
  static func unknown(_ label: String, known: [String], at place: String, advice: String? = nil) -> Failure {
    let shown = known.prefix(20).map { Failure.shown($0) }.joined(separator: ", ")
    let more = known.count > 20 ? ", … (\(known.count) labels)" : ""
    return Failure(
      .data, at: place, "one of the labels \(shown)\(more) expected, found \(Failure.shown(label))",
      advice: advice ?? "Every label must occur in the training data.")
  }

  /// Labels in their order: by number when all are integers written plainly, else by bytes.
  static func ordered(_ labels: some Sequence<[UInt8]>) -> [[UInt8]] {
    let labels = Array(labels)
    let numbered = labels.compactMap { label in integer(label).map { ($0, label) } }
    guard numbered.count == labels.count else { return labels.sorted { $0.lexicographicallyPrecedes($1) } }
    return numbered.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// A note for each label that is another one in different spelling: `Good` and `good`, `1` and `1.0`.
  static func doubts(_ labels: [[UInt8]]) -> [String] {
    var seen: [[UInt8]: [UInt8]] = [:]
    return labels.compactMap { label in
      let text = String(decoding: label, as: UTF8.self).lowercased()
      let key = Array((Double(text).map { "\($0)" } ?? text).utf8)
      guard let other = seen.updateValue(label, forKey: key) else { return nil }
      return "the labels \(Failure.shown(other)) and \(Failure.shown(label)) differ only in spelling"
    }
  }

  /// The value of `0`, `-1`, `12`; `nil` for `01`, `+1`, `1.0` and for more than 18 digits.
  private static func integer(_ label: [UInt8]) -> Int? {
    guard label.count <= 19, let value = Int(String(decoding: label, as: UTF8.self)),
      Array(String(value).utf8) == label
    else { return nil }
    return value
  }
}
