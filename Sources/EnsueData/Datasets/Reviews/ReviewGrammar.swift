// Makes pairs of reviews from frames and words. Which pairs go where is ReviewCorpus's business.

/// Draws pairs at random.
struct ReviewGrammar {
  private var random: SplitMix64

  init(seed: UInt64, stream: UInt64) { random = SplitMix64(seed: seed, stream: stream) }

  mutating func shuffle<Element>(_ elements: inout [Element]) { random.shuffle(&elements) }

  /// A pair; the same one may come again.
  mutating func pair() -> WordOrderPair {
    let frame = random.element(of: ReviewFrame.all)
    let topic = random.element(of: ReviewTopic.all)
    let (praise, blame) = judgements(frame.judgement, topic)
    let praiseIsFirst = random.chance(1, in: 2)
    let (first, second) = praiseIsFirst ? (praise, blame) : (blame, praise)
    let degrees = (degree(frame.judgement), degree(frame.judgement))
    let noun = random.element(of: topic.nouns)
    let detail = random.chance(1, in: 3) ? " " + random.element(of: topic.details) : ""
    let source = random.element(of: ReviewWords.sources)
    let opening = random.chance(2, in: 3) ? random.element(of: ReviewWords.openings) + " " : ""
    let further = random.chance(1, in: 4) ? random.element(of: ReviewWords.openings) + " " : ""
    let closing = random.chance(1, in: 2) ? " " + random.element(of: ReviewWords.closings) : ""
    let sentence = { (pattern: String) in
      var filled: [String] = []
      var judged = 0
      for word in pattern.split(separator: " ") {
        switch word {
        case "$1", "$2":
          filled.append((judged == 0 ? degrees.0 : degrees.1) + (word == "$1" ? first : second))
          judged += 1
        case "$noun": filled.append(noun + detail)
        case "$source": filled.append(source)
        default: filled.append(String(word))
        }
      }
      let start = opening == further ? opening : further + opening
      return start + filled.joined(separator: " ") + closing + " ."
    }
    let texts = (sentence(frame.firstHolds), sentence(frame.secondHolds))
    return praiseIsFirst
      ? WordOrderPair(positive: texts.0, negative: texts.1) : WordOrderPair(positive: texts.1, negative: texts.0)
  }

  private mutating func judgements(_ judgement: ReviewFrame.Judgement, _ topic: ReviewTopic) -> (String, String) {
    switch judgement {
    case .adjective, .plainAdjective: (random.element(of: topic.praise), random.element(of: topic.blame))
    case .verb: (random.element(of: ReviewWords.approval), random.element(of: ReviewWords.disapproval))
    }
  }

  /// Nothing, or an intensifier with a space after it. It belongs to the place, not to the judgement.
  private mutating func degree(_ judgement: ReviewFrame.Judgement) -> String {
    let words: [String]
    switch judgement {
    case .plainAdjective: return ""
    case .adjective: words = ReviewWords.intensifiers
    case .verb: words = ReviewWords.verbIntensifiers
    }
    return random.chance(2, in: 3) ? random.element(of: words) + " " : ""
  }
}
