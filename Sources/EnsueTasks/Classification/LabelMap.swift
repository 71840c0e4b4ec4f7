// From the labels of a model to those of a data set: a pre-trained classifier says LABEL_0 or NEGATIVE where the data
// says negative.

import EnsueFiles
import Foundation

/// Which of a model's classes stand for each label of a data set.
public struct LabelMap: Sendable, Equatable {
  /// The data set's labels.
  public let labels: [String]
  /// For each of these the model's classes that mean it: usually one; none where the model cannot say it. Classes that
  /// are nowhere are left out, and the probabilities of the others made to sum to one.
  let classes: [[Int]]
  /// The labels of the model.
  private let model: [String]

  /// The map that does nothing.
  public init(_ labels: [String]) {
    (self.labels, model, classes) = (labels, labels, labels.indices.map { [$0] })
  }

  /// - Parameters:
  ///   - model: the labels of the model, in the order of its logits.
  ///   - data: the labels of the data set.
  ///   - given: what the user said; goes before any guess.
  ///   - place: the model, for messages.
  /// - Throws: `Failure` of kind `usage` with both lists, where what the user said is no label, and where a label that the
  ///   user said nothing of has no certain counterpart.
  public init(model: [String], data: [String], given: [LabelPair] = [], place: String) throws(Failure) {
    func refuse(_ problem: String) -> Failure {
      Failure(
        .usage, at: place,
        "\(problem); the model's labels are \(LabelMap.shown(model)), the data's \(LabelMap.shown(data))",
        advice:
          "Say what means what: --map \(model.first ?? "A")=\(data.first ?? "B"),…; nothing after = leaves a label out."
      )
    }
    var classes = [[Int]](repeating: [], count: data.count)
    var isGiven = false
    for (index, label) in model.enumerated() {
      if let pair = given.first(where: { $0.model.utf8.elementsEqual(label.utf8) }) {
        isGiven = true
        if pair.data.utf8.isEmpty { continue }
        guard let target = data.firstIndex(where: { $0.utf8.elementsEqual(pair.data.utf8) }) else {
          throw refuse("a label of the data expected after --map \(pair.model)=, found \(Failure.shown(pair.data))")
        }
        classes[target].append(index)
      } else if let target = LabelMap.counterpart(of: label, in: data) {
        classes[target].append(index)
      } else {
        throw refuse("a label of the data that \(Failure.shown(label)) certainly means expected, found none")
      }
    }
    // That a model cannot say a label, or says it in two ways, is for the user to want.
    if !isGiven, let odd = classes.firstIndex(where: { $0.count != 1 }) {
      throw refuse(
        "one label of the model that means \(Failure.shown(data[odd])) expected, found \(classes[odd].count)")
    }
    guard classes.contains(where: { !$0.isEmpty }) else {
      throw refuse("labels of the model that mean the data's expected, found none")
    }
    (labels, self.model, self.classes) = (data, model, classes)
  }

  /// Whether classes and labels are the same, in the same order.
  private var isIdentity: Bool {
    model.count == classes.count && classes.indices.allSatisfy { classes[$0] == [$0] }
  }

  /// What means what, in one line; nil where names are the same.
  public var note: String? {
    guard !isIdentity || !zip(model, labels).allSatisfy({ $0.utf8.elementsEqual($1.utf8) }) else { return nil }
    let used = zip(labels, classes).map { label, members in
      members.isEmpty
        ? "nothing means \(label)" : "\(members.map { model[$0] }.joined(separator: " or ")) means \(label)"
    }
    let left = model.indices.filter { index in !classes.contains { $0.contains(index) } }.map { model[$0] }
    return (used + (left.isEmpty ? [] : ["\(left.joined(separator: ", ")) left out"])).joined(separator: ", ")
  }

  /// The logarithms of the probabilities of the data's labels, from those of the model's classes.
  func logarithms(_ values: [Double]) -> [Double] {
    if isIdentity { return values }
    let sums = classes.map { members in LabelMap.logarithmOfSum(members.map { values[$0] }) }
    let total = LabelMap.logarithmOfSum(sums)
    return sums.map { $0 - total }
  }

  private static func logarithmOfSum(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest > -.infinity else { return -.infinity }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }

  private static func shown(_ labels: [String]) -> String {
    let names = labels.prefix(12).map { Failure.shown($0) }.joined(separator: ", ")
    return labels.count > 12 ? "\(names), … (\(labels.count))" : names
  }
}

/// What a user says of a label: `LABEL_0=negative`, or `LABEL_0=` to leave it out; of one model among several
/// `NAME:LABEL_0=negative`.
public struct LabelPair: Sendable, Equatable {
  /// What the user calls the model that this is said of; nil for all.
  public let place: String?
  /// A label of the model.
  public let model: String
  /// Empty for a label that is left out.
  public let data: String

  /// - Parameter places: what the user calls the models. Names and labels may have colons: only what begins with one of
  ///   these is said of one model, of several the longest.
  /// - Throws: `Failure` of kind `usage` where there is no `=` with something before it.
  public init(_ text: String, places: [String] = []) throws(Failure) {
    place = places.filter { text.utf8.starts(with: "\($0):".utf8) }.max { $0.utf8.count < $1.utf8.count }
    let said = text.utf8.dropFirst(place.map { $0.utf8.count + 1 } ?? 0)
    let parts = said.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw Failure(
        .usage, at: "--map", "a label of the model, =, and one of the data expected, found \(Failure.shown(text))",
        advice: "Write for example --map LABEL_0=negative,LABEL_1=positive")
    }
    (model, data) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
  }

  /// Whether it is said of a model.
  /// - Parameter name: what the user calls it.
  public func isSaid(of name: String) -> Bool { place.map { $0.utf8.elementsEqual(name.utf8) } ?? true }

  /// Whether it is said of a model that has the label.
  public func isOf(_ name: String, labels: [String]) -> Bool {
    isSaid(of: name) && labels.contains { $0.utf8.elementsEqual(model.utf8) }
  }

  /// What is said of a model: what is said of it alone goes before what is said of all.
  static func those(of name: String, among pairs: [LabelPair]) -> [LabelPair] {
    let said = pairs.filter { $0.isSaid(of: name) }
    return said.filter { $0.place != nil } + said.filter { $0.place == nil }
  }
}

// MARK: Guesses

extension LabelMap {
  /// Names of one meaning.
  private static let meanings = [["negative", "neg"], ["neutral", "neu"], ["positive", "pos"]].map { names in
    names.map { Array($0.utf8) }
  }

  /// The data's label that a model's label certainly means: the same name, or another one of the same feeling.
  private static func counterpart(of label: String, in data: [String]) -> Int? {
    if let same = data.firstIndex(where: { $0.utf8.elementsEqual(label.utf8) }) { return same }
    let name = plain(label)
    let names = meanings.first { $0.contains(name) } ?? [name]
    let found = data.indices.filter { names.contains(plain(data[$0])) }
    return found.count == 1 ? found[0] : nil
  }

  /// In lower case, without a number before or behind: `0: Negative` and `negative (0)` are `negative`. Labels of several
  /// words, and of none, stay as they are.
  private static func plain(_ label: String) -> [UInt8] {
    let words = label.utf8.split { byte in
      !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
    }
    return words.count == 1 ? words[0].map { $0 < 0x80 ? $0 | 0x20 : $0 } : Array(label.utf8)
  }
}
