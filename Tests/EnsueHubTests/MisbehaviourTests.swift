// Every misbehaviour ends as it should: with the file whole, or with one clear line; never with anything wrong in the
// cache; and what is left does not keep the next pull from ending well.

import EnsueFiles
import EnsueHub
import EnsueTestSupport
import Foundation
import Testing

@Suite struct MisbehaviourTests {
  @Test(arguments: Misbehaviour.all) func endsAsItShould(_ misbehaviour: Misbehaviour) throws {
    try HubTrial.with { trial in
      let hub = try FakeHub(answer: misbehaviour.answer)
      let pauses = HubTrial.Pauses()
      let client = try trial.client(hub, tries: misbehaviour.tries, token: "hf_secret", pauses: pauses)
      switch misbehaviour.outcome {
      case .pulled:
        _ = try client.pull(HubTrial.reference())
        try trial.checkPulled(hub, "\(misbehaviour.name)")
      case .refused(let kind, let words):
        let failure = #expect(throws: Failure.self) { try client.pull(HubTrial.reference()) }
        #expect(failure?.kind == kind, "\(failure?.description ?? "nothing")")
        let text = failure?.description ?? ""
        for word in words where !word.isEmpty { #expect(text.contains(word), "\(word) expected in \(text)") }
        #expect(text.utf8.count < 700 && !text.contains("hf_secret") && !text.contains("signature"), "\(text)")
        #expect(!text.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "\(text)")
        #expect(try trial.cache.snapshot(HubTrial.reference()) == nil)
        try trial.checkCache(misbehaviour.name)
      }
      // The token stays where it belongs, and no pause is longer than promised.
      #expect(hub.store.requests.allSatisfy { $0["Authorization"] == nil })
      #expect(hub.server.requests.allSatisfy { $0["Authorization"] == "Bearer hf_secret" })
      #expect(pauses.all.allSatisfy { (0...60).contains($0) }, "\(pauses.all)")
      #expect(pauses.all.count < 24)
      let sound = try FakeHub()
      _ = try trial.client(sound).pull(HubTrial.reference())
      try trial.checkPulled(sound, "after \(misbehaviour.name)")
    }
  }

  @Test func thereAreManyMisbehaviours() {
    #expect(Misbehaviour.all.count >= 45)
  }
}
