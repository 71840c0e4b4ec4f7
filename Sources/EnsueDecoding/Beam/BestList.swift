// The best of what is offered, in order.

/// Elements with the largest scores, best first; of equal ones those that were offered first.
struct BestList<Element> {
  let limit: Int
  private(set) var entries: [(score: Double, element: Element)] = []

  init(limit: Int) { self.limit = limit }

  /// The score that a new element must exceed, once the list is full.
  private var threshold: Double? { entries.count < limit ? nil : entries.last?.score ?? .infinity }

  mutating func offer(_ element: @autoclosure () -> Element, score: Double) {
    if let threshold, score <= threshold { return }
    // Most that enter a long list enter near its end.
    var place = entries.count
    while place > 0 && entries[place - 1].score < score { place -= 1 }
    entries.insert((score, element()), at: place)
    if entries.count > limit { entries.removeLast() }
  }
}
