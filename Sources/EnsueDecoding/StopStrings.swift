// Texts that end a text being written, found while its pieces arrive.

/// Passes a streamed text on until one of some strings appears in it, and holds back no more than what may still become
/// the beginning of one.
///
///     var stops = StopStrings(["\n\n", "KING:"])
///     print(stops.append(piece), terminator: "")    // until stops.isStopped
///     print(stops.finish(), terminator: "")
///
/// An automaton over bytes (Aho and Corasick 1975): the time is that of the text, however many strings there are. The
/// string that ends first stops the text; of several that end at the same byte, the longest.
public struct StopStrings: Sendable {
  /// Whether a stop string has appeared. What comes after is dropped.
  public private(set) var isStopped = false

  /// 256 for each state: the state after a byte.
  private var transitions: [Int32] = .init(repeating: 0, count: 256)
  /// How many of the last bytes may be the beginning of a stop string.
  private var depths = [0]
  /// The length of the longest stop string that ends in a state; 0 for none.
  private var matches = [0]
  private var state = 0
  private var held: [UInt8] = []

  /// - Parameter strings: empty ones are ignored.
  public init(_ strings: some Sequence<String>) {
    for string in strings where !string.utf8.isEmpty { insert(Array(string.utf8)) }
    link()
  }

  /// A trie: state 0 is the root, a transition to it means that there is none yet.
  private mutating func insert(_ bytes: [UInt8]) {
    var state = 0
    for byte in bytes {
      let place = state * 256 + Int(byte)
      if transitions[place] == 0 {
        transitions[place] = Int32(depths.count)
        depths.append(depths[state] + 1)
        matches.append(0)
        transitions += [Int32](repeating: 0, count: 256)
      }
      state = Int(transitions[place])
    }
    matches[state] = bytes.count
  }

  /// Breadth first: a state's missing transitions are those of the longest of its endings that is a beginning too.
  private mutating func link() {
    var ending = [Int](repeating: 0, count: depths.count)
    var queue = (0..<256).map { Int(transitions[$0]) }.filter { $0 != 0 }
    var next = 0
    while next < queue.count {
      let state = queue[next]
      next += 1
      matches[state] = max(matches[state], matches[ending[state]])
      for byte in 0..<256 {
        let (place, fallback) = (state * 256 + byte, Int(transitions[ending[state] * 256 + byte]))
        if transitions[place] == 0 {
          transitions[place] = Int32(fallback)
        } else {
          ending[Int(transitions[place])] = fallback
          queue.append(Int(transitions[place]))
        }
      }
    }
  }

  /// Takes the next piece of the text.
  /// - Returns: what can be passed on now: all that stands before a stop string, and nothing that may be part of one.
  public mutating func append(_ piece: String) -> String {
    if isStopped { return "" }
    for byte in piece.utf8 {
      held.append(byte)
      state = Int(transitions[state * 256 + Int(byte)])
      if matches[state] > 0 {
        isStopped = true
        return release(held.count - matches[state])
      }
    }
    // A stop string begins with a whole scalar, so what is passed on ends with one.
    return release(held.count - depths[state])
  }

  /// The end of the text.
  /// - Returns: what was held back and turned out to be no stop string.
  public mutating func finish() -> String { isStopped ? "" : release(held.count) }

  private mutating func release(_ count: Int) -> String {
    defer { held.removeFirst(count) }
    return String(decoding: held.prefix(count), as: UTF8.self)
  }
}
