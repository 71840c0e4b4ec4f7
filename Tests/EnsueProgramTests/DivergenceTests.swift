// Training that leaves the numbers: said where, with what was good kept.

import EnsueFiles
import Foundation
import Testing

@Suite struct DivergenceTests {
  @Test func hugeWordVectors() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Sentences.vectors(width: 4, value: "3e38"), "v.txt")
      let result = try Program.run(
        "train classify --data data.tsv --model mean --quiet --out run --embeddings v.txt --train-embeddings",
        in: sandbox.path)
      #expect(result.code == 79, "\(result)")
      #expect(result.errorText.contains("diverged at step 1: "), "\(result)")
      // Sums of such vectors are beyond 32 bits.
      #expect(result.errorText.contains(#/the (parameter|gradient of) [a-z]+/#), "\(result)")
      #expect(result.errorLines.count == 1 && !sandbox.exists("run/bundle"))
    }
  }

  @Test func hugeSteps() throws {
    try Sandbox.with { sandbox in
      // Some good epochs first, so that there is a checkpoint to keep.
      let options =
        "--model bag-of-words --optimizer sgd --learning-rate 100 --set training.clipNorm=none --weight-decay 10"
      let result = try Program.run(
        "train classify --data data.tsv \(options) --epochs 400 --patience 1000 --quiet --out run"
          + " --set training.checkpointSeconds=0.0001", in: sandbox.path)
      #expect(result.code == 79, "\(result)")
      let pattern = #/training diverged at step [0-9]+: the loss is .*, the (parameter|gradient of) [a-z.A-Z]+/#
      #expect(result.errorText.contains(pattern), "\(result)")
      let kept = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints"))
      #expect(!kept.isEmpty && kept.count <= 2, "\(kept)")
      #expect(!sandbox.exists("run/bundle"))
      // Again: the same end, and nothing lost.
      let before = try sandbox.snapshot()
      let again = try Program.run("compare run", in: sandbox.path)
      #expect(again.code == 0, "\(again)")
      #expect(try sandbox.snapshot() == before)
    }
  }
}
