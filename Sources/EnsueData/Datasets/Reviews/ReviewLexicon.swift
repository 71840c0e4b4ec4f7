// The words of the generated reviews. Frames and their meaning are in ReviewFrame.

/// A kind of thing reviews are about: its nouns and the words that praise and blame it.
struct ReviewTopic {
  let nouns: [String]
  /// What may follow the noun without a judgement.
  let details: [String]
  let praise: [String]
  let blame: [String]

  /// Words that fit every topic.
  private static let generalPraise = ["good", "great", "wonderful", "excellent"]
  private static let generalBlame = ["bad", "terrible", "awful", "poor"]

  static let all = [
    ReviewTopic(
      nouns: [
        "food", "soup", "pasta", "curry", "steak", "dessert", "bread", "salad", "pizza", "breakfast", "sauce", "fish",
      ],
      details: ["we ordered", "on the lunch menu", "of the day", "my brother wanted", "they serve on sundays"],
      praise: generalPraise + ["delicious", "tasty", "fresh", "superb"],
      blame: generalBlame + ["bland", "stale", "greasy", "disgusting"]),
    ReviewTopic(
      nouns: ["service", "staff", "welcome", "crew"],
      details: ["at the door", "in the new place", "on the second floor", "we met that evening"],
      praise: generalPraise + ["friendly", "attentive", "polite", "helpful"],
      blame: generalBlame + ["rude", "careless", "impatient", "unhelpful"]),
    ReviewTopic(
      nouns: [
        "film", "plot", "acting", "script", "ending", "dialogue", "story", "soundtrack", "comedy", "thriller", "sequel",
        "documentary",
      ],
      details: ["we saw on friday", "at the old cinema", "everyone talks about", "in the double bill"],
      praise: generalPraise + ["gripping", "moving", "brilliant", "clever"],
      blame: generalBlame + ["dull", "clumsy", "predictable", "tedious"]),
    ReviewTopic(
      nouns: ["room", "terrace", "decor", "garden", "cinema", "bar"],
      details: ["we sat in", "at the back", "behind the kitchen", "they opened last year"],
      praise: generalPraise + ["cosy", "pleasant", "charming", "stylish"],
      blame: generalBlame + ["gloomy", "shabby", "dreary", "filthy"]),
  ]
}

/// Words that fit every review.
enum ReviewWords {
  /// Verbs by which a person judges.
  static let approval = ["loved", "enjoyed", "adored", "liked", "admired"]
  static let disapproval = ["hated", "disliked", "loathed", "despised", "detested"]

  /// Others whose opinion is not the review's.
  static let sources = [
    "the critics", "my sister", "my neighbour", "the local paper", "a colleague", "our guide", "my parents",
    "a man on the radio", "a friend of mine", "half the internet", "the man next to me", "my boss",
  ]

  /// Before a judgement, of either kind.
  static let intensifiers = [
    "really", "truly", "very", "quite", "rather", "remarkably", "really quite", "so very", "quite simply",
    "really very",
  ]
  static let verbIntensifiers = [
    "really", "truly", "quite", "thoroughly", "always", "quite simply", "really and truly",
  ]

  /// Before the sentence. Judgements in them are of something else, and are the same in both members of a pair.
  static let openings = [
    "honestly ,", "in short ,", "last saturday", "on our second visit", "after the concert ,", "for the record ,",
    "so here is my review :", "three of us shared a table ;", "we had booked in advance ;", "it rained all evening ;",
    "the place is near the station ;", "we went there with my cousin ;", "it was my birthday , so we went out ;",
    "the weather was terrible that night ;", "it was a lovely evening in june ;", "the traffic was bad as usual ;",
    "my day had been great until then ;", "we came late and left early ;", "to cut a long story short ,",
    "i have thought about it for a week :", "the tickets cost ten euros each ;", "as far as i can tell ,",
  ]

  /// After the sentence, in the same manner.
  static let closings = [
    ", i must say", ", as i told my family", "when we were there in may", "on the night we went",
    ". that is my verdict",
    ". we stayed until midnight", ". we took the last bus home", ". the bill came to forty euros",
    ". the rain had stopped by then", ". i am writing this on the train", ", and i have been to many",
    ". more about the wine next time",
  ]
}
