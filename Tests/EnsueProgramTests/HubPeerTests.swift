// The cache of `ensue pull` and Python's huggingface_hub, in both directions.

import EnsueTestSupport
import Foundation
import Testing

/// Python with huggingface_hub: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let hubPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other([python, "-c", "import huggingface_hub"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

@Suite struct HubPeerTests {
  @Test(.enabled(if: hubPython != nil, "no Python with huggingface_hub: set ENSUE_PEER_PYTHON"))
  func bothReadTheSameCache() throws {
    try TestFiles.withDirectory { directory in
      let script = "\(TestFiles.root)/Tests/EnsueHubTests/with_huggingface_hub.py"
      let result = try Program.other([try #require(hubPython), script, Program.path], in: directory)
      #expect(result.code == 0 && result.outputLines.last == "0 failed", "\(result)")
    }
  }
}
