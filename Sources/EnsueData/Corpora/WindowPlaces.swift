// Where the windows of documents stand.

import EnsueTensor

/// The places for windows in some documents, numbered from 0 on.
struct WindowPlaces: Sendable {
  /// Windows of an epoch.
  let windowCount: Int
  /// Where documents with at least one target begin.
  private let starts: [Int]
  /// The number of places before each of them, and at the end of all.
  private let placesBefore: [Int]
  /// The targets of each of them follow from where it ends.
  private let ends: [Int]
  private let length: Int
  private let isWithinDocuments: Bool

  /// - Parameter end: the number of ids.
  init(starts allStarts: [Int], end: Int, length: Int, order: WindowOrderKind, isWithinDocuments: Bool) {
    (self.length, self.isWithinDocuments) = (length, isWithinDocuments)
    var (starts, ends, placesBefore): ([Int], [Int], [Int]) = ([], [], [0])
    var windowCount = 0
    for (index, start) in allStarts.enumerated() {
      let documentEnd = index + 1 < allStarts.count ? allStarts[index + 1] : end
      let targetCount = documentEnd - start - 1
      if targetCount < 1 { continue }
      let pieces =
        isWithinDocuments ? (targetCount + length - 1) / length : max(1, (targetCount + 1 - length) / length)
      windowCount += pieces
      starts.append(start)
      ends.append(documentEnd)
      switch order {
      case .shuffled: placesBefore.append(windowCount)
      case .sampled: placesBefore.append(placesBefore[placesBefore.count - 1] + max(1, targetCount - length + 1))
      }
    }
    (self.starts, self.ends, self.placesBefore, self.windowCount) = (starts, ends, placesBefore, windowCount)
  }

  /// The inputs of a piece of the shuffled order.
  func piece(_ place: Int, key: RandomKey) -> Range<Int> {
    let document = document(ofPlace: place)
    let (start, last) = (starts[document], ends[document] - 1)
    let piece = place - placesBefore[document]
    let random = key.derived("starts").bits(at: document)
    if isWithinDocuments {
      // What the pieces could hold beyond the document.
      let room = (placesBefore[document + 1] - placesBefore[document]) * length - (last - start)
      let left = Int(random.multipliedFullWidth(by: UInt64(room + 1)).high)
      let begin = start - left + piece * length
      return max(start, begin)..<min(last, begin + length)
    }
    let spare = max(0, last - start - windowCount * length)
    let begin = start + Int(random.multipliedFullWidth(by: UInt64(min(length, spare + 1))).high) + piece * length
    return begin..<min(last, begin + length)
  }

  /// The inputs of a window of the sampled order.
  func start(random: UInt64) -> Range<Int> {
    let place = Int(random.multipliedFullWidth(by: UInt64(placesBefore[placesBefore.count - 1])).high)
    let document = document(ofPlace: place)
    let begin = starts[document] + place - placesBefore[document]
    return begin..<min(ends[document] - 1, begin + length)
  }

  /// The document with a place.
  private func document(ofPlace place: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if placesBefore[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }
}
