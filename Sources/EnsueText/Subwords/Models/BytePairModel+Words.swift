// Words to tokens by byte pairs.

extension BytePairModel {
  /// Longer words go through a heap; shorter ones are faster without.
  private static let scanLimit = 48
  private static let none = UInt32.max

  /// Appends the ids of a word, which is not empty.
  func append(_ word: Span<UInt8>, to ids: inout [Int32], with workspace: inout SubwordWorkspace) {
    if ignoresMerges, let id = tokens.id(of: word) {
      ids.append(id)
      return
    }
    workspace.symbols.removeAll(keepingCapacity: true)
    appendSymbols(word, to: &workspace.symbols)
    if workspace.symbols.count > BytePairModel.scanLimit {
      mergeLong(&workspace, &ids)
    } else {
      mergeShort(&workspace)
      ids += workspace.symbols
    }
  }

  /// The characters of a word as tokens.
  private func appendSymbols(_ word: Span<UInt8>, to symbols: inout [Int32]) {
    var position = 0
    var unknown: Int32?
    while position < word.count {
      let start = position
      let scalar = word.takeScalar(&position)
      let isDecorated = start > 0 && continuingPrefix != nil || position == word.count && endOfWordSuffix != nil
      if !isDecorated, scalar < 0x800, characterIDs[Int(scalar)] >= 0 {
        if let pending = unknown { symbols.append(pending) }
        unknown = nil
        symbols.append(characterIDs[Int(scalar)])
      } else {
        appendRare(word, start..<position, isDecorated: isDecorated, to: &symbols, &unknown)
      }
    }
    if let unknown { symbols.append(unknown) }
  }

  private func appendRare(
    _ word: Span<UInt8>, _ range: Range<Int>, isDecorated: Bool, to symbols: inout [Int32], _ unknown: inout Int32?
  ) {
    var character: [UInt8] = []
    if isDecorated, range.lowerBound > 0 { character += Array((continuingPrefix ?? "").utf8) }
    character.append(word, range)
    if isDecorated, range.upperBound == word.count { character += Array((endOfWordSuffix ?? "").utf8) }
    if let id = tokens.id(of: character) {
      if let pending = unknown { symbols.append(pending) }
      unknown = nil
      symbols.append(id)
      return
    }
    if fallsBackToBytes, character.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
      for byte in character { symbols.append(byteIDs[Int(byte)]) }
      return
    }
    guard let unknownID else { return }
    if let pending = unknown, !fusesUnknown { symbols.append(pending) }
    unknown = unknownID
  }

  /// Looks for the best merge again after each: quadratic, but without any bookkeeping.
  private func mergeShort(_ workspace: inout SubwordWorkspace) {
    var count = workspace.symbols.count
    guard count > 1 else { return }
    workspace.ranks.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 {
      workspace.ranks.append(rank(workspace.symbols[index], workspace.symbols[index + 1]))
    }
    while count > 1 {
      var (best, place) = (BytePairModel.none, 0)
      for index in 0..<count - 1 where workspace.ranks[index] < best {
        (best, place) = (workspace.ranks[index], index)
      }
      guard best != BytePairModel.none,
        let merge = merges.find(workspace.symbols[place], workspace.symbols[place + 1])
      else { break }
      workspace.symbols[place] = merge.result
      workspace.symbols.remove(at: place + 1)
      workspace.ranks.remove(at: place)
      count -= 1
      if place > 0 {
        workspace.ranks[place - 1] = rank(workspace.symbols[place - 1], workspace.symbols[place])
      }
      if place < count - 1 {
        workspace.ranks[place] = rank(workspace.symbols[place], workspace.symbols[place + 1])
      }
    }
  }

  @inline(__always)
  private func rank(_ left: Int32, _ right: Int32) -> UInt32 { merges.find(left, right)?.rank ?? BytePairModel.none }

  /// Merges in the order of a heap; entries whose pair is no more are skipped.
  private func mergeLong(_ workspace: inout SubwordWorkspace, _ ids: inout [Int32]) {
    let count = workspace.symbols.count
    workspace.heap.removeAll()
    workspace.previous = (0..<Int32(count)).map { $0 - 1 }
    workspace.next = (1...Int32(count)).map { $0 < count ? $0 : -1 }
    for index in 0..<count - 1 { push(index, index + 1, &workspace) }
    while let (rank, place) = workspace.heap.removeFirst() {
      let right = Int(workspace.next[place])
      guard workspace.symbols[place] >= 0, right >= 0,
        let merge = merges.find(workspace.symbols[place], workspace.symbols[right]), merge.rank == rank
      else { continue }
      workspace.symbols[place] = merge.result
      workspace.symbols[right] = -1
      let after = Int(workspace.next[right])
      workspace.next[place] = Int32(after)
      if after >= 0 {
        workspace.previous[after] = Int32(place)
        push(place, after, &workspace)
      }
      let before = Int(workspace.previous[place])
      if before >= 0 { push(before, place, &workspace) }
    }
    for symbol in workspace.symbols where symbol >= 0 { ids.append(symbol) }
  }

  private func push(_ left: Int, _ right: Int, _ workspace: inout SubwordWorkspace) {
    guard let merge = merges.find(workspace.symbols[left], workspace.symbols[right]) else { return }
    workspace.heap.insert(rank: merge.rank, place: left)
  }
}
