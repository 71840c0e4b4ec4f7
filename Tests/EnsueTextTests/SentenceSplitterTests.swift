// Where sentences end.

import EnsueText
import Testing

@Suite struct SentenceSplitterTests {
  /// The sentences of tokens with a space between, each joined again.
  private static func sentences(_ text: String) -> [String] {
    let tokens = text.split(separator: " ").map { Array($0.utf8) }
    return SentenceSplitter.sentences(of: tokens).map { range in
      tokens[range].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
  }

  @Test(arguments: [
    ("it was good . I liked it", ["it was good .", "I liked it"]),
    ("it was good . I liked it .", ["it was good .", "I liked it ."]),
    ("really ? yes !", ["really ?", "yes !"]),
    ("no marks at all", ["no marks at all"]),
    // Runs of marks belong to the sentence that they end.
    ("what ? ! no . . . well", ["what ? !", "no . . .", "well"]),
    ("what ?! no", ["what ?!", "no"]),
    // A pause ends nothing.
    ("well ... I do not know … . so", ["well ... I do not know … .", "so"]),
    // Closing marks belong to what they close.
    ("( it was good . ) I left", ["( it was good . )", "I left"]),
    ("“ come in ! ” he said . » well", ["“ come in ! ”", "he said . »", "well"]),
    ("`` come in . '' he said", ["`` come in . ''", "he said"]),
    ("\" come in . \" \" no . \" he left", ["\" come in . \"", "\" no . \"", "he left"]),
    ("he left . \" why ? \"", ["he left .", "\" why ? \""]),
    ("he left . ' why ? '", ["he left .", "' why ? '"]),
    // Other scripts.
    ("我 来 了 。 他 走 了 ！ 真 的 ？", ["我 来 了 。", "他 走 了 ！", "真 的 ？"]),
    ("هل ؟ نعم ۔", ["هل ؟", "نعم ۔"]), ("वह गया । फिर", ["वह गया ।", "फिर"]),
    // Marks within words, as tokenizers leave them.
    ("Mr. Smith of the U.S. won 3.5 points . good", ["Mr. Smith of the U.S. won 3.5 points .", "good"]),
    // A text may begin with anything.
    (". . good", [". .", "good"]), (") good", [") good"]), ("!", ["!"]),
  ])
  func sentencesEndAtEndMarks(_ text: String, _ expected: [String]) {
    #expect(SentenceSplitterTests.sentences(text) == expected)
  }

  @Test func theTokenizerAndTheSplitterAgree() {
    let tokens = WordTokenizer(lowercase: true).tokens(
      in: "Dr. No came at 10:30. \"Why?!\" she asked... He said: \"No.\" Then he left")
    let sentences = SentenceSplitter.sentences(of: tokens).map { range in
      tokens[range].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
    #expect(
      sentences == [
        "dr. no came at 10:30 .", "\" why ? ! \"", "she asked ... he said : \" no . \"", "then he left",
      ])
  }

  /// No gap, no overlap, nothing empty, whatever the tokens.
  @Test func everyTokenIsInOneSentence() {
    let pieces = [".", "!", "?", "...", "…", "\"", "'", "''", ")", "(", "”", "word", "\u{1F600}", "U.S."].map {
      Array($0.utf8)
    }
    var state: UInt64 = 7
    for length in 0..<200 {
      let tokens = (0..<length).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return pieces[Int(state >> 33) % pieces.count]
      }
      let sentences = SentenceSplitter.sentences(of: tokens)
      #expect(sentences.allSatisfy { !$0.isEmpty })
      #expect(sentences.flatMap { Array($0) } == Array(tokens.indices))
    }
    #expect(SentenceSplitter.sentences(of: []).isEmpty)
  }
}
