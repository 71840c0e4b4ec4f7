// A parallel data set as ids, with the count of what its vocabularies do not know.

import EnsueFiles
import EnsueText

/// Pairs as ids.
public struct EncodedDataset: Sendable, Equatable {
  public let name: String
  public let pairs: [EncodedPair]
  /// The symbols of the sources and those of the targets.
  public let source: SymbolCount
  public let target: SymbolCount

  /// How many symbols there are on a side.
  public struct SymbolCount: Sendable, Equatable {
    public fileprivate(set) var symbols = 0
    /// Those that the vocabulary does not have.
    public fileprivate(set) var unknown = 0
    /// The most symbols of a sentence.
    public fileprivate(set) var longest = 0
  }

  /// Encodes all pairs in their order.
  public init(_ dataset: ParallelDataset, source: SequenceCodec, target: SequenceCodec) {
    var (sources, targets) = (SymbolCount(), SymbolCount())
    let unknown = (source: source.codec.unknownSymbol, target: target.codec.unknownSymbol)
    pairs = dataset.pairs.map { pair in
      let encoded = EncodedPair(source: source.encode(pair.source), target: target.encode(pair.target))
      sources.add(encoded.source, unknown.source)
      targets.add(encoded.target, unknown.target)
      return encoded
    }
    (name, self.source, self.target) = (dataset.name, sources, targets)
  }

  public var count: Int { pairs.count }

  /// The symbols of each pair, as `PairBatches` takes them.
  public var lengths: [(source: Int, target: Int)] { pairs.map { ($0.source.count, $0.target.count) } }

  /// A line a side.
  public var lines: [String] {
    [("source", source), ("target", target)].map { side, count in
      let mean = self.count == 0 ? 0 : Double(count.symbols) / Double(self.count)
      let unknown =
        count.unknown == 0
        ? "none unknown"
        : "\(PrintedNumber.grouped(count.unknown)) unknown (\(PrintedNumber.percent(count.unknown, of: count.symbols)))"
      return "\(name) \(side): \(PrintedNumber.counted(count.symbols, "symbol", "symbols")),"
        + " \(PrintedNumber.decimal(mean)) a sentence, at most \(PrintedNumber.grouped(count.longest)), \(unknown)"
    }
  }

  /// An object with the counts of both sides.
  public var json: JSONValue {
    func object(_ count: SymbolCount) -> JSONValue {
      .object([
        "symbols": .number(count.symbols), "unknown": .number(count.unknown), "longest": .number(count.longest),
      ])
    }
    return .object(["pairs": .number(count), "source": object(source), "target": object(target)])
  }
}

extension EncodedDataset.SymbolCount {
  fileprivate mutating func add(_ ids: [Int32], _ unknownID: Int32?) {
    symbols += ids.count
    longest = max(longest, ids.count)
    if let unknownID { unknown += ids.count { $0 == unknownID } }
  }
}
