// Sentences that occur more than once: inside a part, in two parts, or under two labels.

/// Counts of repeated texts over the parts of a data set. Texts are the same when their bytes are.
public struct DuplicateTexts: Sendable, Equatable {
  /// For each part, its rows whose text an earlier row of the same part has.
  public let within: [Int]
  /// Rows of a later part whose text occurs in an earlier one.
  public let across: [Overlap]
  /// Different texts that stand under more than one label anywhere.
  public let conflicts: Int
  /// The places of the first conflict: two examples with the same text and different labels.
  public let firstConflict: Conflict?

  /// Two parts with texts in common.
  public struct Overlap: Sendable, Equatable {
    public let earlier: String
    public let later: String
    public let rows: Int
    /// Where the first such row of the later part stands.
    public let firstPlace: String
  }

  /// A text with two labels.
  public struct Conflict: Sendable, Equatable {
    public let text: String
    public let places: [String]
    public let labels: [String]
  }

  /// - Precondition: at most 60 parts.
  public init(_ parts: [LabelledDataset]) {
    precondition(parts.count <= 60, "DuplicateTexts: at most 60 parts, found \(parts.count)")
    var within = [Int](repeating: 0, count: parts.count)
    var seen: [[UInt8]: Entry] = [:]
    var overlaps: [Int: (rows: Int, place: String)] = [:]
    var conflicts = 0
    var firstConflict: Conflict?
    for (part, data) in parts.enumerated() {
      for example in data.examples {
        // No text has a NUL.
        let key = Array(example.texts.map { Array($0.utf8) }.joined(separator: [0]))
        guard var entry = seen[key] else {
          seen[key] = Entry(parts: 1 << part, label: data.labelText(of: example), place: data.place(of: example))
          continue
        }
        if entry.parts & 1 << part != 0 { within[part] += 1 }
        for earlier in 0..<part where entry.parts & 1 << earlier != 0 {
          overlaps[earlier * parts.count + part, default: (0, data.place(of: example))].rows += 1
        }
        entry.parts |= 1 << part
        let label = data.labelText(of: example)
        if !entry.isConflict, !entry.label.utf8.elementsEqual(label.utf8) {
          entry.isConflict = true
          conflicts += 1
          firstConflict =
            firstConflict
            ?? Conflict(
              text: example.text, places: [entry.place, data.place(of: example)], labels: [entry.label, label])
        }
        seen[key] = entry
      }
    }
    self.within = within
    self.conflicts = conflicts
    self.firstConflict = firstConflict
    across = overlaps.keys.sorted().compactMap { key in
      overlaps[key].map {
        Overlap(
          earlier: parts[key / parts.count].name, later: parts[key % parts.count].name, rows: $0.rows,
          firstPlace: $0.place)
      }
    }
  }

  private struct Entry {
    var parts: Int
    let label: String
    let place: String
    var isConflict = false
  }
}
