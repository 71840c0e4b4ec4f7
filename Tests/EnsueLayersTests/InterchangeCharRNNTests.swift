// The charRNN checkpoints of ml5: real ones where the data is, and small made-up ones, good and bad.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A real checkpoint and the reference's numbers (Tests/Goldens/interchange.py).
struct CharRNNSubject: Sendable, CustomTestStringConvertible {
  let name: String
  let textPath: String
  /// What the vocabulary's maker lost.
  let corrections: [Int: String]
  var testDescription: String { name }

  static let folder = TestFiles.data.map { "\($0)/checkpoints/ml5-charRNN" } ?? ""
  static let all = [
    CharRNNSubject(name: "shakespeare", textPath: "tinyshakespeare/input.txt", corrections: [13: "u", 40: "U"]),
    CharRNNSubject(
      name: "zora_neale_hurston", textPath: "checkpoints/ml5-charRNN/zora_neale_hurston.training-text.txt",
      corrections: [:]),
  ]

  func checkpoint() throws -> CharRNNCheckpoint {
    var checkpoint = try CharRNNCheckpoint("\(CharRNNSubject.folder)/\(name)")
    #expect(checkpoint.irregularIDs == corrections.keys.sorted())
    for id in corrections.keys.sorted() { checkpoint.replaceSymbol(id, with: corrections[id] ?? "") }
    return checkpoint
  }

  func golden() throws -> JSONObject {
    let file = try JSONValue.contents(of: TestFiles.golden("interchange.json"))
    return try #require(file.objectValue?["charRNN"]?.objectValue?[name]?.objectValue)
  }
}

@Suite(.enabled(if: InputFile.isDirectory(CharRNNSubject.folder), "no checkpoints of charRNN: set ENSUE_DATA"))
struct InterchangeCharRNNTests {
  /// Far better than the 4.8 bits of single characters' frequencies: gates in another order or no forget bias give more.
  @Test(arguments: CharRNNSubject.all) func bitsPerCharacterEqualTheReference(_ subject: CharRNNSubject) throws {
    let (checkpoint, golden) = (try subject.checkpoint(), try subject.golden())
    let model = try checkpoint.makeModel()
    let streams = try #require(golden["streams"]?.integerValue)
    let length = try #require(golden["length"]?.integerValue)
    let text = try InputFile.contents(of: "\(TestFiles.data ?? "")/\(subject.textPath)")
    let (ids, unknownCount) = checkpoint.ids(of: text)
    #expect(unknownCount == 0)
    let pieces = (0..<streams).map { Array(ids[$0 * length..<($0 + 1) * length]) }
    let inputs = PackedTokens(pieces.map { Array($0.dropLast()) })
    let targets = PackedTokens(pieces.map { Array($0.dropFirst()) })
    let logits = model(inputs).logits
    let bits = crossEntropy(logits: logits, targets: targets.ids.map(Int.init)).scalar / 0.693147180559945309
    let expected = try #require(golden["bitsPerCharacter"]?.doubleValue)
    #expect(abs(bits - expected) < 1e-5, "\(bits) against \(expected)")
    #expect(bits < 2.2)
  }

  @Test(arguments: CharRNNSubject.all) func theMostProbableTextEqualsTheReference(_ subject: CharRNNSubject) throws {
    let (checkpoint, golden) = (try subject.checkpoint(), try subject.golden())
    let model = try checkpoint.makeModel()
    let expected = try #require(golden["greedy"]?.arrayValue).compactMap { $0.integerValue.map(Int32.init) }
    let prompt = checkpoint.ids(of: Array(try #require(golden["prompt"]?.stringValue).utf8)).ids
    var sample: [Int32] = []
    var (input, states) = (prompt, [[RecurrentState]]?.none)
    while sample.count < expected.count {
      let (logits, ends) = model(PackedTokens([input]), from: states)
      let next = Int32(logits.argmax().last ?? 0)
      sample.append(next)
      (input, states) = ([next], ends)
    }
    #expect(sample == expected)
    let text = String(decoding: sample.flatMap { checkpoint.symbols[Int($0)] }, as: UTF8.self)
    #expect(text == golden["greedyText"]?.stringValue)
  }

  @Test func charactersTheVocabularyLostAreCountedAsUnknown() throws {
    let checkpoint = try CharRNNCheckpoint("\(CharRNNSubject.folder)/shakespeare")
    let (ids, unknownCount) = checkpoint.ids(of: Array("Uu e".utf8))
    #expect(ids == [0, 1] && unknownCount == 2)
  }
}

/// A file of a small checkpoint, changed, and what must be said.
struct CharRNNFault: Sendable, CustomTestStringConvertible {
  let file: String
  let content: String
  let words: String
  var testDescription: String { words }

  /// A manifest with one entry replaced.
  private static func manifest(_ name: String, _ entry: String, _ words: String) -> CharRNNFault {
    CharRNNFault(file: "manifest.json", content: SmallCharRNN.manifest([name: entry]), words: words)
  }

  private static func vocabulary(_ text: String, _ words: String) -> CharRNNFault {
    CharRNNFault(file: "vocab.json", content: text, words: words)
  }

  private static let kernel = "rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/kernel"

  static let all: [CharRNNFault] = [
    manifest("embedding", #"{"filename": "../embedding", "shape": [3, 2]}"#, "a file in the same folder expected"),
    manifest("embedding", #"{"filename": "/etc/passwd", "shape": [3, 2]}"#, "found '/etc/passwd'"),
    manifest("embedding", #"{"filename": "..", "shape": [3, 2]}"#, "found '..'"),
    manifest("embedding", #"{"filename": "", "shape": [3, 2]}"#, "found ''"),
    manifest("embedding", #"{"filename": "absent", "shape": [3, 2]}"#, "absent: cannot be read"),
    manifest("embedding", #"{"shape": [3, 2]}"#, "a filename expected"),
    manifest("embedding", #"{"filename": "embedding"}"#, "a shape of at most 6 axes"),
    manifest("embedding", #"{"filename": "embedding", "shape": [3, -2]}"#, "sizes of 1 or more expected, found '-2'"),
    manifest("embedding", #"{"filename": "embedding", "shape": [3, 2.0]}"#, "found '2.0'"),
    manifest("embedding", #"{"filename": "embedding", "shape": [3, 0]}"#, "found '0'"),
    manifest(
      "embedding", #"{"filename": "embedding", "shape": [4611686018427387904, 8]}"#, "the shape overflows 64 bits"),
    manifest(
      "embedding", #"{"filename": "embedding", "shape": [1000000000, 8]}"#, "at most 268435456 bytes of numbers"),
    manifest("embedding", #"{"filename": "embedding", "shape": [3, 3]}"#, "36 bytes of float32 for 'embedding' [3, 3]"),
    manifest("embedding", #"{"filename": "embedding", "shape": [2, 3]}"#, "one row for each character of vocab.json"),
    manifest("embedding", #"{"filename": "embedding", "shape": [6]}"#, "expected, found [6]"),
    manifest("rnnlm/softmax_b", #"{"filename": "b", "shape": [1, 3]}"#, "'rnnlm/softmax_b' [3] expected, found [1, 3]"),
    manifest(kernel, #"{"filename": "kernel", "shape": [8, 4]}"#, "the kernel of cell 0 as [4, 8] expected"),
    CharRNNFault(file: "manifest.json", content: "[]", words: "an object of tensors expected"),
    CharRNNFault(file: "manifest.json", content: "{", words: "manifest.json"),
    CharRNNFault(file: "manifest.json", content: "{}", words: "tensor 'embedding'"),
    CharRNNFault(
      file: "embedding", content: "abc", words: "24 bytes of float32 for 'embedding' [3, 2] expected, found 3"),
    vocabulary(#"{"a": 0, "b": 1, "c": 3}"#, "a number from 0 to 2 for 'c' expected, found '3'"),
    vocabulary(#"{"a": 0, "b": 1, "c": 1}"#, "each number once expected, found 1 twice"),
    vocabulary(#"{"a": 0, "b": 1, "c": "2"}"#, "a number from 0 to 2 for 'c' expected"),
    vocabulary(#"{"a": 0, "b": 1, "b": 2}"#, "'b' appears twice"),
    vocabulary(#"{"a": 0, "b": 1}"#, "one row for each character"),
    vocabulary(#"{}"#, "[0, …], one row for each character"),
    vocabulary("", "vocab.json"),
  ]
}

/// Three characters, vectors of two, one cell of two units.
enum SmallCharRNN {
  private static let cell = "rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell"
  private static let entries = [
    ("Variable", "step", [Int]()), ("embedding", "embedding", [3, 2]), ("\(cell)/kernel", "kernel", [4, 8]),
    ("\(cell)/bias", "bias", [8]), ("rnnlm/softmax_w", "w", [2, 3]), ("rnnlm/softmax_b", "b", [3]),
  ]

  static func manifest(_ changes: [String: String] = [:]) -> String {
    let lines = entries.map { name, file, shape in
      #""\#(name)": \#(changes[name] ?? #"{"filename": "\#(file)", "shape": \#(shape)}"#)"#
    }
    return "{\(lines.joined(separator: ", "))}"
  }

  /// Writes the checkpoint; every number is 0.5 (0x3F000000).
  static func write(_ folder: String, changing fault: CharRNNFault? = nil) throws {
    for (_, file, shape) in entries {
      let number: [UInt8] = [0, 0, 0, 0x3F]
      try OutputFile.write((0..<shape.reduce(1, *)).flatMap { _ in number }, to: "\(folder)/\(file)")
    }
    try OutputFile.write(manifest(), to: "\(folder)/manifest.json")
    try OutputFile.write(#"{"a": 2, "é": 0, "": 1}"#, to: "\(folder)/vocab.json")
    if let fault { try OutputFile.write(fault.content, to: "\(folder)/\(fault.file)") }
  }
}

@Suite struct CharRNNFileTests {
  @Test func aSmallCheckpointIsRead() throws {
    try TestFiles.withDirectory { folder in
      try SmallCharRNN.write(folder)
      var checkpoint = try CharRNNCheckpoint(folder)
      #expect(checkpoint.irregularIDs == [1])
      #expect(checkpoint.ignored == ["Variable"])
      checkpoint.replaceSymbol(1, with: "b")
      #expect(checkpoint.ids(of: Array("aéb?".utf8)) == ([2, 0, 1], 1))
      let model = try checkpoint.makeModel()
      let bias = model.parameters.first { $0.name.hasSuffix("b_f") }
      #expect(bias?.tensor.doubles == [1.5, 1.5], "the forget bias is in the weights")
      #expect(model(PackedTokens([[0, 2], [1]])).logits.shape == [3, 3])
    }
  }

  @Test(arguments: CharRNNFault.all) func badFilesGiveOneLine(_ fault: CharRNNFault) throws {
    try TestFiles.withDirectory { folder in
      try SmallCharRNN.write(folder, changing: fault)
      let failure = try #require(
        #expect(throws: Failure.self) { try CharRNNCheckpoint(folder).makeModel() })
      #expect(failure.description.contains(fault.words) && !failure.description.contains("\n"), "\(failure)")
      #expect([.data, .missing].contains(failure.kind))
    }
  }

  @Test func numbersThatAreNotFiniteAreRefused() throws {
    try TestFiles.withDirectory { folder in
      try SmallCharRNN.write(folder)
      try OutputFile.write([UInt8]([0, 0, 0xC0, 0x7F] + [UInt8](repeating: 0, count: 8)), to: "\(folder)/b")
      let failure = #expect(throws: Failure.self) { try CharRNNCheckpoint(folder) }
      #expect(failure?.problem.contains("finite numbers expected") == true)
    }
  }

  /// Changed bytes anywhere give a checkpoint or a failure, never a trap.
  @Test func mutatedFilesAreReadOrRefused() throws {
    try TestFiles.withDirectory { folder in
      try SmallCharRNN.write(folder)
      let key = RandomKey(seed: 5)
      var refused = 0
      for (offset, file) in [(0, "manifest.json"), (1, "vocab.json")] {
        let path = "\(folder)/\(file)"
        let content = try InputFile.contents(of: path)
        for trial in 0..<100 {
          var bytes = content
          let place = Int(key.bits(at: 4 * trial + 2 * offset) % UInt64(bytes.count))
          let choice = key.bits(at: 4 * trial + 2 * offset + 1)
          switch choice % 3 {
          case 0: bytes[place] = UInt8(truncatingIfNeeded: choice >> 8)
          case 1: bytes.remove(at: place)
          default: bytes.insert(Array("0129-[]{},:\"".utf8)[Int(choice >> 8) % 12], at: place)
          }
          try OutputFile.write(bytes, to: path)
          do { _ = try CharRNNCheckpoint(folder).makeModel() } catch is Failure { refused += 1 }
        }
        try OutputFile.write(content, to: path)
      }
      #expect(refused > 100 && refused < 200)
    }
  }
}
