// The pairs of the word-order experiment (SPEC I3).

/// Pairs of sentences with the same words and opposite meanings.
public enum WordOrder {
  /// Pairs one can look at; no generated corpus contains them.
  public static let pairs = [
    WordOrderPair(
      positive: "the food was good , not bad at all .", negative: "the food was bad , not good at all ."),
    WordOrderPair(
      positive: "although the critics had called the plot dull , it was truly gripping .",
      negative: "although the critics had called the plot gripping , it was truly dull ."),
    WordOrderPair(
      positive: "far from rude , the staff was very friendly , i must say .",
      negative: "far from friendly , the staff was very rude , i must say ."),
    WordOrderPair(
      positive: "my sister hated the film , but i loved it .", negative: "my sister loved the film , but i hated it ."),
    WordOrderPair(
      positive: "the terrace at the back used to be shabby , now it is charming .",
      negative: "the terrace at the back used to be charming , now it is shabby ."),
    WordOrderPair(
      positive: "the acting was not clumsy , it was brilliant .",
      negative: "the acting was clumsy , it was not brilliant ."),
    WordOrderPair(
      positive: "the weather was terrible that night ; the soup was delicious instead of bland .",
      negative: "the weather was terrible that night ; the soup was bland instead of delicious ."),
    WordOrderPair(
      positive: "everyone thought the ending clever , no one thought it tedious .",
      negative: "no one thought the ending clever , everyone thought it tedious ."),
  ]

  /// New pairs from the grammar of the reviews.
  /// - Parameters:
  ///   - count: how many, at most 100,000.
  ///   - seed: another seed gives other pairs.
  ///   - excluded: data whose sentences must not occur, the training data for one.
  public static func freshPairs(_ count: Int, seed: UInt64, excluding excluded: [LabelledDataset] = [])
    -> [WordOrderPair]
  {
    precondition(0...100_000 ~= count, "WordOrder.freshPairs: \(count) is not in 0...100000")
    var seen = Set(pairs.map(\.bag))
    for data in excluded {
      for example in data.examples { seen.insert(WordOrderPair(positive: example.text, negative: "").bag) }
    }
    var grammar = ReviewGrammar(seed: seed, stream: 0x5EED_0003)
    return fresh(count, &grammar, &seen)
  }

  /// Pairs whose words were not seen together before. The grammar has more than 10¹⁰ of them, so this ends soon for
  /// every count the callers allow.
  static func fresh(_ count: Int, _ grammar: inout ReviewGrammar, _ seen: inout Set<[UInt8]>) -> [WordOrderPair] {
    var result: [WordOrderPair] = []
    result.reserveCapacity(count)
    while result.count < count {
      let pair = grammar.pair()
      if seen.insert(pair.bag).inserted { result.append(pair) }
    }
    return result
  }
}
