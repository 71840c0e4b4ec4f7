// A folder of shards as one long text.

import EnsueFiles

/// Token ids in files that may be larger than memory.
///
/// A folder holds `corpus.json` and the shards it names. Everything is checked when the corpus is opened: the index, the
/// shards' headers and sizes, and, by reading all of it twice, the digests and that no id lies outside the vocabulary.
/// Afterwards ids are read as they are asked for, by any number of threads; in memory are only the places where
/// documents begin, 4 bytes each.
public struct TokenCorpus: TokenSource {
  public let folder: String
  public let index: TokenCorpusIndex
  /// Names the ids, how they are spread over shards, and the vocabulary's size.
  public let digest: String
  private let shards: [TokenShard]
  /// The position of each shard's first id, and at the end the number of ids.
  private let starts: [Int]

  public var vocabularySize: Int { index.vocabularySize }
  public var count: Int { starts[starts.count - 1] }

  /// Opens and checks a corpus.
  /// - Throws: `Failure` of kind `missing`, `data` or `inputOutput`.
  public init(contentsOf folder: String) throws {
    let index = try TokenCorpusIndex(folder: folder)
    var starts = [0]
    var shards: [TokenShard] = []
    for entry in index.shards {
      let path = "\(folder)/\(entry.file)"
      let shard = try TokenShard(path)
      guard shard.header.digest == entry.digest, shard.header.firstToken == starts[starts.count - 1],
        shard.header.tokenCount == entry.tokenCount, shard.header.documentCount == entry.documentCount,
        shard.header.vocabularySize == index.vocabularySize
      else {
        throw Failure(
          .data, at: path, "the shard with the digest \(entry.digest) expected, found \(shard.header.digest)",
          advice: "It belongs to another corpus, or was written anew.")
      }
      shards.append(shard)
      starts.append(starts[starts.count - 1] + entry.tokenCount)
    }
    (self.folder, self.index, self.shards, self.starts) = (folder, index, shards, starts)
    digest = index.digest.description
  }

  /// Where documents begin: 8 bytes of memory a document, made anew at every call.
  public var documentStarts: [Int] {
    zip(shards, starts).flatMap { shard, start in shard.documentStarts.map { start + Int($0) } }
  }

  public func tokens(_ range: Range<Int>) throws -> [Int32] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "ids \(range) of \(count)")
    return try [Int32](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      var position = range.lowerBound
      var shard = shard(of: position)
      while position < range.upperBound {
        let end = min(range.upperBound, starts[shard + 1])
        let place = position - range.lowerBound
        try shards[shard].read(
          position - starts[shard]..<end - starts[shard],
          into: UnsafeMutableBufferPointer(rebasing: buffer[place..<place + end - position]))
        position = end
        shard += 1
      }
      initialized = range.count
    }
  }

  /// The shard with a position, by halving.
  private func shard(of position: Int) -> Int {
    var (low, high) = (0, shards.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= position { low = middle } else { high = middle }
    }
    return low
  }
}
