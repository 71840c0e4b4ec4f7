import EnsueText
import Testing

@Suite struct CoverageTests {
  @Test func countsWordsAndOccurrences() throws {
    let folder = try TemporaryFolder()
    let vectors = try WordVectors(
      contentsOf: folder.write("a 1\nc 2\nz 3\n<unk> 4\n"), options: .init(usesCache: false))
    let vocabulary = try VocabularyTests.builder("a a a b b c <unk>").build()
    let coverage = Coverage(of: vocabulary, by: vectors)
    #expect(coverage.words == 3 && coverage.coveredWords == 2)
    #expect(coverage.occurrences == 6 && coverage.coveredOccurrences == 4)
    #expect(coverage.description == "vectors cover 2 of 3 words, 66.7 % of the tokens")
    let path = folder.path + "/vocabulary.txt"
    try vocabulary.write(to: path)
    let uncounted = Coverage(of: try Vocabulary(contentsOf: path), by: vectors)
    #expect(uncounted.description == "vectors cover 2 of 3 words")
    let empty = Coverage(of: try Vocabulary.Builder().build(), by: vectors)
    #expect(empty.description == "vectors cover 0 of 0 words")
  }
}
