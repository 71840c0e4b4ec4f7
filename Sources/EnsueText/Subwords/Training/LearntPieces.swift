// What the trainers hand over, before it becomes a tokenizer.

/// A vocabulary and how its pieces come about.
package struct LearntPieces {
  /// The index is the id.
  package var vocabulary: [String]
  package var alphabetSize: Int
  package var merges: [(left: String, right: String)] = []
  /// The logarithm of each piece's probability, 0 for special tokens; empty where pieces have none.
  package var scores: [Double] = []
}
