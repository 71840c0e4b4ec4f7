// `ensue pull` as users meet it: killed at any moment and started again, two at once, offline, and its messages.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Synchronization
import Testing

@Suite(.serialized) struct PullTests {
  /// The variables of a process that asks this Hub and no other, and keeps its files in the sandbox.
  private static func environment(_ hub: FakeHub, _ sandbox: Sandbox, _ more: [String: String] = [:]) -> [String:
    String]
  {
    [
      "HF_ENDPOINT": hub.server.address, "HF_HUB_CACHE": sandbox.place("hub"), "HF_HOME": sandbox.place("home"),
      "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "", "HF_TOKEN": "", "HF_HUB_DOWNLOAD_TIMEOUT": "5",
    ].merging(more) { $1 }
  }

  private static let snapshot = "hub/models--org--tiny/snapshots/\(FakeHub.commit)"

  private static func checkPulled(_ hub: FakeHub, _ sandbox: Sandbox) throws {
    for file in hub.files where !file.name.hasSuffix(".bin") {
      #expect(try sandbox.bytes("\(snapshot)/\(file.name)") == file.content, "\(file.name)")
    }
    #expect(try sandbox.text("hub/models--org--tiny/refs/main") == FakeHub.commit)
    let blobs = try InputFile.names(in: sandbox.place("hub/models--org--tiny/blobs"))
    #expect(blobs.allSatisfy { !$0.hasSuffix(".incomplete") }, "\(blobs)")
  }

  @Test func theFolderIsPrinted() throws {
    try Sandbox.with { sandbox in
      let hub = try FakeHub()
      let environment = PullTests.environment(hub, sandbox)
      let first = try Program.run("pull org/tiny", in: sandbox.path, environment: environment)
      #expect(first.code == 0 && first.outputLines == [sandbox.place(PullTests.snapshot)], "\(first)")
      #expect(first.errorText.contains("5 files") && first.errorText.contains(FakeHub.commit), "\(first)")
      try PullTests.checkPulled(hub, sandbox)
      let second = try Program.run("pull hub:org/tiny@main --verify", in: sandbox.path, environment: environment)
      #expect(second.code == 0 && second.errorText.contains("all were there"), "\(second)")
      let quiet = try Program.run("pull org/tiny --quiet", in: sandbox.path, environment: environment)
      #expect(quiet.code == 0 && quiet.error.isEmpty, "\(quiet)")
      let more = try Program.run(
        "pull org/tiny --include *.bin --include *.json", in: sandbox.path, environment: environment)
      #expect(more.code == 0 && more.errorText.contains("pickled Python objects"), "\(more)")
      let bare = try FakeHub([FakeFile("config.json", "{}")])
      let weightless = try Program.run(
        "pull org/tiny", in: sandbox.path,
        environment: PullTests.environment(bare, sandbox, ["HF_HUB_CACHE": sandbox.place("bare")]))
      #expect(weightless.code == 0 && weightless.errorText.contains("has no weights as safetensors"), "\(weightless)")
      #expect(sandbox.exists("\(PullTests.snapshot)/pytorch_model.bin"))
    }
  }

  /// What a Hub gave of the weights at each request for them: from where to where.
  private final class Deliveries: Sendable {
    private let ranges = Mutex<[(start: Int, end: Int)]>([])
    var all: [(start: Int, end: Int)] { ranges.withLock { $0 } }

    /// - Returns: the request's number.
    func begin(at start: Int) -> Int {
      ranges.withLock { ranges in
        ranges.append((start, start))
        return ranges.count - 1
      }
    }

    func reach(_ end: Int, _ request: Int) { ranges.withLock { $0[request].end = end } }
  }

  /// The sizes of a trial with kills.
  private struct KillTrial {
    var size: Int
    /// Bytes that come at once, and the pause before the next.
    var piece: Int
    var pause: UInt32
    /// The latest moment of a kill, as a share of what a whole pull takes.
    var reach: Double

    static let usual = KillTrial(size: 1 << 20, piece: 8192, pause: 4000, reach: 0.125)
    /// What is there is hashed before more is asked for, which takes a moment of its own.
    static let large = KillTrial(size: 256 << 20, piece: 512 << 10, pause: 8000, reach: 0.5)
    /// By `ENSUE_LARGE_PULL`: minutes.
    static let chosen: [KillTrial] =
      [usual] + (ProcessInfo.processInfo.environment["ENSUE_LARGE_PULL"] == "1" ? [large] : [])
  }

  /// A Hub whose weights come in pieces, so slowly that a kill meets every part of the work.
  private static func slowHub(_ trial: KillTrial, _ deliveries: Deliveries) throws -> FakeHub {
    let (piece, pause) = (trial.piece, trial.pause)
    return try FakeHub(FakeHub.usualFiles(size: trial.size)) { visit in
      guard visit.question == .content("model.safetensors"), let file = visit.file else { return false }
      let (start, end) = (min(visit.request.start ?? 0, file.content.count), file.content.count)
      let range = start > 0 ? ["Content-Range: bytes \(start)-\(end - 1)/\(end)"] : []
      visit.send(start > 0 ? "206 Partial Content" : "200 OK", range + ["Content-Length: \(end - start)"], [])
      let request = deliveries.begin(at: start)
      for offset in stride(from: start, to: end, by: piece) {
        let next = min(offset + piece, end)
        guard visit.connection.send(Array(file.content[offset..<next])) else { break }
        deliveries.reach(next, request)
        usleep(pause)
      }
      return true
    }
  }

  @Test func killedTwoHundredTimesAndWholeInTheEnd() throws {
    for trial in KillTrial.chosen { try PullTests.killTwoHundredTimes(trial) }
  }

  private static func killTwoHundredTimes(_ trial: KillTrial) throws {
    try Sandbox.with { sandbox in
      let deliveries = Deliveries()
      let hub = try PullTests.slowHub(trial, deliveries)
      let environment = PullTests.environment(hub, sandbox)
      var (kills, wholes) = (0, 0)
      // How long a whole one takes here and now.
      let start = ContinuousClock.now
      let first = try Program.run("pull org/tiny --quiet", in: sandbox.path, environment: environment)
      let whole = (ContinuousClock.now - start) / .seconds(1)
      #expect(first.code == 0, "\(first)")
      try sandbox.remove("hub")
      while kills < 200 && wholes < 100 {
        let before = hub.server.connectionCount
        let program = try Program.start(["pull", "org/tiny", "--quiet"], in: sandbox.path, environment: environment)
        while hub.server.connectionCount == before && program.isRunning { usleep(2000) }
        Thread.sleep(forTimeInterval: Double.random(in: 0...whole * trial.reach))
        program.send(SIGKILL)
        let result = try program.result()
        if result.signal == SIGKILL {
          kills += 1
          continue
        }
        // Whole: once more from the beginning.
        wholes += 1
        #expect(result.code == 0, "\(result)")
        try PullTests.checkPulled(hub, sandbox)
        try sandbox.remove("hub")
      }
      #expect(kills == 200 && wholes > 0, "\(kills) kills, \(wholes) whole")
      let last = try Program.run("pull org/tiny --quiet", in: sandbox.path, environment: environment)
      #expect(last.code == 0, "\(last)")
      try PullTests.checkPulled(hub, sandbox)
      let again = try Program.run("pull org/tiny --verify", in: sandbox.path, environment: environment)
      #expect(again.code == 0 && again.errorText.contains("all were there"), "\(again)")
      // What had arrived was never asked for again: of a request that was cut, the next one begins where it ended, but
      // for what was on its way at the kill: the piece in transit, and one that was sent to nobody. A busy machine may
      // hold up one more.
      let given = deliveries.all
      #expect(given.count > 20)
      for (cut, next) in zip(given, given.dropFirst()) where cut.end < trial.size {
        #expect(next.start >= cut.end - 3 * trial.piece, "\(cut) and then \(next)")
      }
    }
  }

  /// A Hub that gives 100,000 bytes of the weights when it is first asked for them, then nothing for three seconds.
  private static func haltingHub() throws -> FakeHub {
    try FakeHub { visit in
      guard visit.question == .content("model.safetensors"), visit.count == 0, let file = visit.file else {
        return false
      }
      visit.send(["Content-Length: \(file.content.count)"], Array(file.content.prefix(100_000)))
      sleep(3)
      return true
    }
  }

  @Test func interruptedAndResumed() throws {
    try Sandbox.with { sandbox in
      let hub = try PullTests.haltingHub()
      let environment = PullTests.environment(hub, sandbox)
      let weights = try #require(hub.files.first { $0.name == "model.safetensors" })
      let partial = "hub/models--org--tiny/blobs/\(weights.hash).incomplete"
      let program = try Program.start(["pull", "org/tiny"], in: sandbox.path, environment: environment)
      for _ in 0..<400 where !sandbox.exists(partial) || (try? sandbox.bytes(partial).count) != 100_000 {
        Thread.sleep(forTimeInterval: 0.01)
      }
      program.send(SIGINT)
      let stopped = try program.result()
      #expect(stopped.signal == SIGINT || stopped.code == 130, "\(stopped)")
      let last = try Program.run("pull org/tiny", in: sandbox.path, environment: environment)
      #expect(last.code == 0, "\(last)")
      try PullTests.checkPulled(hub, sandbox)
      #expect(hub.store.requests.last?.start == 100_000)
    }
  }

  @Test func twoProcessesShareTheWork() throws {
    try Sandbox.with { sandbox in
      let hub = try FakeHub { visit in
        if visit.question == .content("model.safetensors") { usleep(300_000) }
        return false
      }
      let environment = PullTests.environment(hub, sandbox)
      let programs = try (0..<3).map { _ in
        try Program.start(["pull", "org/tiny", "--quiet"], in: sandbox.path, environment: environment)
      }
      for program in programs { #expect(try program.result().code == 0) }
      try PullTests.checkPulled(hub, sandbox)
      #expect(hub.store.requests.count == 1)
    }
  }

  @Test func anotherTakesOverFromTheKilled() throws {
    try Sandbox.with { sandbox in
      let hub = try PullTests.haltingHub()
      let environment = PullTests.environment(hub, sandbox)
      let first = try Program.start(["pull", "org/tiny"], in: sandbox.path, environment: environment)
      for _ in 0..<400 where hub.store.requests.isEmpty { Thread.sleep(forTimeInterval: 0.01) }
      let second = try Program.start(["pull", "org/tiny"], in: sandbox.path, environment: environment)
      Thread.sleep(forTimeInterval: 0.5)
      #expect(second.isRunning)
      first.send(SIGKILL)
      #expect(try first.result().signal == SIGKILL)
      let result = try second.result()
      #expect(result.code == 0, "\(result)")
      try PullTests.checkPulled(hub, sandbox)
    }
  }

  @Test func offlineAsksNobody() throws {
    try Sandbox.with { sandbox in
      let hub = try FakeHub()
      let offline = PullTests.environment(hub, sandbox, ["HF_HUB_OFFLINE": "1"])
      let absent = try Program.run("pull org/tiny", in: sandbox.path, environment: offline)
      #expect(absent.code == 66 && absent.errorLines.count == 1, "\(absent)")
      #expect(absent.errorText.contains("offline (HF_HUB_OFFLINE) and not in the cache"), "\(absent)")
      #expect(hub.server.connectionCount == 0)
      let online = PullTests.environment(hub, sandbox)
      #expect(try Program.run("pull org/tiny", in: sandbox.path, environment: online).code == 0)
      let before = hub.server.connectionCount
      let present = try Program.run("pull org/tiny", in: sandbox.path, environment: offline)
      #expect(present.code == 0 && present.outputLines == [sandbox.place(PullTests.snapshot)], "\(present)")
      #expect(hub.server.connectionCount == before)
    }
  }

  /// Whether the calls of a process can be watched here.
  private static let traces =
    (try? Program.other(["strace", "-f", "-qq", "-e", "trace=network", "true"], in: NSTemporaryDirectory()))?.code == 0

  /// By the calls of the system: not even a name is looked up. With a connection there are sockets, so the watch sees.
  @Test(.enabled(if: PullTests.traces, "no strace that may watch a process")) func offlineOpensNoSocket() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      let files = try InputFile.names(in: sandbox.place("encoder")).map { name in
        FakeFile(name, try sandbox.bytes("encoder/\(name)"), isLarge: name == "model.safetensors")
      }
      let hub = try FakeHub(files)
      func calls(_ words: String, _ variables: [String: String], code: Int32) throws -> [Substring] {
        let result = try Program.shell(
          "strace -f -qq -e trace=network -o calls \"$ENSUE\" \(words)", in: sandbox.path,
          environment: PullTests.environment(hub, sandbox, variables))
        #expect(result.code == code, "\(words): \(result)")
        return try sandbox.text("calls").split(separator: "\n").filter { $0.contains("(") }
      }
      #expect(try calls("pull org/tiny --quiet", [:], code: 0).contains { $0.contains("socket(") })
      let offline = ["HF_HUB_OFFLINE": "1"]
      for (words, code) in [
        ("pull org/tiny", 0), ("pull org/tiny --verify", 0), ("pull org/none", 66), ("predict hub:org/tiny good", 0),
        ("embed hub:org/tiny good", 0), ("embed hub:org/none good", 66),
      ] as [(String, Int32)] {
        let found = try calls(words, offline, code: code)
        #expect(found.isEmpty, "\(words): \(found)")
      }
    }
  }

  @Test(
    arguments: [
      (["pull", "../evil"], [:], 64, "the name of a repository"), (["pull", "a/b/c"], [:], 64, "ORG/NAME"),
      (["pull"], [:], 64, "MODEL"), (["pull", "org/other"], [:], 66, "no repository org/other"),
      (["pull", "org/tiny", "--include", "*.nothing"], [:], 66, "files of a model expected"),
      (["pull", "org/tiny"], ["HF_ENDPOINT": "http://huggingface.co"], 78, "https expected"),
      (["pull", "org/tiny"], ["HF_TOKEN": "a b"], 78, "a token of plain characters"),
      (["pull", "org/tiny"], ["HF_HUB_CACHE": "/proc/nowhere"], 73, "/proc/nowhere"),
    ] as [([String], [String: String], Int32, String)])
  func whatCannotBeDoneIsSaid(
    _ arguments: [String], _ variables: [String: String], _ code: Int32, _ words: String
  ) throws {
    try Sandbox.with { sandbox in
      let hub = try FakeHub()
      let result = try Program.run(
        arguments, in: sandbox.path, environment: PullTests.environment(hub, sandbox, variables))
      #expect(result.code == code && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.hasPrefix("error: ") && result.errorText.contains(words), "\(result)")
      #expect(!sandbox.exists("\(PullTests.snapshot)/config.json"))
    }
  }

  @Test func aFullDiskIsSaid() throws {
    try Sandbox.with { sandbox in
      // A limit on the size of files stands for the disk: writing fails half-way with the system's own words.
      let hub = try FakeHub(FakeHub.usualFiles(size: 1 << 20))
      let environment = PullTests.environment(hub, sandbox)
      let result = try Program.shell(
        "trap '' XFSZ; ulimit -f 256; \"$ENSUE\" pull org/tiny", in: sandbox.path, environment: environment)
      #expect(result.code == 74 && result.errorText.contains("writing failed: File too large"), "\(result)")
      #expect(result.errorLines.count == 1)
      let last = try Program.run("pull org/tiny", in: sandbox.path, environment: environment)
      #expect(last.code == 0, "\(last)")
      try PullTests.checkPulled(hub, sandbox)
      #expect((hub.store.requests.last?.start ?? 0) > 0)
    }
  }
}
