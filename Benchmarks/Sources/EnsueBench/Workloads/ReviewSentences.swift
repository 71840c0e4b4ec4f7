// MR's training portion as the peers read it (peers/reviews.py): tokens between white space, at most 60, positive and
// negative sentences alternating.

import Ensue

/// A sentence's tokens and its label, 1 for positive.
struct ReviewSentence: Sendable {
  let tokens: [[UInt8]]
  let label: Int
}

/// Sentences as ids.
struct EncodedReviews: Sendable {
  let ids: [[Int32]]
  let labels: [Int]

  var tokenCount: Int { ids.reduce(0) { $0 + $1.count } }
}

enum ReviewSentences {
  static let maximumLength = 60

  /// Reads the 10,000 sentences.
  static func read(_ folder: String) throws -> [ReviewSentence] {
    let training = try MovieReviews.load(from: folder).training
    let tokenizer = WhitespaceTokenizer()
    func sentences(label: Int) -> [ReviewSentence] {
      training.examples.filter { $0.label == label }.map {
        ReviewSentence(tokens: Array(tokenizer.tokens(in: $0.text).prefix(maximumLength)), label: label)
      }
    }
    return zip(sentences(label: 1), sentences(label: 0)).flatMap { [$0, $1] }.filter { !$0.tokens.isEmpty }
  }

  static func vocabulary(_ sentences: [ReviewSentence], sizeLimit: Int? = nil) throws -> Vocabulary {
    var builder = Vocabulary.Builder()
    for sentence in sentences { builder.add(contentsOf: sentence.tokens) }
    return try builder.build(sizeLimit: sizeLimit)
  }

  static func encoded(_ sentences: [ReviewSentence], _ vocabulary: Vocabulary) -> EncodedReviews {
    EncodedReviews(ids: sentences.map { vocabulary.encode($0.tokens) }, labels: sentences.map(\.label))
  }
}
