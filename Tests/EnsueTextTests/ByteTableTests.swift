import EnsueText
import Testing

@Suite struct ByteTableTests {
  @Test func agreesWithADictionary() {
    var random = SeededGenerator(seed: 3)
    var table = ByteTable()
    var expected: [[UInt8]: Int] = [:]
    var order: [[UInt8]] = []
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...20, using: &random)
      let word = (0..<count).map { _ in UInt8.random(in: 0...3, using: &random) }
      let (index, isNew) = table.insert(word)
      guard isNew == (expected[word] == nil) else {
        Issue.record("\(word)")
        return
      }
      if isNew {
        expected[word] = index
        order.append(word)
      }
      guard index == expected[word] else {
        Issue.record("\(word)")
        return
      }
    }
    #expect(table.count == order.count)
    for (index, word) in order.enumerated() {
      guard table[index] == word, table.find(word) == index else {
        Issue.record("\(word)")
        return
      }
    }
    #expect(table.find([9]) == nil)
  }

  @Test func comparesBytes() {
    var table = ByteTable()
    #expect(table.insert(Array("\u{E9}".utf8)).isNew)
    #expect(table.insert(Array("e\u{301}".utf8)).isNew)
    #expect(table.insert([]).isNew)
    #expect(table.insert([0]).isNew)
    #expect(table.insert([0, 0]).isNew)
    #expect(!table.insert([0]).isNew)
    #expect(table.count == 5)
  }

  @Test func equalityIsOfContentNotOfCapacity() {
    var small = ByteTable()
    var large = ByteTable(capacity: 10_000)
    for word in ["b", "a", "c"] {
      small.insert(Array(word.utf8))
      large.insert(Array(word.utf8))
    }
    #expect(small == large)
    large.insert([1])
    #expect(small != large)
  }

  @Test func partsThatDoNotBelongTogetherAreRefused() {
    var table = ByteTable()
    for word in ["b", "aa", "c"] { table.insert(Array(word.utf8)) }
    let (bytes, offsets, slots) = (table.bytes, table.offsets, table.slots)
    #expect(ByteTable(bytes: bytes, offsets: offsets, slots: slots) == table)
    #expect(ByteTable(bytes: bytes, offsets: [], slots: slots) == nil)
    #expect(ByteTable(bytes: bytes, offsets: [0, 2, 1, 4], slots: slots) == nil)
    #expect(ByteTable(bytes: bytes, offsets: [0, 1, 3, 5], slots: slots) == nil)
    #expect(ByteTable(bytes: bytes, offsets: [1, 1, 3, 4], slots: slots) == nil)
    #expect(ByteTable(bytes: bytes, offsets: offsets, slots: Array(slots.dropLast())) == nil)
    #expect(ByteTable(bytes: bytes, offsets: offsets, slots: []) == nil)
    #expect(ByteTable(bytes: bytes, offsets: offsets, slots: slots.map { _ in 0 }) == nil)
    #expect(ByteTable(bytes: bytes, offsets: offsets, slots: slots.map { $0 == 0 ? 0 : $0 + 3 }) == nil)
    #expect(ByteTable(bytes: bytes, offsets: offsets, slots: slots.map { _ in 1 }) == nil)
  }

  /// Saved tables hold slots: the hash may not change without a new cache version.
  @Test func slotsAreTheSameOnEveryMachine() {
    var table = ByteTable()
    for word in ["", "a", "the", "12345678", "a longer word than sixteen bytes"] { table.insert(Array(word.utf8)) }
    let places = table.slots.enumerated().filter { $0.element != 0 }.map { "\($0.offset):\($0.element)" }
    #expect(places == ByteTableTests.expectedPlaces)
  }

  static let expectedPlaces = [
    "0:458931205631377412", "1:10454178139104870401", "6:2193063859579781125", "9:3973719174076694531",
    "10:7787099419333099522",
  ]
}
