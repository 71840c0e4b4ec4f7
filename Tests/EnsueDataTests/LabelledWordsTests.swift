// Words with labels in columns, as in CoNLL's files.

import EnsueData
import EnsueFiles
import Testing

@Suite struct LabelledWordsTests {
  private static let known = ["O", "B-PER", "B-LOC"]

  private static func read(_ text: String) throws -> [LabelledWords] {
    try TestFiles.with(["words.txt": Array(text.utf8)]) {
      try LabelledWords.read("\($0)/words.txt", known: known)
    }
  }

  @Test func wordsLabelsAndSentences() throws {
    let text = "-DOCSTART- -X- O\n\nAnn NNP B-PER\nruns  VBZ O\r\n \n\n. . O\n-DOCSTART-\nNew York\tB-LOC\nRome\t B-LOC"
    let sentences = try Self.read(text)
    #expect(sentences.map(\.words) == [["Ann", "runs"], ["."], ["New York", "Rome"]])
    #expect(sentences.map(\.labels) == [["B-PER", "O"], ["O"], ["B-LOC", "B-LOC"]])
  }

  @Test(arguments: [
    ("Ann B-PER\nruns\n", "words.txt:2", "a word and its label"), ("\tO\n", "words.txt:1", "a word and its label"),
    ("Ann B-PER\n\nRome I-LOC\n", "words.txt:3", "'I-LOC'"), ("\n \n", "words.txt", "found none"),
  ])
  func badFilesAreOneLine(_ text: String, _ place: String, _ words: String) throws {
    let failure = try #require(throws: Failure.self) { try Self.read(text) }
    #expect(failure.kind == .data && failure.place.hasSuffix(place), "\(failure)")
    #expect(failure.description.contains(words), "\(failure)")
  }
}
