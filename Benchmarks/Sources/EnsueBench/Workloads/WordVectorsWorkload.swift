// word-vectors, as in peers/word-vectors.py: a GloVe text file of 400,000 x 50 into a matrix and a word index.

import Ensue

struct WordVectorsWorkload: Workload {
  let rows: [RowDescription]

  private static let wordCount = 400_000

  init(name: String) throws {
    rows = [
      RowDescription(name: name, unit: .seconds), RowDescription(name: "\(name)-cached", unit: .seconds),
    ]
  }

  mutating func warmUp() throws {
    guard InputFile.exists(Places.vectors) else {
      throw Failure(
        .missing, at: Places.vectors, "a word-vector file expected, found none",
        advice: "Write it with Benchmarks/peers/make-vectors.py, which needs numpy.")
    }
    // The file into the page cache, as for the peer.
    _ = try InputFile.digest(of: Places.vectors)
  }

  /// One load of the text, which writes the cache too, and one from the cache, whatever `seconds` says.
  mutating func block(seconds: Double) throws -> [Double] {
    try OutputFile.remove(Places.vectors + ".ensue-vectors")
    let text = try load()
    let cached = try load()
    guard case .read = cached.report.cache else {
      throw Failure(.internal, at: Places.vectors, "the cache expected to be read, found that it was not")
    }
    try OutputFile.remove(Places.vectors + ".ensue-vectors")
    return [text.seconds, cached.seconds]
  }

  private func load() throws -> (seconds: Double, report: WordVectorReport) {
    let start = now()
    let vectors = try WordVectors(contentsOf: Places.vectors)
    let seconds = now() - start
    guard vectors.count == Self.wordCount else {
      throw Failure(
        .data, at: Places.vectors, "\(Self.wordCount) words expected, found \(vectors.count)",
        advice: "Remove it to make it anew.")
    }
    return (seconds, vectors.report)
  }
}
