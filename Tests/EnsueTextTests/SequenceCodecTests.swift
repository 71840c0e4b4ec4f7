// What holds for a side's symbols at every level: the ends are none of the codec's ids, there and back, a name for each.

import EnsueFiles
import EnsueText
import Testing

@Suite struct SequenceCodecTests {
  private static let text = "the cat sat on the mat"

  @Test(arguments: TokenLevelKind.allCases) func endsFollowTheCodec(_ level: TokenLevelKind) throws {
    let codec = try TokenCodecTests.codec(level)
    let side = SequenceCodec(codec)
    #expect(Int(side.endID) == codec.vocabularySize && Int(side.beginID) == codec.vocabularySize + 1)
    #expect(side.vocabularySize == codec.vocabularySize + 2)
    let ids = side.encode(SequenceCodecTests.text)
    #expect(ids == codec.encode(SequenceCodecTests.text) && !ids.contains(side.beginID) && !ids.contains(side.endID))
  }

  @Test(arguments: TokenLevelKind.allCases) func decodingLeavesTheEndsOut(_ level: TokenLevelKind) throws {
    let side = SequenceCodec(try TokenCodecTests.codec(level))
    let ids = side.encode(SequenceCodecTests.text)
    #expect(side.decode(ids) == SequenceCodecTests.text)
    let foreign: [Int32] = [-1, Int32.max, Int32.min, Int32(side.vocabularySize)]
    #expect(side.decode([side.beginID] + ids + foreign + [side.endID, side.endID]) == SequenceCodecTests.text)
    #expect(side.decode([]).isEmpty && side.decode([side.endID]).isEmpty)
  }

  @Test(arguments: TokenLevelKind.allCases) func everySymbolHasAName(_ level: TokenLevelKind) throws {
    let side = SequenceCodec(try TokenCodecTests.codec(level))
    let all = (-2..<Int32(side.vocabularySize) + 2).map { $0 }
    let names = side.tokens(all)
    #expect(names.count == all.count && names.allSatisfy { !$0.isEmpty })
    for name in names { #expect(!name.utf8.contains { $0 <= 0x20 }, "\(name)") }
    #expect(side.tokens([side.beginID, side.endID]) == ["<s>", "</s>"])
  }

  @Test func namesAreRead() throws {
    let characters = SequenceCodec(.characters(CharacterAlphabet("aä \n".unicodeScalars)))
    #expect(characters.tokens(characters.encode("a ä\nx")) == ["a", "␣", "ä", "<U+A>", "<unk>"])
    let words = SequenceCodec(.words(WordList(counting: Array("zwei Männer".utf8))))
    #expect(words.tokens(words.encode("zwei rote Männer")) == ["zwei", "<unk>", "Männer"])
    let bytes = SequenceCodec(.bytes)
    #expect(bytes.tokens(bytes.encode("a ä")) == ["a", "␣", "<0xC3>", "<0xA4>"])
  }

  /// Byte-level tokens are spelled in another alphabet; whole characters are shown as themselves.
  @Test func byteLevelNamesAreText() throws {
    var options = SubwordTrainingOptions(.bytePair)
    options.vocabularySize = 300
    var trainer = try SubwordTrainer(options)
    for _ in 0..<20 { trainer.add(Array("zwei Männer".utf8)) }
    let side = SequenceCodec(.subwords(try trainer.train().tokenizer))
    #expect(side.tokens(side.encode("zwei Männer")) == ["zwei", "▁Männer"])
    // A byte that begins a character keeps its spelling.
    #expect(side.tokens(side.encode("é")) == ["Ã", "©"])
  }

  @Test func symbolsOfTheCodecServe() {
    let list = WordList(counting: Array("a b".utf8))
    let side = SequenceCodec(.words(list), beginID: WordList.endOfLineID, endID: WordList.endOfLineID)
    #expect(side.vocabularySize == list.idCount)
    #expect(side.decode([1, list.id(of: "a"), list.id(of: "b"), 1]) == "a b")
    let beyond = SequenceCodec(.words(list), beginID: 9, endID: 1)
    #expect(beyond.vocabularySize == 10 && beyond.decode([9, 7, list.id(of: "b")]) == "b")
    #expect(beyond.decode([9, list.id(of: "a"), 1]) == "a")
    #expect(beyond != side && side == SequenceCodec(.words(list), beginID: 1, endID: 1))
  }
}
