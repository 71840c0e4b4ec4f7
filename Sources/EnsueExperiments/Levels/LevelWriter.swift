// Levels to symbols and back, and levels that a model writes.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The symbols of levels: the tiles and the line end. A line end at the beginning of a line ends the level; another
/// stands before its first tile, so that a text of many levels is their sequences one after another.
enum LevelSymbols {
  static let alphabet = CharacterAlphabet((TextTaskKind.levels.characters + "\n").unicodeScalars)
  static let lineEnd = alphabet.id(of: 0x0A)

  /// A level with the line end before it and the empty line after it.
  static func sequence(_ level: String) -> [Int32] { alphabet.encode("\n" + level + TextTaskKind.levels.ending) }

  /// The text of symbols.
  static func text(_ ids: [Int32]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: ids.compactMap { alphabet.scalar(of: $0) })
    return String(text)
  }
}

/// Draws levels from a model, many at a time.
struct LevelWriter {
  let model: RecurrentLanguageModel

  /// The symbols of a level that is longer than any may be, in whole columns.
  private static let limit = (LevelMap.rowCount + 1) * (LevelRules.lengths.upperBound + 2)

  /// Levels as the model writes them, without their endings; what goes on beyond the longest level there may be is cut.
  /// - Parameter key: level i is a function of the model, this key and i.
  func levels(_ count: Int, key: RandomKey) -> [String] {
    let model = model.prepared()
    let keys = (0..<count).map { key.derived($0) }
    var written = [[Int32]](repeating: [], count: count)
    // Those that go on, in the order of the states: all are equally long, so that packing leaves them in order.
    var running = Array(0..<count)
    var states: [[RecurrentState]]?
    var last = [Int32](repeating: LevelSymbols.lineEnd, count: count)
    for step in 0..<LevelWriter.limit where !running.isEmpty {
      let output = model(PackedTokens(last.map { [$0] }), from: states)
      states = output.states
      let (logits, width) = (output.logits.doubles, output.logits.shape[1])
      last = running.indices.map { row in
        LevelWriter.drawn(logits[row * width..<(row + 1) * width], keys[running[row]].bits(at: step))
      }
      var stays: [Int32] = []
      for (row, level) in running.enumerated() {
        let ends =
          last[row] == LevelSymbols.lineEnd && (written[level].last ?? LevelSymbols.lineEnd) == LevelSymbols.lineEnd
        written[level].append(last[row])
        if !ends { stays.append(Int32(row)) }
      }
      guard stays.count < running.count else { continue }
      running = stays.map { running[Int($0)] }
      last = stays.map { last[Int($0)] }
      states = running.isEmpty ? nil : states?.map { $0.map { RecurrentState($0.tensors.map { $0.gathered(stays) }) } }
    }
    let ending = [LevelSymbols.lineEnd, LevelSymbols.lineEnd]
    return written.map { level in
      // Of a level that was cut the end of its last column alone is left out.
      let hasEnded = level.count == 1 || Array(level.suffix(2)) == ending
      let extra = hasEnded ? 2 : level.last == LevelSymbols.lineEnd ? 1 : 0
      return LevelSymbols.text(Array(level.dropLast(extra)))
    }
  }

  /// p(id) ∝ exp(logit), the unknown symbol left out.
  private static func drawn(_ logits: ArraySlice<Double>, _ bits: UInt64) -> Int32 {
    let known = logits.dropFirst()
    let largest = known.max() ?? 0
    let weights = known.map { exp($0 - largest) }
    var rest = Double(bits >> 11) * 0x1p-53 * weights.reduce(0, +)
    let index = weights.firstIndex { weight in
      rest -= weight
      return rest < 0
    }
    return Int32((index ?? weights.count - 1) + 1)
  }
}
