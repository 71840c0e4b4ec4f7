// The names of a classifier's classes in config.json: id2label, checked against label2id and num_labels.

import EnsueFiles

enum PretrainedLabels {
  private static let limit = 100_000

  /// The labels by id; nil where none are named.
  /// - Throws: `Failure` of kind `data` where ids have gaps, names repeat, or the members do not agree.
  static func read(_ config: JSONObject, path: String) throws(Failure) -> [String]? {
    let count = try number(config, path: path)
    guard let value = config["id2label"], value != .null else {
      // transformers' own names; a classifier with its default of two labels says nothing of them.
      return (count ?? (isClassifier(config) ? 2 : nil)).map { (0..<$0).map { "LABEL_\($0)" } }
    }
    func wrong(_ problem: String) -> Failure { Failure(.data, at: path, "id2label: \(problem)") }
    guard let members = value.objectValue?.members, (1...limit).contains(members.count) else {
      throw wrong("an object of 1 to \(limit) ids and their labels expected, found \(PretrainedFolder.shown(value))")
    }
    var labels = [String?](repeating: nil, count: members.count)
    for (key, value) in members {
      guard let id = Int(key), key == String(id), labels.indices.contains(id) else {
        throw wrong("ids from 0 to \(members.count - 1) without a gap expected, found \(Failure.shown(key))")
      }
      guard let label = value.stringValue else {
        throw wrong("a label as a string expected for \(id), found \(PretrainedFolder.shown(value))")
      }
      labels[id] = label
    }
    let named = labels.compactMap(\.self)
    if let again = repeated(named) { throw wrong("each label once expected, found \(Failure.shown(again)) again") }
    if let count, count != named.count {
      throw Failure(.data, at: path, "num_labels: \(named.count), as id2label has, expected, found \(count)")
    }
    try check(config["label2id"], named, path: path)
    return named
  }

  private static func isClassifier(_ config: JSONObject) -> Bool {
    let names = config["architectures"]?.arrayValue?.compactMap(\.stringValue) ?? []
    return names.contains { $0.hasSuffix("ForSequenceClassification") || $0.hasSuffix("ForTokenClassification") }
  }

  private static func number(_ config: JSONObject, path: String) throws(Failure) -> Int? {
    guard let value = config["num_labels"], value != .null else { return nil }
    guard let count = value.integerValue, (1...limit).contains(count) else {
      throw Failure(
        .data, at: path,
        "num_labels: a number of labels from 1 to \(limit) expected, found \(PretrainedFolder.shown(value))")
    }
    return count
  }

  private static func repeated(_ labels: [String]) -> String? {
    var seen = Set<[UInt8]>()
    return labels.first { !seen.insert(Array($0.utf8)).inserted }
  }

  /// label2id says the same the other way; ids may be strings in old files.
  private static func check(_ value: JSONValue?, _ labels: [String], path: String) throws(Failure) {
    guard let members = value?.objectValue?.members else { return }
    for (label, value) in members {
      let id = value.integerValue ?? value.stringValue.flatMap { Int($0) }
      guard let id, labels.indices.contains(id), labels[id].utf8.elementsEqual(label.utf8) else {
        throw Failure(
          .data, at: path,
          "label2id: what id2label says expected, found \(Failure.shown(label)) as \(PretrainedFolder.shown(value))")
      }
    }
  }
}
