// Ensue and a peer in turns: the blocks, their medians, and what makes them doubtful.

import Ensue
import Foundation

/// A measured row of the table.
struct MeasuredRow: Sendable {
  let row: RowDescription
  let ensue: Double
  let peer: Double?

  var ratio: Double? { peer.map { row.unit.ratio(ensue: ensue, peer: $0) } }

  func peakShare(_ peak: MachinePeak) -> Double? {
    row.operationsPerUnit.map { $0 * row.unit.rate(ensue) / peak.operationsPerSecond }
  }
}

/// All rows of a workload, and remarks to print below the table.
struct WorkloadResult: Sendable {
  let workload: WorkloadKind
  var rows: [MeasuredRow] = []
  var remarks: [String] = []
  /// What the peer's figures are of.
  var peerVersion: String?
}

/// Lets Ensue and the peer take turns.
struct Comparison {
  let places: Places
  let options: BenchOptions

  /// Blocks of one side that differ by more are not to be trusted.
  private static let largestSpread = 1.2
  /// A quiet machine interrupts some 40 times a second; above this, something else wanted the cores.
  private static let mostPreemptions = 150.0
  /// Between two blocks, so that threads of the side that ran have gone to sleep.
  private static let pause = 0.05

  /// Measures a workload. A missing peer or missing data is a remark, not an error.
  func measure(_ kind: WorkloadKind) throws -> WorkloadResult {
    var result = WorkloadResult(workload: kind)
    // First the peer: it makes the word-vector file where there is none.
    let peer = startPeer(kind, &result)
    defer { peer?.stop() }
    do {
      var workload = try kind.makeWorkload(places, options)
      try workload.warmUp()
      try alternate(&workload, peer, &result)
    } catch let failure as Failure where failure.kind == .missing {
      result.rows = []
      result.remarks = ["\(kind.rawValue): skipped: \(failure)"]
    }
    return result
  }

  private func startPeer(_ kind: WorkloadKind, _ result: inout WorkloadResult) -> Peer? {
    guard let script = kind.peerScript else { return nil }
    do {
      return try Peer(script: script, arguments: kind.peerArguments(options), places: places, options: options)
    } catch {
      result.remarks.append("\(kind.rawValue): no peer: \(error)")
      return nil
    }
  }

  private func alternate(
    _ workload: inout any Workload, _ peer: Peer?, _ result: inout WorkloadResult
  ) throws {
    var ensue: [[Double]] = []
    var peers: [(block: PeerBlock, elapsed: Double)] = []
    for _ in 0..<options.blocks {
      ensue.append(try workload.block(seconds: options.seconds))
      Thread.sleep(forTimeInterval: Self.pause)
      guard let peer else { continue }
      let start = now()
      peers.append((try peer.run(), now() - start))
      Thread.sleep(forTimeInterval: Self.pause)
    }
    result.peerVersion = peers.first?.block.version
    if let said = peers.first?.block.remark { result.remarks.append("\(result.workload.rawValue): \(said)") }
    for (index, row) in workload.rows.enumerated() {
      let compared = row.comparedRow.flatMap { name in workload.rows.firstIndex { $0.name == name } }
      let figures = compared.map { other in ensue.map { $0[other] } } ?? peers.compactMap { $0.block.figure(row) }
      result.rows.append(
        MeasuredRow(
          row: row, ensue: median(ensue.map { $0[index] }), peer: figures.isEmpty ? nil : median(figures)))
      // What another row has too is remarked upon there.
      if compared != nil { continue }
      remark(row.name, "Ensue", ensue.map { $0[index] }, &result)
      if index == 0 || peers.first?.block.rows != nil { remark(row.name, "the peer", figures, &result) }
    }
    let preemptions = median(peers.map { Double($0.block.preemptions) / $0.elapsed })
    if preemptions > Self.mostPreemptions {
      result.remarks.append(
        """
        \(result.workload.rawValue): the peer lost a core \(Int(preemptions.rounded())) times a second (quiet: some \
        40): the machine is busy, the ratio does not count
        """)
    }
  }

  private func remark(_ name: String, _ side: String, _ figures: [Double], _ result: inout WorkloadResult) {
    guard let least = figures.min(), let most = figures.max(), most > Self.largestSpread * least else { return }
    result.remarks.append(
      "\(name): blocks of \(side) differ by a factor of \(Format.fixed(most / least, places: 2)): measure again")
  }
}
