// The value every reader and generator of pairs makes: pairs of sentences, and what was read.

import EnsueFiles

/// Pairs of sentences with the report of their reading.
public struct ParallelDataset: Sendable, Equatable {
  /// What it is called in tables, such as `multi30k training`.
  public let name: String
  /// The pairs, in the order of their files.
  public let pairs: [SentencePair]
  /// What was read, dropped and replaced on the way.
  public let report: ParallelReport

  public init(name: String, pairs: [SentencePair], report: ParallelReport) {
    (self.name, self.pairs, self.report) = (name, pairs, report)
  }

  public var count: Int { pairs.count }
  public var isEmpty: Bool { pairs.isEmpty }

  /// The digest of the texts and their order: the same contents have the same digest, from whichever files.
  public var contentDigest: Digest {
    var digest = IncrementalDigest()
    for pair in pairs {
      digest.append(Array(pair.source.utf8) + [0])
      digest.append(Array(pair.target.utf8) + [0])
    }
    return digest.digest
  }

  /// The name and the report, a line each.
  public var lines: [String] { [name] + report.lines.map { "  \($0)" } }
}
