// A language model trained on a corpus that is larger than the addresses its process may have.

#if os(Linux)
  import EnsueFiles
  import Foundation
  import Testing

  @Suite(.serialized) struct LargeCorpusTests {
    /// KiB that a process may address: not much more than the program takes for itself.
    private static let limit = 550 << 10
    /// Bytes of the text; its ids are twice as many.
    private static let textBytes = 300 << 20

    /// Room for the text and its ids.
    private static let hasRoom: Bool = {
      let attributes = try? FileManager.default.attributesOfFileSystem(forPath: NSTemporaryDirectory())
      return ((attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0) > 2 << 30
    }()

    /// Bytes become ids at a hundredth of the speed where nothing is optimised.
    private static let isOptimised: Bool = {
      #if DEBUG
        false
      #else
        true
      #endif
    }()

    private func limited(_ script: String, _ sandbox: Sandbox) throws -> ProgramResult {
      try Program.shell("ulimit -v \(LargeCorpusTests.limit) || exit 99\n\(script)", in: sandbox.path)
    }

    /// Built, trained on, killed in the middle of its first pass, gone on with: all below the limit.
    @Test(
      .enabled(if: hasRoom, "less than 2 GiB are free where temporary files lie"),
      .enabled(if: isOptimised, "takes many minutes in a debug build"))
    func aCorpusBeyondTheLimit() throws {
      try Sandbox.with { sandbox in
        let sentence = "the quick brown fox jumps over the lazy dog"
        try sandbox.write(String(repeating: sentence + "\n", count: 100), "held.txt")
        let built = try limited(
          """
          yes '\(sentence)' | head -c \(LargeCorpusTests.textBytes) > text.txt
          "$ENSUE" corpus build text.txt --level bytes --shard-tokens 1000000000 --quiet --out corpus
          """, sandbox)
        try #require(built.code == 0, "\(built)")
        try sandbox.remove("text.txt")
        let shard = try InputFile(sandbox.place("corpus/shard-00000.tokens")).size
        #expect(shard > LargeCorpusTests.limit << 10, "\(shard) bytes")
        let train =
          "\"$ENSUE\" train language --corpus corpus --validation held.txt --hidden 128 --layers 1 --batch 32"
          + " --steps 64 --max-steps 40 --validate-every 40 --sample-length 0 --threads 2 --quiet"
          + " --set training.checkpointSeconds=0.001 --out"
        let whole = try limited("\(train) whole", sandbox)
        try #require(whole.code == 0, "\(whole)")
        let killed = try limited(
          """
          \(train) killed & run=$!
          until ls killed/checkpoints 2>/dev/null | grep -q 'safetensors$' || ! kill -0 $run; do sleep 0.01; done
          kill -9 $run; wait $run
          """, sandbox)
        #expect(killed.code == 137 && !sandbox.exists("killed/bundle/model.safetensors"), "\(killed)")
        let resumed = try limited("\(train) killed", sandbox)
        #expect(resumed.code == 0, "\(resumed)")
        let digests = try ["whole", "killed"].map {
          try InputFile.digest(of: sandbox.place("\($0)/bundle/model.safetensors")).description
        }
        #expect(digests[0] == digests[1])
      }
    }
  }
#endif
