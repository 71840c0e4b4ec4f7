// The tokens of documents, sentence by sentence.

import EnsueLayers
import EnsueTensor

/// The sentences of a batch of documents, and which document each belongs to.
///
/// A document's ids name its sentences: between two sentences stands `sentenceBreak`, the id of padding, which no word
/// has. So a document travels as any sentence does.
public struct DocumentTokens: Sendable, Equatable {
  /// The id between two sentences.
  public static let sentenceBreak = Int32(Embedding.paddingRow)

  /// All sentences, those of the first document first.
  public let sentences: PackedTokens
  /// For each sentence in that order, its document in the caller's order.
  public let documents: [Int]

  /// Breaks at the ends, and more than one in a row, make no empty sentence. A document without a word is one unknown
  /// word.
  public init(_ tokens: PackedTokens) {
    var sentences: [[Int32]] = []
    var documents: [Int] = []
    for (document, ids) in tokens.sequences.enumerated() {
      let ranges = DocumentTokens.sentences(of: ids)
      sentences += ranges.isEmpty ? [[Int32(Embedding.unknownRow)]] : ranges.map { Array(ids[$0]) }
      documents += [Int](repeating: document, count: max(1, ranges.count))
    }
    self.sentences = PackedTokens(sentences)
    self.documents = documents
  }

  /// The sentences among a document's ids, none empty.
  static func sentences(of ids: [Int32]) -> [Range<Int>] {
    ids.indices.split { ids[$0] == sentenceBreak }.map { $0.startIndex..<$0.endIndex }
  }
}
