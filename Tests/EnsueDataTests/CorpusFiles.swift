// Corpora written for a test.

import EnsueData
import EnsueFiles

enum CorpusFiles {
  /// Writes documents and opens what was written.
  static func write(
    _ documents: [[Int32]], to folder: String, vocabularySize: Int, shardTokens: Int = 1 << 20
  ) throws -> TokenCorpus {
    var writer = try TokenCorpusWriter(folder, vocabularySize: vocabularySize, shardTokens: shardTokens)
    for document in documents {
      try writer.append(document)
      writer.endDocument()
    }
    _ = try writer.finish()
    return try TokenCorpus(contentsOf: folder)
  }

  /// Ids that look like nothing in particular.
  static func ids(_ count: Int, below vocabularySize: Int) -> [Int32] {
    (0..<count).map { Int32(truncatingIfNeeded: ($0 &* 2_654_435_761 &+ $0 >> 3) % vocabularySize) }
  }
}
