// Bundles from checkpoints of other programs: their tokenizers, and that nothing is lost on the way to a folder and back.

import EnsueBundle
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueText
import Testing

private let bundleFolder = "\(TestFiles.data ?? "")/checkpoints"

@Suite(.enabled(if: InputFile.isDirectory(bundleFolder), "no checkpoints: set ENSUE_DATA"))
struct ForeignBundleTests {
  private static func stories() throws -> LanguageModelBundle {
    try LanguageModelBundle(
      llama2c: "\(bundleFolder)/stories260K/stories260K.bin", vocabulary: "\(bundleFolder)/stories260K/tok512.bin")
  }

  /// The ids of llama2.c's own greedy merging (Tests/Goldens/foreign.py).
  @Test func textsHaveTheIdsOfLlama2c() throws {
    let golden = try #require(
      JSONValue.contents(of: TestFiles.golden("foreign.json")).objectValue?["llama2c"]?.objectValue)
    let encodings = try #require(golden["encodings"]?.arrayValue)
    #expect(encodings.count == 11)
    let codec = try Self.stories().codec
    for encoding in encodings {
      let text = try #require(encoding.objectValue?["text"]?.stringValue)
      let ids = encoding.objectValue?["ids"]?.arrayValue?.compactMap { $0.integerValue.map(Int32.init) }
      #expect(codec.encode(text) == ids, "\(text)")
      #expect(codec.decode(codec.encode(text)) == text, "\(text)")
    }
    let story = golden["greedy"]?.arrayValue?.compactMap { $0.integerValue.map(Int32.init) } ?? []
    #expect(codec.decode(story) == golden["text"]?.stringValue)
    #expect(codec.encode("<s>") == [1])
  }

  @Test func bundlesAreTheSameFromTheirFolders() throws {
    let words = "\(bundleFolder)/dlfs2"
    let bundles = [
      try Self.stories(),
      try LanguageModelBundle(minGPT: "\(bundleFolder)/gpt-nano-sort/gpt-nano-sort-model.json"),
      try LanguageModelBundle(
        wordLSTM: "\(words)/ptb-rnnlm-lstm100.safetensors", vocabulary: "\(words)/ptb-vocab-by-id.txt"),
    ]
    for bundle in bundles {
      try TestFiles.withDirectory { directory in
        try bundle.write(to: "\(directory)/bundle")
        let read = try LanguageModelBundle(contentsOf: "\(directory)/bundle")
        #expect(read.codec == bundle.codec && read.architecture == bundle.architecture)
        let tokens = PackedTokens([[1, 2, 0, 1], [2, 1]])
        let (a, b) = (try bundle.model.scores(tokens).logits, try read.model.scores(tokens).logits)
        #expect(a.isIdentical(to: b))
      }
    }
  }

  /// The list of words has a number more, for every other word, and <eos> first; the scores of the others stay.
  @Test func wordsKeepTheirScoresUnderOtherNumbers() throws {
    let path = "\(bundleFolder)/dlfs2/ptb-rnnlm-lstm100.safetensors"
    let bundle = try LanguageModelBundle(
      wordLSTM: path, vocabulary: "\(bundleFolder)/dlfs2/ptb-vocab-by-id.txt")
    guard case .words(let list) = bundle.codec else {
      Issue.record("a word list expected")
      return
    }
    #expect(list.idCount == 10_001 && list.id(of: "<unk>") != 0 && list.id(of: "aer") == 2)
    // <eos> is 24 in the file, 1 here; the words before it are 2 to 25, those after it have one number more.
    let model = try WordLSTMCheckpoint(contentsOf: path).model
    let theirs = model(PackedTokens([[24, 0, 300]])).logits
    let ours = try bundle.model.scores(PackedTokens([[1, 2, 301]])).logits
    #expect(ours.sliced(26..<10_001).isIdentical(to: theirs.sliced(25..<10_000)))
    #expect(ours.sliced(1..<2).isIdentical(to: theirs.sliced(24..<25)))
    #expect(ours.sliced(0..<1).floats.allSatisfy { $0 == -1e4 })
  }

  @Test func vocabulariesOfOtherModelsAreRefused() throws {
    let stories = "\(bundleFolder)/stories260K"
    try TestFiles.withDirectory { directory in
      let bytes = try InputFile.contents(of: "\(stories)/tok512.bin")
      func refusal(_ content: [UInt8]) throws -> Failure? {
        try OutputFile.write(content, to: "\(directory)/tokens")
        return #expect(throws: Failure.self) {
          try LanguageModelBundle(llama2c: "\(stories)/stories260K.bin", vocabulary: "\(directory)/tokens")
        }
      }
      for end in stride(from: 0, to: bytes.count, by: 97) {
        #expect(try refusal(Array(bytes.prefix(end)))?.kind == .data, "cut at \(end)")
      }
      #expect(try refusal(bytes + [0])?.problem.contains("found more") == true)
      let words = "\(bundleFolder)/dlfs2"
      for (text, said) in [("a\nb\n", "10000 words expected, found 2"), ("", "found 0")] {
        try OutputFile.write(text, to: "\(directory)/words")
        let failure = #expect(throws: Failure.self) {
          try LanguageModelBundle(
            wordLSTM: "\(words)/ptb-rnnlm-lstm100.safetensors", vocabulary: "\(directory)/words")
        }
        #expect(failure?.problem.contains(said) == true)
      }
    }
  }
}
