// Learning merges: Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units" (2016).
// The most frequent pair of neighbours becomes one symbol, again and again. Only words that have the pair are visited;
// the queue holds counts that may be too high, and an entry is looked at again before it is believed.
//
// Ties go to the smaller left symbol, then to the smaller right one. A pair's own count stays as it was when it is
// merged, what is left of it in `aaa` included: both as in the trainers of Hugging Face's tokenizers, so that the merges
// are theirs.

/// Words as symbols, and the merges learnt from them.
struct MergeLearner {
  /// The spelling of every symbol; the index is the symbol, and the id.
  private(set) var vocabulary: ByteTable
  private(set) var merges: [(left: Int32, right: Int32)] = []

  /// Left out where two spellings are joined, from the right one: `##` of word pieces.
  private let continuingPrefix: [UInt8]
  private let counts: [Int]
  private var symbols: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int] = []
  private var pairs = SymbolPairTable()
  private var pairKeys: [UInt64] = []
  private var pairCounts: [Int] = []
  private var queue = MergeQueue()
  /// Words of each entry of the queue.
  private var lists: [[Int32]] = []
  /// For each pair its list since the last merge, or -1; and which pairs have one.
  private var openLists: [Int] = []
  private var openPairs: [Int] = []

  /// - Parameters:
  ///   - vocabulary: the symbols there are before any merge.
  ///   - words: the symbols of each word.
  ///   - counts: how often each occurs.
  init(vocabulary: ByteTable, words: [[Int32]], counts: [Int], continuingPrefix: [UInt8] = []) {
    self.vocabulary = vocabulary
    self.continuingPrefix = continuingPrefix
    self.counts = counts
    for word in words {
      starts.append(symbols.count)
      lengths.append(word.count)
      symbols += word
    }
    for word in words.indices {
      for place in starts[word]..<max(starts[word] + lengths[word] - 1, starts[word]) {
        add(1, symbols[place], symbols[place + 1], word)
      }
    }
    enqueue()
  }

  /// Learns the next merge.
  /// - Returns: false where no pair occurs `minimumFrequency` times any more.
  mutating func learn(minimumFrequency: Int) -> Bool {
    while var top = queue.pop() {
      let count = pairCounts[top.index]
      if top.count != count {
        top.count = count
        queue.push(top)
        continue
      }
      guard count >= max(minimumFrequency, 1) else { return false }
      merge(top)
      return true
    }
    return false
  }

  private mutating func merge(_ entry: MergeQueue.Entry) {
    let (left, right) = (Int32(entry.pair >> 32), Int32(entry.pair & 0xFFFF_FFFF))
    var tail = vocabulary[Int(right)][...]
    if !continuingPrefix.isEmpty, tail.starts(with: continuingPrefix) { tail = tail.dropFirst(continuingPrefix.count) }
    // A spelling may come about in two ways; it is one symbol.
    let symbol = Int32(vocabulary.insert(vocabulary[Int(left)] + tail).index)
    merges.append((left, right))
    let words = lists[entry.words]
    lists[entry.words] = []
    for word in words { merge(left, right, into: symbol, in: Int(word)) }
    enqueue()
  }

  /// Joins the pair in a word, from its beginning on.
  private mutating func merge(_ left: Int32, _ right: Int32, into symbol: Int32, in word: Int) {
    let start = starts[word]
    let end = start + lengths[word]
    var (place, kept) = (start, start)
    while place < end {
      guard symbols[place] == left, place + 1 < end, symbols[place + 1] == right else {
        symbols[kept] = symbols[place]
        kept += 1
        place += 1
        continue
      }
      if kept > start {
        add(-1, symbols[kept - 1], left, word)
        add(1, symbols[kept - 1], symbol, word)
      }
      if place + 2 < end {
        add(-1, right, symbols[place + 2], word)
        add(1, symbol, symbols[place + 2], word)
      }
      symbols[kept] = symbol
      kept += 1
      place += 2
    }
    lengths[word] = kept - start
  }

  /// Counts a pair of a word once more or once less.
  private mutating func add(_ change: Int, _ left: Int32, _ right: Int32, _ word: Int) {
    let key = SymbolPairTable.pair(left, right)
    let pair = pairs.index(of: key)
    if pair == pairCounts.count {
      pairKeys.append(key)
      pairCounts.append(0)
      openLists.append(-1)
    }
    pairCounts[pair] += change * counts[word]
    guard change > 0 else { return }
    if openLists[pair] < 0 {
      openLists[pair] = lists.count
      openPairs.append(pair)
      lists.append([])
    }
    let list = openLists[pair]
    if lists[list].last != Int32(word) { lists[list].append(Int32(word)) }
  }

  /// Puts the pairs that have come about into the queue.
  private mutating func enqueue() {
    for pair in openPairs {
      if pairCounts[pair] > 0 {
        queue.push(
          MergeQueue.Entry(count: pairCounts[pair], pair: pairKeys[pair], index: pair, words: openLists[pair]))
      } else {
        lists[openLists[pair]] = []
      }
      openLists[pair] = -1
    }
    openPairs.removeAll(keepingCapacity: true)
  }
}
