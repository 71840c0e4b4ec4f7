// n-grams of a line and its references as small numbers: equal n-grams have equal numbers, of order n the pair of
// an n-gram of order n − 1 and the symbol after it. Exact, and linear in the length at every order.

/// Numbers for words, in the order in which they appear.
struct WordNumbers {
  private var numbers: [ArraySlice<Unicode.Scalar>: UInt32] = [:]

  mutating func number(_ words: [ArraySlice<Unicode.Scalar>]) -> [UInt32] {
    words.map { word in
      let next = UInt32(numbers.count)
      if let number = numbers[word] { return number }
      numbers[word] = next
      return next
    }
  }
}

/// The n-grams of several sequences, order by order.
struct NGramNumbers {
  private let sequences: [[UInt32]]
  private var table: PairTable
  private(set) var order = 0
  /// Of every sequence the numbers of its n-grams, by where they begin.
  private(set) var numbers: [[UInt32]]
  /// Numbers are below this.
  private(set) var distinctCount = 0

  /// - Parameter sequences: symbols.
  init(_ sequences: [[UInt32]]) {
    self.sequences = sequences
    numbers = sequences.map { [UInt32](repeating: 0, count: $0.count) }
    table = PairTable(capacity: sequences.reduce(0) { $0 + $1.count })
  }

  /// Goes on to the next order.
  mutating func advance() {
    table.clear()
    for (index, sequence) in sequences.enumerated() {
      let count = max(0, sequence.count - order)
      numbers[index].removeLast(numbers[index].count - count)
      for place in 0..<count {
        numbers[index][place] = table.number(numbers[index][place], sequence[place + order])
      }
    }
    order += 1
    distinctCount = table.count
  }

  /// How often each n-gram of the current order occurs in a sequence, by number.
  func counts(of sequence: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: distinctCount)
    for number in numbers[sequence] { counts[Int(number)] += 1 }
    return counts
  }

  func total(of sequence: Int) -> Int { numbers[sequence].count }
}

/// Numbers for pairs, by open addressing; cleared without touching its memory.
private struct PairTable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private var stamps: [UInt32]
  private var stamp: UInt32 = 0
  private let mask: Int
  private(set) var count = 0

  /// - Parameter capacity: the most pairs between two clearings.
  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    mask = size - 1
    keys = [UInt64](repeating: 0, count: size)
    values = [UInt32](repeating: 0, count: size)
    stamps = [UInt32](repeating: 0, count: size)
  }

  mutating func clear() {
    stamp += 1
    count = 0
  }

  mutating func number(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let key = UInt64(left) << 32 | UInt64(right)
    // The finaliser of MurmurHash3 (Appleby): every bit of the key moves every bit of the place.
    var hash = (key ^ key >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    var place = Int(truncatingIfNeeded: hash ^ hash >> 33) & mask
    while stamps[place] == stamp {
      if keys[place] == key { return values[place] }
      place = (place + 1) & mask
    }
    (keys[place], values[place], stamps[place]) = (key, UInt32(count), stamp)
    count += 1
    return values[place]
  }
}
