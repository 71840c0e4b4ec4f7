// From labels of words to what they name: the labels B, I and O of Ramshaw and Marcus, "Text chunking using
// transformation-based learning", 1995, read as the evaluation of CoNLL-2000 reads them (Tjong Kim Sang and Buchholz,
// "Introduction to the CoNLL-2000 shared task: chunking", 2000).

/// Neighbouring words that together are one entity.
public struct LabelledSpan: Sendable, Hashable {
  public let kind: String
  /// The numbers of the words in their sentence.
  public let words: Range<Int>

  public init(kind: String, words: Range<Int>) { (self.kind, self.words) = (kind, words) }

  /// The entities of a sentence, in order.
  ///
  /// `B-X` begins one of kind X; `I-X` continues one of kind X, else it begins one; `O` is outside all. Any other label
  /// is a kind of its own, whose neighbouring words are one entity.
  /// - Parameter labels: one a word.
  public static func spans(of labels: [String]) -> [LabelledSpan] {
    var spans: [LabelledSpan] = []
    var open: (kind: String, start: Int)?
    for (word, label) in labels.enumerated() {
      let isBeginning = label.hasPrefix("B-")
      let kind = label == "O" ? nil : isBeginning || label.hasPrefix("I-") ? String(label.dropFirst(2)) : label
      if let former = open, isBeginning || kind != former.kind {
        spans.append(LabelledSpan(kind: former.kind, words: former.start..<word))
        open = nil
      }
      if open == nil, let kind { open = (kind, word) }
    }
    if let open { spans.append(LabelledSpan(kind: open.kind, words: open.start..<labels.count)) }
    return spans
  }
}
