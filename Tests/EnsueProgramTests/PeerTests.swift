// Figures against scikit-learn's, from the saved predictions; and real data where it is present.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

/// Python with scikit-learn: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let peerPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other([python, "-c", "import sklearn"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

private let films = TestFiles.data.map { "\($0)/slp-labs/MR" } ?? ""
private let vectors = TestFiles.data.map { "\($0)/vectors/glove.6B.50d.5k.txt" } ?? ""

@Suite struct PeerTests {
  @Test(.enabled(if: peerPython != nil, "no Python with scikit-learn: set ENSUE_PEER_PYTHON"))
  func figuresEqualScikitLearn() throws {
    try Sandbox.with { sandbox in
      // Three classes, one of them rare, and a model that has not learned everything.
      let rows = Sentences.rows(count: 310).enumerated().map { index, row in
        index % 11 == 3 ? (text: row.text + " or so", label: "neutral") : row
      }
      try sandbox.write(Sentences.table(rows), "three.tsv")
      let trained = try Program.run(
        "train classify --data three.tsv --test three.tsv --model gru --hidden 6 --epochs 6 --quiet --out run",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      try PeerTests.compare(sandbox, "run")
    }
  }

  /// `evaluate --json` against the recomputed figures.
  private static func compare(_ sandbox: Sandbox, _ run: String) throws {
    let script = TestFiles.golden("predictions.py")
    let peer = try Program.other([try #require(peerPython), script, "\(run)/predictions.tsv"], in: sandbox.path)
    try #require(peer.code == 0, "\(peer)")
    let expected = try #require(try MainJobTests.json(peer).objectValue)
    let found = try #require(
      try MainJobTests.json(try Program.run(["evaluate", run, "--json"], in: sandbox.path)).objectValue)
    for key in ["accuracy", "macroF1", "macroRecall", "macroPrecision", "loss"] {
      let (mine, theirs) = (try #require(found[key]?.doubleValue), try #require(expected[key]?.doubleValue))
      #expect(abs(mine - theirs) <= 1e-12, "\(key): \(mine) against \(theirs)")
    }
    #expect(found["count"]?.integerValue == expected["count"]?.integerValue)
  }

  @Test(
    .enabled(
      if: InputFile.isDirectory(films) && InputFile.exists(vectors), "MR or the word vectors are absent: set ENSUE_DATA"
    ))
  func movieReviews() throws {
    try Sandbox.with { sandbox in
      // Loading writes a cache beside the file: the data folder is not ours to write in.
      try FileManager.default.copyItem(atPath: vectors, toPath: sandbox.place("glove.txt"))
      let words =
        ["train", "classify", "--dataset", "mr", "--data", films]
        + Program.words("--embeddings glove.txt --train-embeddings --model lstm --epochs 1 --out run")
      let result = try Program.run(words, in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      #expect(
        result.errorText.contains("78.9 % of the tokens"),
        "the share of the tokens that has a vector is said: \(result)")
      let evaluated = try Program.run("evaluate run --json", in: sandbox.path)
      let accuracy = try #require(try MainJobTests.json(evaluated).objectValue?["accuracy"]?.doubleValue)
      #expect(accuracy > 0.6, "\(evaluated)")
      if peerPython != nil { try PeerTests.compare(sandbox, "run") }
    }
  }
}
