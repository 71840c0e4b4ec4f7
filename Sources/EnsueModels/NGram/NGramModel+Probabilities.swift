// Probabilities from counts.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension NGramModel {
  /// The probability of a symbol after a context of any length.
  public func probability(of symbol: Int32, after context: [Int32]) -> Double {
    precondition(symbol >= 0 && symbol < vocabularySize, "symbol \(symbol) of \(vocabularySize)")
    let nodes = contexts(of: context)
    switch configuration.smoothing {
    case .addK:
      guard let row = nodes.last ?? nil else { return 1 / Double(vocabularySize) }
      let count = child(symbol, depth: nodes.count - 1, of: row).map { tree.levels[nodes.count - 1].counts[$0] } ?? 0
      return (Double(count) + configuration.pseudocount) / denominator(nodes.count - 1, row)
    case .kneserNey, .modifiedKneserNey:
      var probability = 1 / Double(vocabularySize)
      for (depth, node) in nodes.enumerated() {
        guard let node else { break }
        probability *= backOffs[depth][node]
        if let child = child(symbol, depth: depth, of: node) { probability += share(depth, node, child) }
      }
      return probability
    }
  }

  /// The probabilities of all symbols after a context of any length.
  public func probabilities(after context: [Int32]) -> [Double] {
    let nodes = contexts(of: context)
    var result = [Double](repeating: 1 / Double(vocabularySize), count: vocabularySize)
    switch configuration.smoothing {
    case .addK:
      guard let row = nodes.last ?? nil else { return result }
      let denominator = denominator(nodes.count - 1, row)
      for symbol in result.indices { result[symbol] = configuration.pseudocount / denominator }
      for child in children(nodes.count - 1, row) {
        result[word(nodes.count - 1, child)] += Double(tree.levels[nodes.count - 1].counts[child]) / denominator
      }
    case .kneserNey, .modifiedKneserNey:
      for (depth, node) in nodes.enumerated() {
        guard let node else { break }
        let backOff = backOffs[depth][node]
        for symbol in result.indices { result[symbol] *= backOff }
        for child in children(depth, node) { result[word(depth, child)] += share(depth, node, child) }
      }
    }
    return result
  }

  /// The mean of −log p over some symbols, each after those before it.
  /// - Parameters:
  ///   - ids: one symbol that is scored at least.
  ///   - context: what stands before them.
  ///   - unscored: a symbol that is read but not scored, such as the unknown one.
  public func meanNegativeLogLikelihood(
    of ids: [Int32], after context: [Int32] = [], unscored: Int32? = nil
  ) -> Double {
    let text = context.suffix(order - 1) + ids
    let start = text.endIndex - ids.count
    var (sum, count) = (0.0, 0)
    for place in start..<text.endIndex where text[place] != unscored {
      sum -= log(probability(of: text[place], after: Array(text[max(text.startIndex, place - order + 1)..<place])))
      count += 1
    }
    precondition(count > 0, "a mean over no symbols")
    return sum / Double(count)
  }

  /// What of a context counts: the last symbols, not beyond the end of a sentence.
  func reach(of context: ArraySlice<Int32>) -> ArraySlice<Int32> {
    let last = context.suffix(order - 1)
    guard let end = configuration.sentenceEnd, let place = last.lastIndex(of: end) else { return last }
    return last[place...]
  }

  /// The empty context, and those of one symbol, two and so on, as places in their levels; nil for one that nothing was
  /// seen after.
  private func contexts(of context: [Int32]) -> [Int?] {
    let symbols = reach(of: context[...])
    precondition(symbols.allSatisfy { $0 >= 0 && $0 < vocabularySize }, "a symbol outside 0 ..< \(vocabularySize)")
    return (0...symbols.count).map { length in
      guard let node = length == 0 ? 0 : tree.find(symbols.suffix(length)), totals[length][node] > 0 else { return nil }
      return node
    }
  }

  /// The n-grams of depth + 1 symbols that begin with a context.
  private func children(_ depth: Int, _ node: Int) -> Range<Int> {
    depth == 0 ? 0..<vocabularySize : tree.levels[depth - 1].children(of: node)
  }

  private func child(_ symbol: Int32, depth: Int, of node: Int) -> Int? {
    depth == 0 ? Int(symbol) : tree.levels[depth].find(UInt32(symbol), in: children(depth, node))
  }

  /// The last symbol of an n-gram of depth + 1 symbols.
  private func word(_ depth: Int, _ child: Int) -> Int { depth == 0 ? child : Int(tree.levels[depth].words[child]) }

  /// (a(hw) − D(a(hw))) / a(h•).
  private func share(_ depth: Int, _ node: Int, _ child: Int) -> Double {
    let count = tree.levels[depth].counts[child]
    return (Double(count) - discounts[depth][count]) / totals[depth][node]
  }

  /// c(h•) + k V.
  private func denominator(_ depth: Int, _ node: Int) -> Double {
    totals[depth][node] + configuration.pseudocount * Double(vocabularySize)
  }
}
