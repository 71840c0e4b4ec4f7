// The sentence patterns of the generated reviews: what stands where, and which of two judgements holds.

/// A pattern with two judgements, of which exactly one is the reviewer's.
///
/// `$1` and `$2` are the judgements, `$noun` the thing, `$source` somebody else. In `firstHolds` the reviewer means
/// `$1`, in `secondHolds` `$2`; both use the same words the same number of times. With a word of praise in one place and
/// one of blame in the other, the two readings are a pair: equal bags of words, opposite labels.
struct ReviewFrame {
  /// What stands in `$1` and `$2`.
  enum Judgement {
    /// Adjectives, with or without an intensifier.
    case adjective
    /// Adjectives where an intensifier would not be English.
    case plainAdjective
    /// Verbs in the past tense, with or without an intensifier.
    case verb
  }

  let judgement: Judgement
  let firstHolds: String
  let secondHolds: String

  /// A pattern in which the judgements change places: `$holds` is meant, `$fails` is not.
  private static func exchanged(_ pattern: String, _ judgement: Judgement = .adjective) -> ReviewFrame {
    let words = pattern.split(separator: " ")
    let place = { (holds: String, fails: String) in
      words.map { $0 == "$holds" ? holds : $0 == "$fails" ? fails : String($0) }.joined(separator: " ")
    }
    return ReviewFrame(judgement: judgement, firstHolds: place("$1", "$2"), secondHolds: place("$2", "$1"))
  }

  /// A pattern in which the judgements stay and a negation moves.
  private static func moved(_ firstHolds: String, _ secondHolds: String, _ judgement: Judgement = .adjective)
    -> ReviewFrame
  {
    ReviewFrame(judgement: judgement, firstHolds: firstHolds, secondHolds: secondHolds)
  }

  /// The judgement that holds comes first in one half of these, last in the other, and the same connectives occur in
  /// both halves: neither a word nor its place alone tells the label.
  static let all: [ReviewFrame] = verdictFirst + verdictLast + negationMoves + attitudes

  private static let verdictFirst = [
    exchanged("the $noun was $holds , not $fails at all"),
    exchanged("the $noun was $holds , not $fails as $source had said"),
    exchanged("we found the $noun $holds rather than $fails", .plainAdjective),
    exchanged("the $noun was more $holds than $fails", .plainAdjective),
    exchanged("the $noun was $holds , although $source had called it $fails"),
    exchanged("the $noun turned out $holds , and nobody could call it $fails"),
    exchanged("the $noun was $holds and anything but $fails"),
    exchanged("the $noun was $holds , far from $fails"),
    exchanged("the $noun is $holds now , it used to be $fails"),
    exchanged("the $noun was $holds instead of $fails"),
    exchanged("i call the $noun $holds , even if $source found it $fails"),
    exchanged("the $noun was $holds , and $source was wrong to expect it to be $fails"),
  ]

  private static let verdictLast = [
    exchanged("the $noun was not $fails at all , it was $holds"),
    exchanged("although $source had called the $noun $fails , it was $holds"),
    exchanged("$source had said the $noun was $fails , but it was $holds"),
    exchanged("the $noun was less $fails than $holds", .plainAdjective),
    exchanged("nobody could call the $noun $fails , it turned out $holds"),
    exchanged("anything but $fails , the $noun was $holds"),
    exchanged("far from $fails , the $noun was $holds"),
    exchanged("the $noun used to be $fails , now it is $holds"),
    exchanged("instead of $fails , the $noun was $holds"),
    exchanged("even if $source found the $noun $fails , i call it $holds"),
    exchanged("$source was wrong to expect the $noun to be $fails , it was $holds"),
    exchanged("i expected the $noun to be $fails , and yet it was $holds"),
  ]

  private static let negationMoves = [
    moved("the $noun was $1 , it was not $2", "the $noun was not $1 , it was $2"),
    moved("the $noun was always $1 and never $2", "the $noun was never $1 and always $2"),
    moved("the $noun was clearly $1 and hardly $2", "the $noun was hardly $1 and clearly $2"),
    moved(
      "everyone thought the $noun $1 , no one thought it $2", "no one thought the $noun $1 , everyone thought it $2"),
    moved(
      "to us the $noun seemed $1 , it did not seem $2", "to us the $noun did not seem $1 , it seemed $2"),
  ]

  private static let attitudes = [
    exchanged("i $holds the $noun , though $source $fails it", .verb),
    exchanged("$source $fails the $noun , but i $holds it", .verb),
    exchanged("while $source $fails the $noun , i $holds it", .verb),
    exchanged("i $holds the $noun , even if $source $fails it", .verb),
    exchanged("i $holds the $noun , unlike $source who $fails it", .verb),
    exchanged("even if $source $fails the $noun , i $holds it", .verb),
  ]
}
